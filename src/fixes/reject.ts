import { recordDecision } from '../store/approvals.ts';
import { transition } from '../store/fixes.ts';
import { fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import { type Decided, type Decision, decide, gone, load, refuse, reload } from './decision.ts';
import { powersOf } from './powers.ts';
import { stateMessage, whoMay } from './refusals.ts';

/** Ends a request: `pending -> rejected`, by anyone who may approve. */
export async function reject(context: FixesContext, { fixId, revision, user, reason }: Decision): Promise<Decided> {
  const fix = await load(context, fixId);
  if (fix === undefined) return gone();
  const powers = await powersOf(context, fix, user);
  if (!powers.approve) return refuse(`You may not decide on this fix. ${whoMay(powers.policies)}`, fix);
  return decide<never>(context, fix, revision, async (tx, current) => {
    if (!(await transition(tx, { id: fixId, revision }, 'pending', 'rejected'))) {
      return refuse(stateMessage(current), current);
    }
    const decision = { fix: fixId, revision, user, decision: 'reject', selfInitiated: false } as const;
    await recordDecision(tx, { ...decision, ...(reason === undefined ? {} : { reason }) });
    tx.audit({
      actor: user,
      action: 'fix.rejected',
      subject: fixSubject(current),
      planHash: current.planHash,
      data: { reason },
    });
    return reload(tx, fixId);
  });
}
