import type { Change, Plan } from '../check/plan.ts';
import { createFix, findFix, openFix } from '../store/fixes.ts';
import { fixSubject } from './announce.ts';
import { resolveOutputs } from './apply-change.ts';
import type { FixesContext } from './context.ts';
import type { Decided } from './decision.ts';
import { type FixView, type Proposal, viewOf } from './fix.ts';
import { peopleForUndo } from './policy.ts';
import { policiesOf } from './powers.ts';
import { toFixPlan } from './proposal.ts';
import { obstacleTo } from './undo-obstacles.ts';

/** States of a fix that has changed something that still stands. */
const STANDING: readonly FixView['state'][] = ['fixed', 'unconfirmed', 'partly-applied'];

/** Can this fix be taken back? Some of what it changed has an inverse, and it has run. */
export function canUndo(fix: FixView): boolean {
  return fix.kind === 'fix' && STANDING.includes(fix.state) && undoChanges(fix).length > 0;
}

/** The undo to be reviewed, or what stands in its way: in words, and as `-` and `+` lines where something has changed. */
export type ProposedUndo = Decided & { difference?: string[] };

/**
 * Proposes to take a fix back: a fix of its own with its own approval by two people at least, which removes only what the
 * fix added. Its changes expect what the fix left and leave what it found, in reverse order. Refused where something
 * stands in its way as far as was read last; right before it runs AWS is read again.
 */
export async function proposeUndo(context: FixesContext, fixId: string): Promise<ProposedUndo> {
  const { store } = context;
  const row = await findFix(store.query, fixId);
  if (row === undefined) return { ok: false, message: 'This fix is no longer there.' };
  const fix = viewOf(row);
  if (!canUndo(fix)) return { ok: false, message: 'There is nothing here that could be undone.', fix };
  const proposal: Proposal = withoutChanged({ ...fix.proposal, plan: undoPlan(fix) });
  const obstacle = await obstacleTo(context, fix, proposal.plan, await context.reading.latest(proposal.target));
  if (obstacle !== undefined) return { ok: false, message: obstacle.reason, fix, ...obstacle };
  const key = `undo:${fix.id}`;
  return store.transaction(async (tx) => {
    const plan = toFixPlan(proposal, context);
    const policies = policiesOf(context, { proposal, severity: fix.severity });
    const people = peopleForUndo(fix, policies);
    const created = await createFix(tx, { key, of: fix.id, ...plan, people });
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

function withoutChanged({ changed: _, ...proposal }: Proposal): Proposal {
  return proposal;
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
