import type { Logger } from '../ops/logger.ts';
import { claimSlot, completeSlot, lastSlot } from '../store/slots.ts';
import type { Store } from '../store/store.ts';
import { latestDue, startOfMinute } from './due.ts';

/** A slot missed while nothing ran is made up for this long; later the next one is near enough. */
export const GRACE_MS = 6 * 3_600_000;
/** Work on a slot only queues jobs, so one that is not done after this long was lost with its process. */
export const ABANDONED_AFTER_MS = 5 * 60_000;

export interface TurnsOptions {
  /** Name under which slots are claimed; the same in every process. */
  job: string;
  store: Store;
  now: () => Date;
  logger: Logger;
  /** Unique to this process and its start. */
  owner: string;
  matches(minute: Date): boolean;
  run(slot: Date): Promise<void>;
}

/** The turns of one scheduled job: of all processes on a database one takes each. Each method rejects as `run` does. */
export interface Turns {
  /** A slot has come due. */
  take(slot: Date): Promise<void>;
  /** On start: makes up for what was missed, once, however many slots that were. */
  catchUp(): Promise<void>;
  /** Takes over slots whose process died, or whose work failed, between claim and completion. */
  takeAbandoned(): Promise<void>;
}

export function createTurns({ job, store, now, logger, owner, matches, run }: TurnsOptions): Turns {
  async function carryOut(slots: readonly Date[]): Promise<void> {
    const latest = slots.toSorted((a, b) => a.getTime() - b.getTime()).at(-1);
    if (latest === undefined) return;
    logger.info({ job, slot: latest }, 'a scheduled turn begins');
    await run(latest);
    for (const slot of slots) await completeSlot(store.query, { job, slot }, now());
  }

  async function take(slot: Date): Promise<void> {
    if (slot.getTime() < now().getTime() - GRACE_MS) return;
    if (await store.transaction((tx) => claimSlot(tx, { job, slot }, owner))) await carryOut([slot]);
  }

  return {
    take,
    async catchUp() {
      const last = await lastSlot(store.query, job);
      if (last === undefined) return begin();
      const due = latestDue(matches, now(), GRACE_MS);
      if (due !== undefined && due > last) await take(due);
    },
    async takeAbandoned() {
      const { at, slots } = await store.transaction(async (tx) => {
        const taken = await tx.query
          .updateTable('cronSlots')
          .set({ owner, claimedAt: tx.at })
          .where('job', '=', job)
          .where('completedAt', 'is', null)
          .where('slot', '>=', new Date(tx.at.getTime() - GRACE_MS))
          .where('claimedAt', '<=', new Date(tx.at.getTime() - ABANDONED_AFTER_MS))
          .returning('slot')
          .execute();
        return { at: tx.at, slots: taken.map(({ slot }) => slot) };
      });
      if (slots.length > 0) logger.warn({ job, slots, at }, 'a scheduled turn was abandoned and is taken over');
      await carryOut(slots);
    },
  };

  /** The schedule is new here: what came due before this moment was not missed. The mark is no slot, those are whole minutes. */
  async function begin(): Promise<void> {
    const mark = { job, slot: new Date(startOfMinute(now()).getTime() + 1) };
    await store.transaction((tx) => claimSlot(tx, mark, owner));
    await completeSlot(store.query, mark, now());
  }
}
