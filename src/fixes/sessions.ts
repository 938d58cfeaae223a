import type { Session } from '../aws/session.ts';
import type { Snapshot } from '../snapshot/types.ts';
import { decisionsOn } from '../store/approvals.ts';
import type { FixesContext } from './context.ts';
import { FixStopped } from './errors.ts';
import { fenceFor } from './fence.ts';
import type { FixView } from './fix.ts';
import { isStanding } from './standing.ts';

/** The fenced sessions of a fix, one an account. Throws FixStopped where no approval stands behind it. */
export async function sessionsOf(
  context: FixesContext,
  fix: FixView,
  snapshot: Snapshot,
): Promise<Map<string, Session>> {
  const decisions = await decisionsOn(context.store.query, fix);
  const approvers = decisions.filter(({ decision }) => decision === 'approve').map(({ user }) => user);
  const decider = isStanding(fix.requestedBy) ? fix.requestedBy : approvers.at(-1);
  if (decider === undefined || approvers.length === 0) throw new FixStopped(fix.id, 'nobody has approved it');
  const accounts = [...new Set(fix.proposal.plan.changes.map(({ account }) => account))];
  return new Map(
    accounts.map((account) => [
      account,
      context.fixer(account, fenceFor(fix, account, { snapshot, decider, approvers })),
    ]),
  );
}
