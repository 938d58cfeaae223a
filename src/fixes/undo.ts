import type { Change, Plan } from '../check/plan.ts';
import { createFix, findFix, openFix } from '../store/fixes.ts';
import { fixSubject } from './announce.ts';
import { resolveOutputs } from './apply-change.ts';
import type { FixesContext } from './context.ts';
import type { Decided } from './decision.ts';
import { type FixView, type Proposal, viewOf } from './fix.ts';
import { toFixPlan } from './proposal.ts';

/** States of a fix that has changed something that still stands. */
const STANDING: readonly FixView['state'][] = ['fixed', 'unconfirmed', 'partly-applied'];

/** Can this fix be taken back? Some of what it changed has an inverse, and it has run. */
export function canUndo(fix: FixView): boolean {
  return fix.kind === 'fix' && STANDING.includes(fix.state) && undoChanges(fix).length > 0;
}

/**
 * Proposes to take a fix back: a fix of its own with its own approval, which removes only what the fix added. Its
 * changes expect what the fix left and leave what it found, in reverse order.
 */
export async function proposeUndo(context: FixesContext, fixId: string): Promise<Decided> {
  const row = await findFix(context.store.query, fixId);
  if (row === undefined) return { ok: false, message: 'This fix is no longer there.' };
  const fix = viewOf(row);
  if (!canUndo(fix)) return { ok: false, message: 'There is nothing here that could be undone.', fix };
  const proposal: Proposal = { ...fix.proposal, plan: undoPlan(fix) };
  const key = `undo:${fix.id}`;
  return context.store.transaction(async (tx) => {
    const created = await createFix(tx, { key, of: fix.id, ...toFixPlan(proposal, context) });
    const undo = created ?? (await openFix(tx.query, key));
    if (undo === undefined) return { ok: false, message: 'Another undo has just ended. Look at the finding again.' };
    if (created !== undefined) {
      tx.audit({
        actor: 'trail-check',
        action: 'undo.proposed',
        subject: fixSubject(created),
        planHash: created.planHash,
        data: { of: fix.id },
      });
    }
    return { ok: true, fix: viewOf(undo) };
  });
}

function undoPlan(fix: FixView): Plan {
  const { plan } = fix.proposal;
  return {
    ...plan,
    summary: `Undo: ${plan.summary}`,
    reversible: 'yes',
    warnings: [
      'The finding will fail again. Whoever reviews its fix after that is told that it was undone, by whom and why.',
    ],
    guards: ['Before: everything stands as the fix left it; otherwise nothing runs.'],
    changes: undoChanges(fix),
  };
}

/** The inverse of every change that this fix itself made, newest first. */
function undoChanges({ proposal, progress }: FixView): Change[] {
  return proposal.plan.changes
    .flatMap((change, at): Change[] => {
      if (change.undo === undefined || progress.changes[at]?.state !== 'done') return [];
      const { automatic: _, ...call } = change.undo;
      const input = resolveOutputs(call.input, progress.changes);
      if (input === undefined) return [];
      return [{ ...call, input, target: change.target, expect: change.result, result: change.expect }];
    })
    .reverse();
}
