import { confirmSecret, keepNextSecret, lockEnrolment, removeEnrolment } from '../../store/enrolments.ts';
import type { FixesContext } from '../context.ts';
import { approversOf } from '../freeze.ts';
import { isListed, peopleOf, samePerson } from '../people.ts';
import { newSecret, stepOfCode } from './codes.ts';
import { tellStepUp } from './notices.ts';
import type { Field } from './prove.ts';
import { seal, unseal } from './secrets.ts';
import { NO_KEY, stepUpKey, subjectOf, takeCode } from './take-code.ts';

type EnrolContext = Pick<FixesContext, 'store' | 'config' | 'directory'>;

/** A secret that was shown and not confirmed is good for this long. */
const CONFIRM_MS = 15 * 60_000;

/** The secret is for the eyes of that person alone: never in a message, a log, an error or the audit log. */
export type Begun = { ok: true; secret: string; uri: string } | { ok: false; message: string; field?: Field };
export type Enrolled = { ok: true } | { ok: false; message: string; field?: Field };

/**
 * Makes a new secret for a person. Who has codes already gives one of them, for whoever has stolen a session would
 * otherwise set up codes of their own; the ones in use hold until the new ones are confirmed.
 */
export async function beginEnrolment(
  context: EnrolContext,
  { user, code }: { user: string; code?: string },
): Promise<Begun> {
  const key = stepUpKey(context);
  if (key === undefined) return { ok: false, message: NO_KEY };
  const person = await context.directory.person(user);
  if (person?.member !== true) return { ok: false, message: 'Only full members of this workspace can set up codes.' };
  return context.store.transaction(async (tx): Promise<Begun> => {
    const row = await lockEnrolment(tx, user);
    if (row !== undefined && row.secret !== null) {
      if (code === undefined) return { ok: false, field: 'code', message: 'Give a code of the present ones first.' };
      const taken = await takeCode(context, tx, { user, code, about: subjectOf(user) });
      if (!taken.ok) return { ok: false, field: 'code', message: taken.message };
    }
    const { secret, uri } = newSecret(person.email ?? person.name);
    await keepNextSecret(tx, user, seal(key, user, secret));
    tx.audit({ actor: user, action: 'step-up.begun', subject: subjectOf(user) });
    return { ok: true, secret, uri };
  });
}

/** Puts the new secret into use with its first right code. */
export function confirmEnrolment(
  context: EnrolContext,
  { user, code }: { user: string; code: string },
): Promise<Enrolled> {
  const key = stepUpKey(context);
  if (key === undefined) return Promise.resolve({ ok: false, message: NO_KEY });
  return context.store.transaction(async (tx): Promise<Enrolled> => {
    const row = await lockEnrolment(tx, user);
    const { nextSecret = null, nextAt = null } = row ?? {};
    const over = nextAt === null || nextAt.getTime() + CONFIRM_MS < tx.at.getTime();
    const secret = nextSecret === null || over ? undefined : unseal(key, user, nextSecret);
    if (nextSecret === null || secret === undefined) {
      return { ok: false, field: 'code', message: 'This secret is no longer good. Begin anew.' };
    }
    const step = stepOfCode(secret, code, tx.at);
    if (step === undefined || !(await confirmSecret(tx, user, nextSecret, step))) {
      return {
        ok: false,
        field: 'code',
        message: 'That is not the code of this moment. Type the one that is shown now.',
      };
    }
    const again = row?.secret !== null;
    tx.audit({ actor: user, action: 'step-up.enrolled', subject: subjectOf(user), data: { again } });
    await tellStepUp(context, tx, { event: again ? 'enrolled-again' : 'enrolled', user, by: user });
    return { ok: true };
  });
}

/** Forgets the codes of somebody who lost them: any approver may, but not for themselves. */
export async function resetEnrolment(
  context: EnrolContext,
  { user, by }: { user: string; by: string },
): Promise<Enrolled> {
  const { config, directory, store } = context;
  const people = await peopleOf(directory, [user, by]);
  const listed = await isListed(by, approversOf(config, undefined), directory, { pin: config.approval.default.pin });
  if (people.get(by)?.member !== true || !listed) {
    return { ok: false, message: 'Only approvers can reset the codes of somebody.' };
  }
  if (samePerson(people, by, user)) {
    return {
      ok: false,
      message: 'Another approver has to reset your codes. With a code of yours you set up new ones.',
    };
  }
  return store.transaction(async (tx): Promise<Enrolled> => {
    if (!(await removeEnrolment(tx, user))) return { ok: false, message: NO_CODES };
    tx.audit({ actor: by, action: 'step-up.reset', subject: subjectOf(user) });
    await tellStepUp(context, tx, { event: 'reset', user, by });
    return { ok: true };
  });
}

const NO_CODES = 'They have no codes.';
