import { randomBytes } from 'node:crypto';
import type { Db, Fix } from './database.ts';
import type { FixRevision } from './fixes.ts';
import type { Tx } from './store.ts';

export function newBatchId(): string {
  return `batch-${randomBytes(8).toString('hex')}`;
}

/**
 * Puts proposed fixes into a batch. Gives how many of them: one that is decided, revised or in another batch stays out,
 * and then the caller lets go of all.
 */
export async function joinBatch(tx: Tx, batch: string, fixes: readonly FixRevision[]): Promise<number> {
  let joined = 0;
  for (const { id, revision } of fixes) {
    const { numUpdatedRows } = await tx.query
      .updateTable('fixes')
      .set({ batch })
      .where('id', '=', id)
      .where('revision', '=', revision)
      .where('state', '=', 'proposed')
      .where((where) => where.or([where('batch', 'is', null), where('requestedBy', 'is', null)]))
      .executeTakeFirst();
    joined += Number(numUpdatedRows);
  }
  return joined;
}

/** The fixes of a batch, in one order for all. */
export function fixesOfBatch(db: Db, batch: string): Promise<Fix[]> {
  return db.selectFrom('fixes').selectAll().where('batch', '=', batch).orderBy('id').execute();
}
