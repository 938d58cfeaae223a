import type { Answer, State } from './types.ts';

/** Fetches what a person sees. `user` is an id or a role. */
export async function fetchState(user: string): Promise<State> {
  const response = await fetch(`/_page/state?user=${encodeURIComponent(user)}`);
  const state: State | { ok: false; message: string } = await response.json();
  if ('ok' in state) throw new Error(state.message);
  return state;
}

/** Sends what a person does. A failure comes back as an answer, with the words to show. */
export async function send(what: string, body: Readonly<Record<string, unknown>>): Promise<Answer> {
  try {
    const response = await fetch(`/_page/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: Answer = await response.json();
    return answer;
  } catch (error) {
    const message = `The workspace does not answer (${String(error)}). Is it still running?`;
    return { ok: false, error: 'unreachable', message };
  }
}

/** Calls `changed` whenever the server says that something changed, and after every reconnect. */
export function listen(changed: () => void, connected: (up: boolean) => void): void {
  const stream = new EventSource('/_page/stream');
  stream.addEventListener('message', changed);
  stream.addEventListener('open', () => connected(true));
  stream.addEventListener('error', () => connected(false));
}
