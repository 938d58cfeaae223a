import type { AcceptedRisk } from '../../store/database.ts';
import type { FixesContext } from '../context.ts';
import { type Policy, stepUpNeeded } from '../policy.ts';
import { wordOf } from './account-word.ts';
import { codesOf, type Demand } from './demand.ts';

/** What an approver of an accepted risk is asked for beside the click. */
export async function riskDemand(
  context: Pick<FixesContext, 'store' | 'config'>,
  { account, environments }: Pick<AcceptedRisk, 'account' | 'environments'>,
  { user, policies }: { user: string; policies: readonly Policy[] },
): Promise<Demand> {
  const word = await wordOf(context, account, environments[0] ?? account);
  return { ...word, level: stepUpNeeded(policies), code: await codesOf(context, user) };
}
