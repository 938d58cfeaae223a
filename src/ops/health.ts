import type { IncomingMessage, ServerResponse } from 'node:http';
import { redact } from './redact.ts';

/** Resolves when the part works; throws saying why it does not. */
export type Probe = () => Promise<void> | void;

export interface Health {
  /** Adds a probe of readiness: may this process be given work? */
  add(name: string, probe: Probe): void;
  /** Asks all probes. `ok` is false if one fails or does not answer in time. */
  check(): Promise<{ ok: boolean; probes: Record<string, string> }>;
  /**
   * Answers GET /healthz (200 while the process turns) and GET /readyz (200 or 503 with each probe's state).
   * Returns false, having done nothing, for any other path.
   */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
}

/** A registry of named probes and the HTTP handler that shows them. */
export function createHealth({ timeoutMs = 2_000 }: { timeoutMs?: number } = {}): Health {
  const probes = new Map<string, Probe>();

  async function check() {
    const states = await Promise.all([...probes].map(async ([name, probe]) => [name, await ask(probe)] as const));
    return { ok: states.every(([, state]) => state === 'ok'), probes: Object.fromEntries(states) };
  }

  async function ask(probe: Probe): Promise<string> {
    const { promise: late, resolve } = Promise.withResolvers<string>();
    const timer = setTimeout(() => resolve(`no answer within ${timeoutMs} ms`), timeoutMs);
    try {
      return await Promise.race([Promise.resolve(probe()).then(() => 'ok'), late]);
    } catch (error) {
      return redact(error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    add: (name, probe) => void probes.set(name, probe),
    check,
    handle(request, response) {
      const path = request.url?.split('?')[0];
      if (path === '/healthz') send(response, 200, { ok: true });
      else if (path === '/readyz') void check().then((state) => send(response, state.ok ? 200 : 503, state));
      else return false;
      return true;
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
