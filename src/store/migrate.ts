import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';
import { StoreUnavailable } from './errors.ts';
import { migrations } from './migrations/index.ts';

/** Brings the tables up to date. Safe when several processes start at once: Kysely's migrator takes a lock first. */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => all } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  throw new StoreUnavailable('the database could not be brought up to date', {
    what: error instanceof Error ? error.message : String(error),
    next: 'If it was used by a newer version, run that version or restore a backup. Otherwise check the rights of the database user.',
    cause: error,
  });
}

const all: { [name: string]: Migration } = Object.fromEntries(
  Object.entries(migrations).map(([name, statements]) => [name, { up: (db) => runAll(db, statements) }]),
);

// One at a time: PGlite's prepared statements hold one command each.
async function runAll(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
