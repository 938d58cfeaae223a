import type { Db } from './database.ts';
import type { Tx } from './store.ts';

/**
 * Gives one fix all the documents (ARNs) that it writes as a whole, or none of them: false while another fix has one.
 * Ordered plans, not mutual exclusion of processes: `until` is a net for a holder that vanished.
 */
export async function holdDocuments(
  tx: Tx,
  documents: readonly string[],
  holder: string,
  until: Date,
): Promise<boolean> {
  const wanted = [...new Set(documents)].sort();
  if (wanted.length === 0) return true;
  await tx.query
    .insertInto('documents')
    .values(wanted.map((document) => ({ document })))
    .onConflict((conflict) => conflict.column('document').doNothing())
    .execute();
  const rows = await tx.query
    .selectFrom('documents')
    .select(['heldBy', 'heldUntil'])
    .where('document', 'in', wanted)
    .orderBy('document')
    .forUpdate()
    .execute();
  const taken = rows.some(
    ({ heldBy, heldUntil }) => heldBy !== null && heldBy !== holder && heldUntil !== null && heldUntil > tx.at,
  );
  if (taken) return false;
  await tx.query
    .updateTable('documents')
    .set({ heldBy: holder, heldUntil: until })
    .where('document', 'in', wanted)
    .execute();
  return true;
}

/** Lets go of everything a fix holds. */
export async function releaseDocuments(db: Db, holder: string): Promise<void> {
  await db.updateTable('documents').set({ heldBy: null, heldUntil: null }).where('heldBy', '=', holder).execute();
}

/** Keeps the canonical hash of what was written, so that a later plan can wait until a read returns it. */
export async function documentWritten(db: Db, written: { document: string; hash: string; at: Date }): Promise<void> {
  const { document, hash, at: writtenAt } = written;
  await db
    .insertInto('documents')
    .values({ document, hash, writtenAt })
    .onConflict((conflict) => conflict.column('document').doUpdateSet({ hash, writtenAt }))
    .execute();
}

/** What we wrote last into a document, and when. */
export async function lastWritten(db: Db, document: string): Promise<{ hash: string; at: Date } | undefined> {
  const row = await db
    .selectFrom('documents')
    .select(['hash', 'writtenAt'])
    .where('document', '=', document)
    .executeTakeFirst();
  return row?.hash == null || row.writtenAt === null ? undefined : { hash: row.hash, at: row.writtenAt };
}
