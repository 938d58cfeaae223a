import type { Finding } from '../check/finding.ts';
import { resourceOf, subjectsOf } from '../check/subject.ts';
import { evaluateOne } from '../posture/evaluate.ts';
import type { Snapshot } from '../snapshot/types.ts';
import { standingOf } from './apply-change.ts';
import type { FixesContext } from './context.ts';
import { readBack } from './documents.ts';
import type { FixView, Proposal } from './fix.ts';
import { planFix } from './planner.ts';
import { planningContext, proposalOf } from './proposal.ts';
import { deliveryErrors, partsOf } from './targets.ts';

/** What a plan comes to when it is made again. `gone`: there is nothing to do any more, or nothing that may be done. */
export type Again =
  | { kind: 'planned'; proposal: Proposal }
  | { kind: 'gone'; reason: string }
  | { kind: 'unreadable'; reason: string };

/** Reads what a plan starts from again and plans again: the drift test. */
export async function planAgain(context: FixesContext, fix: FixView): Promise<Again> {
  const { target, plan, finding } = fix.proposal;
  const stored = await context.reading.latest(target);
  if (stored === undefined)
    return { kind: 'unreadable', reason: 'The snapshot of this plan is no longer there. Run the check again.' };
  const settled = await readBack(context, plan, stored);
  const snapshot = await context.reading.refresh(settled, partsOf(plan, settled));
  if (fix.kind === 'undo') {
    const proposal = { ...fix.proposal, deliveryErrors: deliveryErrors(plan, snapshot) };
    return startsFrom(proposal, snapshot) ?? { kind: 'planned', proposal };
  }
  const now = findingNow(context, finding, snapshot);
  if (now === undefined) return { kind: 'gone', reason: 'What this fix is about is no longer there.' };
  if (now.verdict === 'unknown') return { kind: 'unreadable', reason: now.reason ?? 'AWS could not be read.' };
  if (now.verdict !== 'fail') return { kind: 'gone', reason: 'This no longer fails; there is nothing to fix.' };
  const planned = planFix(now, planningContext(context, snapshot));
  if (planned.kind !== 'plan')
    return { kind: 'gone', reason: planned.reason ?? 'This can no longer be fixed by a button.' };
  const proposal = proposalOf(planned.plan, target, now, snapshot);
  return startsFrom(proposal, snapshot) ?? { kind: 'planned', proposal };
}

/**
 * Why a plan cannot start from what is there, if it cannot. A check does not look at the names that its plan makes, and an
 * undo never puts a saved text over later changes (decision 32). Of several changes on one part the first one tells, the
 * others start from what it leaves; and so does everything about a resource that the plan makes.
 */
function startsFrom({ plan }: Proposal, snapshot: Snapshot): Exclude<Again, { kind: 'planned' }> | undefined {
  const firsts = plan.changes.filter(
    ({ target, resource }, at) =>
      !plan.changes
        .slice(0, at)
        .some((before) => before.target === target || (before.resource === resource && before.expect === null)),
  );
  for (const change of firsts) {
    const standing = standingOf(change, snapshot);
    if (standing === 'unreadable') return { kind: 'unreadable', reason: `${change.resource} could not be read.` };
    if (standing === 'other') {
      const reason = `${change.resource} is not as this plan expects it (${change.target}). Nothing ran.`;
      return { kind: 'gone', reason };
    }
  }
  return undefined;
}

/** A finding's verdict on another snapshot. */
export function findingNow(context: FixesContext, finding: Finding, snapshot: Snapshot): Finding | undefined {
  const check = context.catalogue.get(finding.check);
  if (check === undefined) return undefined;
  const subject = subjectsOf(check.scope, snapshot).find(
    (candidate) =>
      candidate.account === finding.account && resourceOf(candidate, snapshot.partition) === finding.resource,
  );
  return subject === undefined ? undefined : evaluateOne(check, subject, planningContext(context, snapshot));
}
