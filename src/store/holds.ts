import type { Db, Hold } from './database.ts';
import type { Tx } from './store.ts';

/** Keeps who undid a finding's fix and why: whoever reviews it next is told, and nothing applies it by itself. */
export async function setHold(tx: Tx, finding: string, { reason, by }: { reason: string; by: string }): Promise<void> {
  await tx.query
    .insertInto('holds')
    .values({ finding, reason, by, at: tx.at })
    .onConflict((conflict) => conflict.column('finding').doUpdateSet({ reason, by, at: tx.at }))
    .execute();
}

/** False: there was none. */
export async function liftHold(tx: Tx, finding: string): Promise<boolean> {
  const row = await tx.query.deleteFrom('holds').where('finding', '=', finding).returning('finding').executeTakeFirst();
  return row !== undefined;
}

/** The holds on these findings. */
export async function holdsOn(db: Db, findings: readonly string[]): Promise<Hold[]> {
  if (findings.length === 0) return [];
  return db.selectFrom('holds').selectAll().where('finding', 'in', findings).orderBy('finding').execute();
}
