import type { Finding } from '../check/finding.ts';
import type { ManualStep } from '../check/plan.ts';
import { planHash } from '../check/plan.ts';
import type { Snapshot } from '../snapshot/types.ts';
import { createFix, openFix, openFixesOf, reviseFix, transition } from '../store/fixes.ts';
import { announceNow, fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import type { Proposal } from './fix.ts';
import { planFix } from './planner.ts';
import { hasApprovers } from './policy.ts';
import { policiesOf } from './powers.ts';
import { planningContext, proposalOf, toFixPlan } from './proposal.ts';

/** What a finding's message offers: a fix with its id, guided steps, or why there is none. */
export type Offer =
  | { kind: 'fix'; fixId: string }
  | { kind: 'manual'; steps: ManualStep[]; reason?: string }
  | { kind: 'blocked'; by: string; reason: string };

/**
 * Plans every failing finding of a run and keeps the plans, so that a review opens without asking AWS. A fix that is
 * open already gets the new plan as its next revision if it differs; a fix whose finding no longer fails is superseded.
 */
export async function propose(
  context: FixesContext,
  { target, snapshot, findings }: { target: string; snapshot: Snapshot; findings: readonly Finding[] },
): Promise<Map<string, Offer>> {
  const planning = planningContext(context, snapshot);
  const offers = new Map<string, Offer>();
  const failing = findings.filter(({ verdict, fix }) => verdict === 'fail' && fix !== 'none');
  for (const finding of failing) {
    const proposed = planFix(finding, planning);
    if (proposed.kind === 'plan') {
      const proposal = proposalOf(proposed.plan, target, finding, snapshot);
      offers.set(finding.id, await offerFix(context, proposal));
    } else offers.set(finding.id, proposed);
  }
  await supersede(
    context,
    findings.filter(({ verdict }) => verdict !== 'fail' && verdict !== 'unknown').map(({ id }) => id),
  );
  return offers;
}

async function offerFix(context: FixesContext, proposal: Proposal): Promise<Offer> {
  if (!hasApprovers(policiesOf(context, { proposal, severity: proposal.finding.severity }))) {
    return { kind: 'blocked', by: 'approval', reason: 'Nobody is configured to approve fixes in these accounts.' };
  }
  const key = proposal.finding.id;
  return context.store.transaction(async (tx) => {
    const created = await createFix(tx, { key, ...toFixPlan(proposal, context) });
    if (created !== undefined) {
      tx.audit({
        actor: 'trail-check',
        action: 'fix.proposed',
        subject: fixSubject(created),
        planHash: created.planHash,
      });
      return { kind: 'fix', fixId: created.id };
    }
    const open = await openFix(tx.query, key);
    if (open === undefined)
      return { kind: 'blocked', by: 'fix', reason: 'Another fix has just ended. Run the check again.' };
    const revisable = open.state === 'proposed' || open.state === 'pending' || open.state === 'drifted';
    if (revisable && (open.planHash !== planHash(proposal.plan) || open.state === 'drifted')) {
      const revised = await reviseFix(tx, open, toFixPlan(proposal, context));
      if (revised !== undefined) {
        tx.audit({
          actor: 'trail-check',
          action: 'fix.revised',
          subject: fixSubject(open),
          planHash: revised.planHash,
        });
        await announceNow(context, tx, open.id);
      }
    }
    return { kind: 'fix', fixId: open.id };
  });
}

/** Ends open fixes whose own finding no longer fails; one that mends it on the way to another has its plan made anew. */
async function supersede(context: FixesContext, findings: readonly string[]): Promise<void> {
  for (const row of await openFixesOf(context.store.query, findings)) {
    if (row.kind === 'undo' || !findings.includes(row.key)) continue;
    await context.store.transaction(async (tx) => {
      if (!(await transition(tx, row.id, ['proposed', 'pending', 'approved', 'drifted'], 'superseded'))) return;
      tx.audit({ actor: 'trail-check', action: 'fix.superseded', subject: fixSubject(row) });
      await announceNow(context, tx, row.id);
    });
  }
}
