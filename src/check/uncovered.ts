import type { Judgement } from './check.ts';

/**
 * The judgement of a check that has nothing to say where no logging trail covers the account: trail/account-covered
 * fails there, and one line is enough.
 */
export function whereCovered(judgement: Judgement): Judgement {
  if (judgement.verdict !== 'fail' || judgement.cause !== 'trail/account-covered') return judgement;
  return { ...judgement, verdict: 'not-applicable' };
}
