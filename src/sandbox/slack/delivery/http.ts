import { createHmac } from 'node:crypto';
import { type Dict, isDict, parseJson } from '../json.ts';
import { ACK_TIMEOUT_MS, type Envelope, type Outcome, type Transport } from './types.ts';

export type HttpTransport = Transport & {
  /** Asks the app's address to return a challenge, as Slack does when the address is entered. */
  verifyUrl: () => Promise<boolean>;
};

/** Posts to the app's own address, signed with the app's secret. */
export function createHttpTransport(url: string, signingSecret: string, now: () => number): HttpTransport {
  async function post(type: string, body: string, extra: Record<string, string>): Promise<Outcome> {
    const sentAt = performance.now();
    const ms = () => performance.now() - sentAt;
    try {
      const headers = { 'content-type': type, ...signed(signingSecret, now(), body), ...extra };
      const signal = AbortSignal.timeout(ACK_TIMEOUT_MS);
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      const answer = await response.text();
      if (!response.ok) return { acked: false, reason: `http_${response.status}`, ms: ms() };
      return { acked: true, body: parseJson(answer) ?? answer, ms: ms() };
    } catch (error) {
      const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
      return { acked: false, reason: timedOut ? 'timeout' : 'not_connected', ms: ms() };
    }
  }

  return {
    send: ({ kind, payload, retry }: Envelope) => {
      if (kind !== 'events_api') return post('application/x-www-form-urlencoded', formOf(kind, payload), {});
      const retried = retry
        ? { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason }
        : undefined;
      return post('application/json', JSON.stringify(payload), retried ?? {});
    },
    verifyUrl: async () => {
      const challenge = 'simulated-challenge';
      const body = JSON.stringify({ type: 'url_verification', token: '', challenge });
      const outcome = await post('application/json', body, {});
      return outcome.acked && isDict(outcome.body) && outcome.body.challenge === challenge;
    },
    dropSockets: () => 0,
    close: () => Promise.resolve(),
  };
}

/** The headers by which an app knows that a request is Slack's. `at` is in milliseconds. */
export function signed(secret: string, at: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` };
}

function formOf(kind: Envelope['kind'], payload: Dict): string {
  if (kind === 'interactive') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(payload)) form.set(name, String(value));
  return form.toString();
}
