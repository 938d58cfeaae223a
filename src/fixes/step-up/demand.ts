import { findEnrolment } from '../../store/enrolments.ts';
import type { FixesContext } from '../context.ts';
import type { FixView } from '../fix.ts';
import type { Policy, StepUp } from '../policy.ts';
import { type AccountWord, accountWord } from './account-word.ts';
import { emergencyStepUp, stepUpFor } from './level.ts';
import { stepUpKey } from './take-code.ts';

/** What a person is asked for beside the click, and whether they can give it. */
export interface Demand extends AccountWord {
  level: StepUp;
  /** `no-key`: nobody can. `not-enrolled`: this person has to set up codes first. */
  code: 'ready' | 'no-key' | 'not-enrolled';
}

export async function demandFor(
  context: Pick<FixesContext, 'store' | 'config'>,
  fix: FixView,
  { user, policies, emergency = false }: { user: string; policies: readonly Policy[]; emergency?: boolean },
): Promise<Demand> {
  const level = emergency ? emergencyStepUp(fix, policies) : stepUpFor(fix, policies);
  const { account, word } = await accountWord(context, fix);
  return { level, account, word, code: await codesOf(context, user) };
}

/** Can this person give a one-time code? */
export async function codesOf(context: Pick<FixesContext, 'store' | 'config'>, user: string): Promise<Demand['code']> {
  if (stepUpKey(context) === undefined) return 'no-key';
  const row = await findEnrolment(context.store.query, user);
  return row === undefined || row.secret === null ? 'not-enrolled' : 'ready';
}
