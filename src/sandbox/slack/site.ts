import type { AckRecord, Envelope, Transport } from './delivery/types.ts';
import type { Fault } from './faults.ts';
import type { Workspace } from './types.ts';

/** One running simulator: the workspace, the way to the app, and what shall go wrong. */
export type Site = {
  workspace: Workspace;
  transport: Transport;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  botToken: string;
  appToken: string;
  /** The old verification token that payloads still carry. */
  verificationToken: string;
  faults: Fault[];
  acks: AckRecord[];
  /** What a resend repeats. */
  lastInteraction: Envelope | undefined;
  retries: Set<NodeJS.Timeout>;
  /** A one-time address for a Socket Mode connection. */
  issueSocketUrl: () => string;
};
