/** Temporary or long-lived keys, as the SDK takes them. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** Who makes a call. `key` is the same for the same rights in the same account. */
export interface Identity {
  kind: 'self' | 'hub' | 'reader' | 'fixer' | 'exporter';
  key: string;
  /** Fresh credentials; cached, and shared between callers that ask at once. */
  credentials: () => Promise<Credentials>;
}

/** One call that was made, for the record: what, where, by whom, what came of it. */
export interface CallRecord {
  operation: string;
  account: string;
  region: string;
  identity: Identity['kind'];
  requestId: string;
  attempts: number;
  durationMs: number;
  /** The error's code; absent when it worked. */
  error?: string;
  at: Date;
}
