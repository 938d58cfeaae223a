import { approvalsOf, riskPoliciesInForce } from '../../fixes/accepted-risk.ts';
import { riskEndedMessage, riskMessage } from '../blocks/accepted-risk.ts';
import type { SlackContext } from '../context.ts';
import { namesFor } from '../names.ts';
import type { Rendered } from './render.ts';

/** The message of an accepted risk; `<id>/ended` is the one that says that it has ended. */
export async function renderRisk(
  { store, fixes, config }: Pick<SlackContext, 'store' | 'fixes' | 'config'>,
  subject: string,
): Promise<Rendered | undefined> {
  const [id = '', part] = subject.split('/');
  const risk = await fixes().risks.find(id);
  if (risk === undefined) return undefined;
  const names = await namesFor({ store }, risk.environments[0] ?? risk.account);
  if (part === 'ended') return { message: riskEndedMessage(risk, { names }), fleeting: false };
  const policies = await riskPoliciesInForce({ store, config }, risk, risk.environments);
  return {
    message: riskMessage(risk, {
      approvals: approvalsOf(risk).map(({ user }) => user),
      approvers: [...new Set(policies.flatMap(({ approve }) => approve))],
      names,
    }),
    fleeting: false,
  };
}
