import type { Db, FindingChange, StoredFinding } from './database.ts';
import type { Tx } from './store.ts';

/** Present findings by id, in the order of the ids. */
export async function findingsById(db: Db, ids: readonly string[]): Promise<StoredFinding[]> {
  if (ids.length === 0) return [];
  return db.selectFrom('findings').selectAll().where('id', 'in', ids).orderBy('id').execute();
}

/** A present finding, which nobody else writes until the transaction ends. */
export function lockFinding(tx: Tx, id: string): Promise<StoredFinding | undefined> {
  return tx.query.selectFrom('findings').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Present findings of accounts: the report of a target without reading AWS. */
export async function findingsOf(db: Db, accounts: readonly string[]): Promise<StoredFinding[]> {
  if (accounts.length === 0) return [];
  return db.selectFrom('findings').selectAll().where('account', 'in', accounts).orderBy('id').execute();
}

/** What a run found changed. */
export function changesOfRun(db: Db, run: string): Promise<FindingChange[]> {
  return db.selectFrom('findingChanges').selectAll().where('run', '=', run).orderBy('finding').execute();
}

/** What changed after one time and until another, oldest first: the digest of a day. */
export function changesBetween(db: Db, after: Date, until: Date): Promise<FindingChange[]> {
  return db
    .selectFrom('findingChanges')
    .selectAll()
    .where('at', '>', after)
    .where('at', '<=', until)
    .orderBy('at')
    .orderBy('finding')
    .execute();
}

/** How one finding went, oldest first. */
export function historyOf(db: Db, finding: string): Promise<FindingChange[]> {
  return db.selectFrom('findingChanges').selectAll().where('finding', '=', finding).orderBy('at').execute();
}
