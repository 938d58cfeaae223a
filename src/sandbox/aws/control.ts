/** The control interface beside the AWS endpoints: `GET|POST /_control/knobs`, `GET /_control/calls`. */
import type { Estate, HttpResponse, Knobs } from './types.ts';

export const CONTROL_PREFIX = '/_control/';

/** POST merges the members it is given into the knobs and answers with all of them. */
export function control(estate: Estate, method: string, path: string, body: string): HttpResponse {
  switch (`${method} ${path}`) {
    case `GET ${CONTROL_PREFIX}knobs`:
      return json(200, estate.knobs);
    case `POST ${CONTROL_PREFIX}knobs`: {
      const problem = turn(estate.knobs, body);
      return problem === undefined ? json(200, estate.knobs) : json(400, { error: problem });
    }
    case `GET ${CONTROL_PREFIX}calls`:
      return json(200, estate.calls);
    default:
      return json(404, { error: `nothing at ${method} ${path}; there is knobs (GET, POST) and calls (GET)` });
  }
}

function turn(knobs: Knobs, body: string): string | undefined {
  let wanted: unknown;
  try {
    wanted = JSON.parse(body);
  } catch (error) {
    return `the body is not JSON: ${String(error)}`;
  }
  if (typeof wanted !== 'object' || wanted === null) return 'the body is not a JSON object';
  for (const [name, value] of Object.entries(wanted)) {
    if (name === 'latencyMs' && typeof value === 'number') knobs.latencyMs = value;
    else if (name === 'throttling' && typeof value === 'boolean') knobs.throttling = value;
    else if (name === 'denied' && Array.isArray(value)) knobs.denied = value;
    else if (name === 'faults' && Array.isArray(value)) knobs.faults = value;
    else return `${name} is no knob, or its value has the wrong type`;
  }
  return undefined;
}

function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
