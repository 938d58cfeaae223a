import type { Db } from './database.ts';
import type { Tx } from './store.ts';

/** One turn of something that happens at set times: `{job: 'digest:prod', slot: 07:00}`. */
export interface Slot {
  job: string;
  slot: Date;
}

/**
 * Claims a slot: of all processes one gets true, once. Queue its work in the same transaction, so that it is not lost
 * when the process dies right after.
 */
export async function claimSlot(tx: Tx, { job, slot }: Slot, owner: string): Promise<boolean> {
  const row = await tx.query
    .insertInto('cronSlots')
    .values({ job, slot, owner, claimedAt: tx.at })
    .onConflict((conflict) => conflict.columns(['job', 'slot']).doNothing())
    .returning('job')
    .executeTakeFirst();
  return row !== undefined;
}

export async function completeSlot(db: Db, { job, slot }: Slot, at: Date): Promise<void> {
  await db.updateTable('cronSlots').set({ completedAt: at }).where('job', '=', job).where('slot', '=', slot).execute();
}

/** The latest slot of a job that was claimed: what came due since then was missed while nothing ran. */
export async function lastSlot(db: Db, job: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('cronSlots')
    .select('slot')
    .where('job', '=', job)
    .orderBy('slot', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.slot;
}
