import type { Dict } from '../json.ts';

/** One thing that Slack tells the app. */
export type Envelope = {
  kind: 'slash_commands' | 'interactive' | 'events_api';
  payload: Dict;
  retry?: { attempt: number; reason: string };
};

/** What became of it; `ms` is the time from sending to the acknowledgement. `body` is the answer, `{}` or '' if empty. */
export type Outcome =
  | { acked: true; body: unknown; ms: number }
  | { acked: false; reason: 'timeout' | 'not_connected' | 'connection_lost' | `http_${number}`; ms: number };

export type Transport = {
  /** Never rejects: a failure is an outcome. */
  send: (envelope: Envelope) => Promise<Outcome>;
  /** Cuts Socket Mode connections, with a disconnect frame if a reason is given; gives how many. */
  dropSockets: (count: number | undefined, reason: string | undefined) => number;
  close: () => Promise<void>;
};

export type AckRecord = {
  /** Milliseconds since 1970, of the workspace's clock. */
  at: number;
  kind: Envelope['kind'];
  /** The command, the interaction's type or the event's type. */
  type: string;
  ms: number;
  acked: boolean;
  reason?: string;
};

/** Slack gives an app three seconds, whatever the transport. */
export const ACK_TIMEOUT_MS = 3000;
