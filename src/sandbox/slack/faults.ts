import { PersonError } from './errors.ts';
import { type Dict, optionalText } from './json.ts';

const KINDS = ['drop-sockets', 'delay', 'rate-limit', 'http-500', 'resend', 'no-ack-wait', 'refuse'] as const;
export type FaultKind = (typeof KINDS)[number];

/**
 * What shall go wrong `count` more times; `method` limits it to one Web API method (`response_url` counts as one). `refuse`
 * answers with the error code in `reason`, such as `is_archived`.
 */
export type Fault = {
  kind: FaultKind;
  method?: string;
  count: number;
  ms: number;
  retryAfter: number;
  reason?: string;
};

export function parseFault(body: Dict): Fault {
  const kind = KINDS.find((known) => known === body.kind);
  if (!kind) throw new PersonError('invalid_fault', `"kind" must be one of: ${KINDS.join(', ')}.`);
  const method = optionalText(body.method);
  const reason = optionalText(body.reason);
  return {
    kind,
    count: natural(body.count, 1),
    ms: natural(body.ms, 1000),
    retryAfter: natural(body.retryAfter, 1),
    ...(method === undefined ? {} : { method }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Takes one waiting fault of this kind, if there is one that means this method. */
export function takeFault(faults: Fault[], kind: FaultKind, method?: string): Fault | undefined {
  const fault = faults.find(
    (candidate) => candidate.kind === kind && (candidate.method === undefined || candidate.method === method),
  );
  if (!fault) return undefined;
  fault.count -= 1;
  if (fault.count <= 0) faults.splice(faults.indexOf(fault), 1);
  return fault;
}

function natural(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : otherwise;
}
