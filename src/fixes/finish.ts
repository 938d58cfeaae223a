import { transition } from '../store/fixes.ts';
import { announceNow, fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import type { ChangeProgress, FixView } from './fix.ts';

/** Ends a fix that did not work, from `applying` or `verifying`, and says so everywhere. */
export async function finish(
  context: FixesContext,
  fix: FixView,
  state: 'failed' | 'partly-applied' | 'rolled-back',
  changes: ChangeProgress[],
  error: string,
): Promise<void> {
  const { store, owner } = context;
  await store.transaction(async (tx) => {
    const patch = { progress: { ...fix.progress, changes }, error };
    if (!(await transition(tx, { id: fix.id, owner }, ['applying', 'verifying'], state, patch))) return;
    tx.audit({
      actor: 'trail-check',
      action: `fix.${state}`,
      subject: fixSubject(fix),
      planHash: fix.planHash,
      data: { error, requestIds: changes.flatMap(({ requestId }) => requestId ?? []) },
    });
    await announceNow(context, tx, fix.id);
  });
}
