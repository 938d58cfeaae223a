import type { Finding } from '../check/finding.ts';
import { resourceOf, subjectsOf } from '../check/subject.ts';
import { evaluateOne } from '../posture/evaluate.ts';
import type { Snapshot } from '../snapshot/types.ts';
import { findFix } from '../store/fixes.ts';
import { standingOf } from './apply-change.ts';
import type { FixesContext } from './context.ts';
import { readBack } from './documents.ts';
import { type FixView, type Proposal, viewOf } from './fix.ts';
import { planFix } from './planner.ts';
import { planningContext, proposalOf } from './proposal.ts';
import { deliveryErrors, firstChanges, partsOf } from './targets.ts';
import { differenceOf, obstacleTo } from './undo-obstacles.ts';

/** What a plan comes to when it is made again. `gone`: there is nothing to do any more, or nothing that may be done. */
export type Again = { kind: 'planned'; proposal: Proposal } | Gone | { kind: 'unreadable'; reason: string };

export interface Gone {
  kind: 'gone';
  reason: string;
  /** What stands where the plan expected something else. */
  difference?: string[];
}

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
    return (
      startsFrom(proposal, snapshot) ?? (await undoStopped(context, fix, snapshot)) ?? { kind: 'planned', proposal }
    );
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
 * undo never puts a saved text over later changes (decision 32).
 */
function startsFrom({ plan }: Proposal, snapshot: Snapshot): Exclude<Again, { kind: 'planned' }> | undefined {
  for (const change of firstChanges(plan)) {
    const standing = standingOf(change, snapshot);
    if (standing === 'unreadable') return { kind: 'unreadable', reason: `${change.resource} could not be read.` };
    if (standing === 'other') {
      const reason = `${change.resource} is not as this plan expects it (${change.target}). Nothing ran.`;
      return { kind: 'gone', reason, difference: differenceOf(change, snapshot) };
    }
  }
  return undefined;
}

/** What came up since an undo was asked for: a later fix that rests on this one, or a trail that could not deliver. */
async function undoStopped(context: FixesContext, undo: FixView, snapshot: Snapshot): Promise<Gone | undefined> {
  const row = undo.of === undefined ? undefined : await findFix(context.store.query, undo.of);
  if (row === undefined) return { kind: 'gone', reason: 'The fix that this would take back is no longer there.' };
  const obstacle = await obstacleTo(context, viewOf(row), undo.proposal.plan, snapshot);
  return obstacle === undefined ? undefined : { kind: 'gone', ...obstacle };
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
