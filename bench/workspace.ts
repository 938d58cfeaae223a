import { z } from 'zod';

const message = z.object({
  ts: z.string(),
  text: z.string(),
  user: z.string().nullish(),
  thread_ts: z.string().nullish(),
  ephemeral_to: z.string().nullish(),
  blocks: z.array(z.unknown()).nullish(),
});
const ack = z.object({ at: z.number(), kind: z.string(), type: z.string(), ms: z.number(), acked: z.boolean() });
const call = z.object({ at: z.iso.datetime() });

export type Message = z.infer<typeof message>;
export type Ack = z.infer<typeof ack>;

/** People in the simulated workspace, through its control API. */
export interface Workspace {
  /** Resolves when the app has acknowledged. */
  act(action: 'command' | 'click' | 'close' | 'home' | 'submit', body: object): Promise<void>;
  messages(channel: string): Promise<Message[]>;
  /** What the app acknowledged so far, and how fast. */
  acks(): Promise<Ack[]>;
}

export function workspaceAt(url: string): Workspace {
  const get = (path: string) => json(`${url}/_control/${path}`);
  return {
    async act(action, body) {
      await json(`${url}/_control/${action}`, { method: 'POST', body: JSON.stringify(body) });
    },
    messages: async (channel) => z.array(message).parse(await get(`messages?channel=${channel}`)),
    acks: async () => z.array(ack).parse(await get('acks')),
  };
}

/** When the simulated AWS was called, in milliseconds since 1970, in order. */
export async function callTimes(endpoint: string): Promise<number[]> {
  const calls = z.array(call).parse(await json(`${endpoint}/_control/calls`));
  return calls.map(({ at }) => Date.parse(at));
}

async function json(url: string, init?: RequestInit): Promise<unknown> {
  const answer = await fetch(url, init);
  return answer.json();
}
