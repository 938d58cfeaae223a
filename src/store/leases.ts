import { sql } from 'kysely';
import type { Db } from './database.ts';
import { HELD_STATES } from './fix-states.ts';

/** How long a lease holds, and how often its owner renews it, in milliseconds. */
export const LEASE_MS = 15_000;
export const RENEW_EVERY_MS = 5_000;

/** What can be held by one process at a time, and the states in which it is. */
const HELD = { fixes: HELD_STATES, runs: ['queued', 'running'] } as const;

export type Leased = keyof typeof HELD;

/** One process's claim; `owner` is unique to the process and its start. */
export interface Claim {
  id: string;
  owner: string;
  at: Date;
}

/** Takes what nobody holds, or whose owner let the lease lapse. One wins. */
export function takeLease(db: Db, table: Leased, { id, owner, at }: Claim): Promise<boolean> {
  return update(
    db,
    table,
    id,
    owner,
    at,
    sql`(owner is null or owner = ${owner} or lease_until <= ${at}::timestamptz)`,
  );
}

/**
 * Renews a lease, and so tests it: false means that another process may have taken over, so nothing may be written any
 * more. To be asked before each write to AWS.
 */
export function renewLease(db: Db, table: Leased, { id, owner, at }: Claim): Promise<boolean> {
  return update(db, table, id, owner, at, sql`owner = ${owner}`);
}

async function update(db: Db, table: Leased, id: string, owner: string, at: Date, free: ReturnType<typeof sql>) {
  const until = new Date(at.getTime() + LEASE_MS);
  const { rows } = await sql`
    update ${sql.table(table)} set owner = ${owner}, lease_until = ${until}
    where id = ${id} and state in (${sql.join([...HELD[table]])}) and ${free}
    returning id`.execute(db);
  return rows.length === 1;
}

/** Ids of what is under way but held by nobody alive: to be taken up on start and every 5 s. */
export async function lapsed(db: Db, table: Leased, at: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(table)}
    where state in (${sql.join(HELD[table].filter((state) => state !== 'queued'))})
      and (lease_until is null or lease_until <= ${at}::timestamptz)
    order by id`.execute(db);
  return rows.map(({ id }) => id);
}
