import { createHash } from 'node:crypto';
import { classify } from './classify.ts';
import { CannotEnter } from './errors.ts';
import type { CallRecord, Credentials, Identity } from './identity.ts';
import type { InputOf, OutputOf } from './operations/table.ts';
import { findOperation } from './operations/table.ts';
import type { Perform } from './perform.ts';

/** The SDK takes keys with less than five minutes left for expired; be a little earlier than that. */
const MARGIN_MS = 310_000;

export interface Assumption {
  kind: Identity['kind'];
  /** Who assumes. */
  base: Identity;
  account: string;
  input: InputOf<'sts:AssumeRole'> & { RoleArn: string };
  onCall?: ((call: CallRecord) => void) | undefined;
}

export interface Roles {
  /** The identity behind a role. Equal assumptions share one; nothing is asked of STS before its first use. */
  assume(assumption: Assumption): Identity;
  /** Forgets roles that could not be assumed, so that a new run tries again. */
  forgetFailures(): void;
}

interface Held {
  credentials: Promise<Credentials>;
  /** Milliseconds since 1970; undefined while STS is being asked. */
  until: number | undefined;
  failed: boolean;
}

/** Role sessions, each asked for once however many callers wait, and again shortly before it ends. */
export function createRoles({ perform, now, region }: { perform: Perform; now: () => Date; region: string }): Roles {
  const held = new Map<string, Held>();

  function renew(key: string, assumption: Assumption): Held {
    const entry: Held = { credentials: askSts(assumption), until: undefined, failed: false };
    held.set(key, entry);
    entry.credentials.then(
      ({ expiration }) => {
        entry.until = (expiration?.getTime() ?? Number.POSITIVE_INFINITY) - MARGIN_MS;
      },
      (error: unknown) => {
        entry.failed = true;
        if (!lasting(error)) held.delete(key);
      },
    );
    return entry;
  }

  async function askSts({ base, account, input, onCall }: Assumption): Promise<Credentials> {
    const entry = findOperation('sts:AssumeRole');
    if (entry === undefined) throw new TypeError('sts:AssumeRole is not in the table of operations');
    try {
      const output: OutputOf<'sts:AssumeRole'> = {
        $metadata: {},
        ...(await perform({ entry, account, region, input, identity: base, onCall })),
      };
      return credentialsOf(output);
    } catch (error) {
      if (error instanceof CannotEnter) throw error;
      throw cannotEnter(account, input.RoleArn, error);
    }
  }

  return {
    assume(assumption) {
      const { kind, base, input } = assumption;
      const key = createHash('sha256')
        .update(JSON.stringify([base.key, input]))
        .digest('hex');
      const credentials = () => {
        const entry = held.get(key);
        const usable = entry && (entry.failed || entry.until === undefined || entry.until > now().getTime());
        return (usable ? entry : renew(key, assumption)).credentials;
      };
      return { kind, key, credentials };
    },
    forgetFailures() {
      for (const [key, { failed }] of held) if (failed) held.delete(key);
    },
  };
}

function credentialsOf({ Credentials: given }: OutputOf<'sts:AssumeRole'>): Credentials {
  if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken || !given.Expiration) {
    throw new TypeError('AssumeRole answered without credentials');
  }
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
    expiration: given.Expiration,
  };
}

/** Refusals stay what they are within a run; a lost connection or throttling is tried again by the next caller. */
function lasting(error: unknown): boolean {
  const { kind } = classify(error instanceof CannotEnter ? error.cause : error);
  return kind === 'denied' || kind === 'error';
}

function cannotEnter(account: string, role: string, cause: unknown): CannotEnter {
  const failure = classify(cause, 'sts:AssumeRole');
  const message = cause instanceof Error ? cause.message : String(cause);
  if (failure.kind === 'denied') {
    return new CannotEnter({
      account,
      role,
      reason: failure.scp
        ? 'a service control policy denies AssumeRole'
        : 'its role does not exist or does not trust us',
      next: `Check that ${role} exists, that its trust policy names the identity trail-check runs as, and that the external id is the configured one.`,
      cause,
    });
  }
  return new CannotEnter({
    account,
    role,
    reason: message,
    next: 'Try again, and look at the role and its trust in that account.',
    cause,
  });
}
