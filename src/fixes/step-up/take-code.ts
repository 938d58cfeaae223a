import { readStepUpKey } from '../../config/step-up-key.ts';
import { countFailure, lockEnrolment, takeStep } from '../../store/enrolments.ts';
import type { Tx } from '../../store/store.ts';
import type { FixesContext } from '../context.ts';
import { stepOfCode } from './codes.ts';
import { tellStepUp } from './notices.ts';
import { unseal } from './secrets.ts';

const MOST_FAILURES = 5;
const LOCK_MS = 15 * 60_000;

/** Said where codes are asked for and the installation cannot check any. */
export const NO_KEY =
  'One-time codes are asked for here, but this installation has no key for them. Ask whoever runs it to set TRAIL_CHECK_STEP_UP_KEY.';
export const NOT_ENROLLED = 'You have no one-time codes yet. Set them up first: enrol, after the slash command.';

export type Taken = { ok: true } | { ok: false; message: string };

/** The key that secrets are encrypted with, undefined where there is none. */
export function stepUpKey({ config }: Pick<FixesContext, 'config'>): Buffer | undefined {
  return config.secrets.stepUpKey === undefined ? undefined : readStepUpKey(config.secrets.stepUpKey);
}

/**
 * Takes a one-time code, which then never counts again. Part of the transaction that it lets happen, so that of two
 * replicas with one code one goes on. Call it last: a code that is taken is gone. Wrong codes are counted, and the fifth
 * locks; that stands because the transaction of a refusal commits.
 */
export async function takeCode(
  context: Pick<FixesContext, 'config'>,
  tx: Tx,
  { user, code, about }: { user: string; code: string; about: { kind: string; id: string } },
): Promise<Taken> {
  const key = stepUpKey(context);
  if (key === undefined) return { ok: false, message: NO_KEY };
  const row = await lockEnrolment(tx, user);
  if (row === undefined || row.secret === null) return { ok: false, message: NOT_ENROLLED };
  if (row.lockedUntil !== null && row.lockedUntil > tx.at) return { ok: false, message: lockedUntil(row.lockedUntil) };
  const secret = unseal(key, user, row.secret);
  if (secret === undefined) {
    return {
      ok: false,
      message: 'Your codes cannot be read with the present key. Another approver has to reset them.',
    };
  }
  const step = stepOfCode(secret, code, tx.at);
  const data = { about: about.id };
  if (step === undefined) {
    const failures = row.failures + 1;
    const until = failures < MOST_FAILURES ? null : new Date(tx.at.getTime() + LOCK_MS);
    await countFailure(tx, user, until === null ? failures : 0, until);
    tx.audit({ actor: user, action: 'step-up.failed', subject: subjectOf(user), data: { ...data, failures } });
    if (until === null) return { ok: false, message: `That is not the code of this moment. ${left(failures)}` };
    tx.audit({ actor: user, action: 'step-up.locked', subject: subjectOf(user), data: { ...data, until } });
    await tellStepUp(context, tx, { event: 'locked', user, by: user });
    return { ok: false, message: lockedUntil(until) };
  }
  if (!(await takeStep(tx, user, step))) {
    tx.audit({ actor: user, action: 'step-up.replayed', subject: subjectOf(user), data });
    return { ok: false, message: 'This code was used already. Wait for the next one.' };
  }
  return { ok: true };
}

/** A person's codes, as the audit log names them. */
export function subjectOf(user: string): { kind: string; id: string } {
  return { kind: 'step-up', id: user };
}

function left(failures: number): string {
  const more = MOST_FAILURES - failures;
  return `After ${more} more wrong ${more === 1 ? 'code' : 'codes'} you have to wait.`;
}

function lockedUntil(until: Date): string {
  const time = until.toISOString().slice(11, 16);
  return `Too many wrong codes: none is taken until ${time} UTC. If it was not you, tell the other approvers.`;
}
