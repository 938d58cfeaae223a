import { randomBytes } from 'node:crypto';

export interface ErrorDetails {
  /** What was tried, on what: "AssumeRole on arn:aws:iam::111111111111:role/x". */
  what?: string;
  /** What the reader should do next. */
  next?: string;
  cause?: unknown;
}

/** The base of every error of ours: what happened, on what, what to do next, and a short id that a person can quote. */
export class TrailCheckError extends Error {
  override readonly name: string = 'TrailCheckError';
  readonly id: string;
  readonly what: string | undefined;
  readonly next: string | undefined;

  constructor(message: string, { what, next, cause }: ErrorDetails = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.id = errorId();
    this.what = what;
    this.next = next;
  }
}

/** A new short id that ties what a person is told to what the log says. */
export function errorId(): string {
  return randomBytes(4).toString('hex');
}

/** One paragraph for people: the message, what it was about, what to do. */
export function describeError(error: unknown): string {
  if (!(error instanceof TrailCheckError)) return error instanceof Error ? error.message : String(error);
  const subject = error.what === undefined ? error.message : `${error.message} (${error.what})`;
  return error.next === undefined ? subject : `${subject}. ${error.next}`;
}
