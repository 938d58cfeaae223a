import type { Insertable } from 'kysely';
import type { Db, Snooze, SnoozeTable } from './database.ts';
import { toText } from './json.ts';
import type { Tx } from './store.ts';

/** Hides messages about a finding for a while; a later word takes the place of an earlier one. */
export async function setSnooze(
  tx: Tx,
  { finding, reason, ...snooze }: Omit<Insertable<SnoozeTable>, 'at'>,
): Promise<void> {
  const rest = { ...snooze, at: tx.at, reason: reason == null ? null : toText(reason) };
  await tx.query
    .insertInto('snoozes')
    .values({ finding, ...rest })
    .onConflict((conflict) => conflict.column('finding').doUpdateSet(rest))
    .execute();
}

/** Ends a snooze; gives it, or nothing when there was none. */
export function dropSnooze(tx: Tx, finding: string): Promise<Snooze | undefined> {
  return tx.query.deleteFrom('snoozes').where('finding', '=', finding).returningAll().executeTakeFirst();
}

/** Snoozes on these findings, or all; the soonest end first. Those whose time is up and that nobody swept yet are left out. */
export function snoozesOn(db: Db, at: Date, findings?: readonly string[]): Promise<Snooze[]> {
  if (findings?.length === 0) return Promise.resolve([]);
  let query = db.selectFrom('snoozes').selectAll().where('until', '>', at).orderBy('until').orderBy('finding');
  if (findings !== undefined) query = query.where('finding', 'in', findings);
  return query.execute();
}

/** Those whose time is up. */
export function snoozesOver(db: Db, at: Date): Promise<Snooze[]> {
  return db.selectFrom('snoozes').selectAll().where('until', '<=', at).orderBy('finding').execute();
}
