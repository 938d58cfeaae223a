import { openFixesOf, transition } from '../store/fixes.ts';
import { setHold } from '../store/holds.ts';
import type { Tx } from '../store/store.ts';
import { announceNow } from './announce.ts';
import type { FixesContext } from './context.ts';
import type { FixView } from './fix.ts';
import { ON_HOLD } from './holds.ts';
import { supersede } from './supersede.ts';

/** States of a fix that its undo takes back. */
const UNDOABLE = ['fixed', 'unconfirmed', 'failed', 'partly-applied'] as const;

/**
 * What follows from an undo that worked: the fix it took back is `undone`, and nothing proposes it again until somebody
 * lifts the hold; what is open for these findings ends. Nothing follows from a fix but that it is fixed.
 */
export async function afterSuccess(context: FixesContext, tx: Tx, fix: FixView): Promise<void> {
  const { kind, of, reason, requestedBy, proposal } = fix;
  if (kind !== 'undo' || of === undefined) return;
  await transition(tx, of, UNDOABLE, 'undone');
  const { findings } = proposal.plan;
  for (const id of findings) {
    await setHold(tx, id, { reason: reason ?? 'The fix was undone.', by: requestedBy ?? 'trail-check' });
  }
  tx.audit({
    actor: 'trail-check',
    action: 'hold.set',
    subject: { kind: 'fix', id: of },
    data: { undo: fix.id, held: findings, reason },
  });
  for (const open of await openFixesOf(tx.query, findings)) {
    if (open.kind === 'fix') await supersede(context, tx, open.id, ON_HOLD);
  }
  await announceNow(context, tx, of);
}
