import { type Selectable, sql } from 'kysely';
import type { ConfigurationTable, Db } from './database.ts';
import { toJson } from './json.ts';
import type { Tx } from './store.ts';

/** A configuration with everything that is kept of it. JSON columns are as they were written. */
export type StoredConfiguration = Selectable<ConfigurationTable>;

/** When a configuration decided on fixes. What it says is read on demand: it may be long. */
export type SeenConfiguration = Pick<StoredConfiguration, (typeof COLUMNS)[number]>;

/** One person's word for a changed configuration. */
export interface Confirmation {
  /** Slack user id. */
  user: string;
  /** ISO 8601. */
  at: string;
}

const COLUMNS = ['hash', 'since', 'seenAt', 'confirmedAt', 'settledAt'] as const;

/** Lets one process at a time note or confirm configurations, until its transaction ends. */
export async function lockConfigurations(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('configurations'))`.execute(tx.query);
}

/** All that were ever in force, the latest to begin first. */
export function configurationsSeen(db: Db): Promise<SeenConfiguration[]> {
  return db.selectFrom('configurations').select(COLUMNS).orderBy('since', 'desc').orderBy('hash').execute();
}

export function findConfiguration(db: Db, hash: string): Promise<StoredConfiguration | undefined> {
  return db.selectFrom('configurations').selectAll().where('hash', '=', hash).executeTakeFirst();
}

/** From now on this configuration is the one in force; what people said of it when it was before does not count. */
export async function beginReign(
  tx: Tx,
  { hash, summary, changes }: { hash: string; summary: object; changes: readonly string[] },
): Promise<void> {
  const reign = {
    summary: toJson(summary),
    changes: toJson([...changes]),
    confirmations: toJson([]),
    since: tx.at,
    seenAt: tx.at,
    confirmedAt: null,
    settledAt: null,
  };
  await tx.query
    .insertInto('configurations')
    .values({ hash, ...reign })
    .onConflict((conflict) => conflict.column('hash').doUpdateSet(reign))
    .execute();
}

/** A process that runs under this configuration is alive. */
export async function touchConfiguration(db: Db, hash: string, at: Date): Promise<void> {
  await db
    .updateTable('configurations')
    .set({ seenAt: at })
    .where('hash', '=', hash)
    .where('seenAt', '<', at)
    .execute();
}

export async function saveConfirmations(
  tx: Tx,
  hash: string,
  { confirmations, confirmed }: { confirmations: readonly Confirmation[]; confirmed: boolean },
): Promise<void> {
  await tx.query
    .updateTable('configurations')
    .set({ confirmations: toJson([...confirmations]), ...(confirmed ? { confirmedAt: tx.at } : {}) })
    .where('hash', '=', hash)
    .execute();
}

/** Marks what began before `since`, or was confirmed, as settled. Gives the hashes, so that their messages can follow. */
export async function settle(tx: Tx, since: Date): Promise<string[]> {
  const settled = await tx.query
    .updateTable('configurations')
    .set({ settledAt: tx.at })
    .where('settledAt', 'is', null)
    .where((where) => where.or([where('confirmedAt', 'is not', null), where('since', '<=', since)]))
    .returning('hash')
    .execute();
  return settled.map(({ hash }) => hash);
}

/** Keeps what is wrong with the policies of a configuration. False: it was reported before, or is not known. */
export async function saveProblems(tx: Tx, hash: string, problems: readonly object[]): Promise<boolean> {
  const row = await tx.query
    .updateTable('configurations')
    .set({ problems: toJson([...problems]) })
    .where('hash', '=', hash)
    .where(sql<boolean>`problems = '[]'::jsonb`)
    .returning('hash')
    .executeTakeFirst();
  return row !== undefined;
}
