import type { Plan } from '../../check/plan.ts';
import type { FixView } from '../../fixes/fix.ts';
import { oneLine } from './text.ts';
import { STATE } from './vocabulary.ts';

/** How a fix stands: one sign, a few words, and what a person can do where that is not obvious. */
export function stateOf({ kind, state, result, row }: FixView): { emoji: string; words: string; next?: string } {
  if (kind === 'undo' && state === 'fixed') return STATE.undone;
  if (kind === 'undo' && state === 'pending') return { ...STATE.pending, words: 'Undo waits for approval' };
  if (state === 'approved' && row.startsAt !== null)
    return { ...STATE.approved, words: 'Approved, waits for its time' };
  if (kind === 'fix' && state === 'unconfirmed' && result?.verdict === 'fail') {
    const left = result.reason === undefined ? 'Something is left.' : oneLine(result.reason, 300);
    return {
      emoji: '⚠️',
      words: 'Applied, but the check still fails',
      next: `${left} Check again for what can be done.`,
    };
  }
  return STATE[state];
}

/** What **Undo** will give back: nothing where no call has an inverse. The way back from an undo is the fix itself. */
export function wayBack({ kind, proposal: { plan } }: FixView): Plan['reversible'] {
  const { changes, reversible } = plan;
  return kind === 'undo' || changes.some(({ undo }) => undo !== undefined) ? reversible : 'no';
}
