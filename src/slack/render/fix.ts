import { peopleNeeded } from '../../fixes/policy.ts';
import { policiesInForce } from '../../fixes/powers.ts';
import { decisionsOn } from '../../store/approvals.ts';
import { fixMessage } from '../blocks/fix.ts';
import type { SlackContext } from '../context.ts';
import { namesFor } from '../names.ts';
import type { Rendered } from './render.ts';

/** The message of a fix: the request with who may decide, then how it went. */
export async function renderFix(
  { store, fixes, config }: Pick<SlackContext, 'store' | 'fixes' | 'config'>,
  id: string,
): Promise<Rendered | undefined> {
  const fix = await fixes().find(id);
  if (fix === undefined) return undefined;
  const policies = await policiesInForce({ store, config }, fix);
  const decisions = await decisionsOn(store.query, fix);
  const rejection = decisions.find(({ decision }) => decision === 'reject');
  return {
    message: fixMessage(fix, {
      approvals: decisions.filter(({ decision }) => decision === 'approve').map(({ user }) => ({ user })),
      approvers: [...new Set(policies.flatMap(({ approve }) => approve))],
      names: await namesFor({ store }, fix.proposal.target),
      needed: Math.max(peopleNeeded(policies), fix.people),
      ...(rejection === undefined
        ? {}
        : {
            rejection: {
              user: rejection.user,
              ...(rejection.reason === null ? {} : { reason: rejection.reason }),
            },
          }),
    }),
    fleeting: false,
  };
}
