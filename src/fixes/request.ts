import { configHash } from '../config/hash.ts';
import { recordDecision } from '../store/approvals.ts';
import { transition } from '../store/fixes.ts';
import type { Tx } from '../store/store.ts';
import { fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import { type Decided, type Decision, decide, gone, load, refuse, reload } from './decision.ts';
import type { FixView, Proposal } from './fix.ts';
import { everOpen, NEVER_OPEN } from './let-run.ts';
import { hasApprovers, policyHash, reasonNeeded } from './policy.ts';
import { type Powers, powersOf } from './powers.ts';
import { SAY_WHY, settling, stateMessage } from './refusals.ts';
import { nextReminder } from './reminders.ts';
import { stepUpFor } from './step-up/level.ts';

/** Asks the approvers: `proposed -> pending`. */
export async function requestApproval(
  context: FixesContext,
  { fixId, revision, user, reason, origin }: Decision & { origin?: Proposal['origin'] },
): Promise<Decided> {
  const fix = await load(context, fixId);
  if (fix === undefined) return gone();
  const powers = await powersOf(context, fix, user);
  if (!hasApprovers(powers.policies))
    return refuse(`Nobody is configured to approve fixes here.${settling(powers.policies)}`, fix);
  if (!powers.request) return refuse(`You may not ask for fixes here.${settling(powers.policies)}`, fix);
  if (reason === undefined && reasonNeeded(powers.policies)) return refuse(SAY_WHY, fix, 'reason');
  if (!everOpen(powers.policies, context.store.now())) return refuse(NEVER_OPEN, fix);
  if (fix.kind === 'undo' && reason === undefined) return refuse('Say why it is to be undone.', fix);
  return decide<never>(context, fix, revision, async (tx, current) => {
    if (current.state !== 'proposed') return refuse(stateMessage(current), current);
    await begin(context, tx, current, { user, reason, origin, powers });
    // Asking proves nothing: where more than a click is wanted, who asked approves like everybody else.
    const counts =
      powers.approve &&
      powers.people > 1 &&
      powers.policies.every(({ requesterCounts }) => requesterCounts) &&
      stepUpFor(current, powers.policies) === 'none';
    if (counts) {
      await recordDecision(tx, { fix: fixId, revision, user, decision: 'approve', selfInitiated: true });
      const data = { reason, revision };
      tx.audit({ actor: user, action: 'fix.approved', subject: fixSubject(current), planHash: current.planHash, data });
    }
    return reload(tx, fixId);
  });
}

/** `proposed -> pending`, with what the decision is bound to: the policy and the configuration of this moment. */
export async function begin(
  context: FixesContext,
  tx: Tx,
  fix: FixView,
  {
    user,
    reason,
    origin,
    powers,
  }: { user: string; reason: string | undefined; origin: Proposal['origin']; powers: Powers },
): Promise<void> {
  const expires = Math.min(...powers.policies.map((policy) => policy.expires));
  await transition(tx, { id: fix.id, revision: fix.revision }, 'proposed', 'pending', {
    requestedBy: user,
    requestedAt: tx.at,
    reason: reason ?? null,
    expiresAt: new Date(tx.at.getTime() + expires),
    policyHash: policyHash(powers.policies),
    configHash: configHash(context.config),
    nextReminderAt: nextReminder(powers.policies, tx.at, tx.at),
  });
  const plan = JSON.stringify({ ...fix.proposal, ...(origin === undefined ? {} : { origin }) });
  await tx.query.updateTable('fixes').set({ plan, people: powers.people }).where('id', '=', fix.id).execute();
  tx.audit({
    actor: user,
    action: 'fix.requested',
    subject: fixSubject(fix),
    planHash: fix.planHash,
    data: { reason, people: powers.people },
  });
}
