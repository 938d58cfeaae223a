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
import { partsOf } from './targets.ts';

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
  if (fix.kind === 'undo') return undoAgain(fix, snapshot);
  const now = findingNow(context, finding, snapshot);
  if (now === undefined) return { kind: 'gone', reason: 'What this fix is about is no longer there.' };
  if (now.verdict === 'unknown') return { kind: 'unreadable', reason: now.reason ?? 'AWS could not be read.' };
  if (now.verdict !== 'fail') return { kind: 'gone', reason: 'This no longer fails; there is nothing to fix.' };
  const planned = planFix(now, planningContext(context, snapshot));
  if (planned.kind !== 'plan')
    return { kind: 'gone', reason: planned.reason ?? 'This can no longer be fixed by a button.' };
  return { kind: 'planned', proposal: proposalOf(planned.plan, target, now, snapshot) };
}

/**
 * An undo never puts a saved text over later changes: everything must stand as its fix left it (decision 32). Of several
 * changes on one part the first one to be taken back tells, for it is the last that was made.
 */
function undoAgain({ proposal }: FixView, snapshot: Snapshot): Again {
  const seen = new Set<string>();
  for (const change of proposal.plan.changes) {
    if (seen.has(change.target)) continue;
    seen.add(change.target);
    const standing = standingOf(change, snapshot);
    if (standing === 'unreadable') return { kind: 'unreadable', reason: `${change.resource} could not be read.` };
    if (standing === 'other') {
      const reason = `${change.resource} has changed since the fix (${change.target}). Nothing ran, so that this is not lost.`;
      return { kind: 'gone', reason };
    }
  }
  return { kind: 'planned', proposal };
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
