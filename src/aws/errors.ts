import { TrailCheckError } from '../ops/error.ts';

/** The account could not be entered: its role was not assumed. */
export class CannotEnter extends TrailCheckError {
  override readonly name = 'CannotEnter';
  readonly account: string;
  /** ARN of the role, or `none` where none is configured. */
  readonly role: string;
  /** One sentence. */
  readonly reason: string;

  constructor(details: { account: string; role: string; reason: string; next: string; cause?: unknown }) {
    super(`Account ${details.account} cannot be entered: ${details.reason}`, {
      what: `AssumeRole on ${details.role}`,
      next: details.next,
      cause: details.cause,
    });
    this.account = details.account;
    this.role = details.role;
    this.reason = details.reason;
  }
}

/** A reader was asked for something that is not a read; nothing was sent. */
export class ReadOnlyViolation extends TrailCheckError {
  override readonly name = 'ReadOnlyViolation';

  constructor(operation: string, account: string) {
    super(`${operation} is not on the list of reads`, {
      what: `${operation} in account ${account} by the reader`,
      next: 'Changes run through an approved fix only.',
    });
  }
}

/** A fixer was asked for something outside its approved plan; nothing was sent. */
export class FenceViolation extends TrailCheckError {
  override readonly name = 'FenceViolation';

  constructor(operation: string, account: string, sessionName: string) {
    super(`${operation} is not part of the approved plan`, {
      what: `${operation} in account ${account} by session ${sessionName}`,
      next: 'Make a new plan and have it approved.',
    });
  }
}
