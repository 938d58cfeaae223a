import type { FixRevision } from './fixes.ts';
import type { Tx } from './store.ts';

/** An approved fix waits until this moment. False: it is not approved any more, or has another plan. */
export async function waitUntil(
  tx: Tx,
  { id, revision }: FixRevision,
  startsAt: Date,
  error?: string,
): Promise<boolean> {
  const row = await tx.query
    .updateTable('fixes')
    .set({ startsAt, error: error ?? null, updatedAt: tx.at })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .where('state', '=', 'approved')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes the approved fixes whose time has come; of several processes one gets each. Queue them in the same transaction. */
export async function takeDue(tx: Tx): Promise<string[]> {
  const due = await tx.query
    .updateTable('fixes')
    .set({ startsAt: null, updatedAt: tx.at })
    .where('state', '=', 'approved')
    .where('startsAt', '<=', tx.at)
    .returning('id')
    .execute();
  return due.map(({ id }) => id);
}
