import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Db, FreezeTable } from './database.ts';
import type { Tx } from './store.ts';

export type Freeze = Selectable<FreezeTable>;

/** Freezes that are on, oldest first; `environment` null is everywhere. */
export function openFreezes(db: Db): Promise<Freeze[]> {
  return db.selectFrom('freezes').selectAll().where('liftedAt', 'is', null).orderBy('at').orderBy('id').execute();
}

export function findFreeze(db: Db, id: string): Promise<Freeze | undefined> {
  return db.selectFrom('freezes').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Begins a freeze. Undefined: one is on there already. */
export function beginFreeze(
  tx: Tx,
  { environment, reason, by }: { environment: string | null; reason: string; by: string },
): Promise<Freeze | undefined> {
  return tx.query
    .insertInto('freezes')
    .values({ id: `freeze-${randomBytes(8).toString('hex')}`, environment, reason, by, at: tx.at })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** The first of two words that lift it. False: somebody was quicker, or it is lifted. */
export async function requestLift(tx: Tx, id: string, user: string): Promise<boolean> {
  const row = await tx.query
    .updateTable('freezes')
    .set({ liftRequestedBy: user })
    .where('id', '=', id)
    .where('liftedAt', 'is', null)
    .where('liftRequestedBy', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** The second word, by another than the first. False: it is lifted already. */
export async function liftFreeze(tx: Tx, id: string, user: string): Promise<boolean> {
  const row = await tx.query
    .updateTable('freezes')
    .set({ liftedBy: user, liftedAt: tx.at })
    .where('id', '=', id)
    .where('liftedAt', 'is', null)
    .where('liftRequestedBy', 'is not', null)
    .where('liftRequestedBy', '!=', user)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
