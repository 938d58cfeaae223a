import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { CamelCasePlugin, Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import type { Logger } from '../ops/logger.ts';
import type { Database, Db } from './database.ts';
import { StoreUnavailable } from './errors.ts';
import { startJobs } from './jobs.ts';
import { lockFolder } from './lock.ts';
import { migrate } from './migrate.ts';
import { makeStore, type Store } from './store.ts';

/** A folder of our own, or a PostgreSQL server that several processes may share. */
export type StorePlace = { dataDir: string } | { databaseUrl: string };

export interface StoreOptions {
  now: () => Date;
  logger?: Logger;
  /** Key of the HMAC that audit entries carry, from the environment. */
  auditKey?: string;
}

/**
 * Opens the database, brings its tables up to date and starts the job queue.
 * Throws `StoreLocked` when another process has the folder, `StoreUnavailable` when it cannot be opened.
 */
export async function openStore(place: StorePlace, { now, logger, auditKey }: StoreOptions): Promise<Store> {
  const { kind, db, queueOn, close } =
    'dataDir' in place ? await openFolder(place.dataDir) : await reach(place, logger);
  try {
    await migrate(db);
    const jobs = await startJobs(queueOn, logger);
    return makeStore({ kind, db, jobs, now, auditKey, close });
  } catch (error) {
    await close();
    throw error;
  }
}

async function openFolder(folder: string) {
  const unlock = lockFolder(folder);
  try {
    const files = join(folder, 'db');
    mkdirSync(files, { recursive: true, mode: 0o700 });
    // Loaded only where it is used: it is 20 MB of WebAssembly.
    const { PGlite } = await import('@electric-sql/pglite');
    const pglite = takeTurns(await PGlite.create({ dataDir: files }));
    const db = withPlugins(new PGliteDialect({ pglite }));
    const close = async () => {
      await db.destroy();
      if (!pglite.closed) await pglite.close();
      unlock();
    };
    return { kind: 'pglite', db, queueOn: { pglite }, close } as const;
  } catch (error) {
    unlock();
    throw new StoreUnavailable('the database files could not be opened', {
      what: folder,
      next: 'If the disk is full, make room. If the files are damaged, restore the folder from a backup.',
      cause: error,
    });
  }
}

async function reach({ databaseUrl }: { databaseUrl: string }, logger: Logger | undefined) {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10, application_name: 'trail-check' });
  // Without a listener a connection that the server drops while idle would end the process.
  pool.on('error', (error) => logger?.warn({ err: error }, 'lost an idle database connection'));
  const db = withPlugins(new PostgresDialect({ pool }));
  try {
    await sql`select 1`.execute(db);
  } catch (error) {
    await db.destroy();
    throw new StoreUnavailable('the PostgreSQL server of DATABASE_URL cannot be reached', {
      what: withoutSecrets(databaseUrl),
      next: 'Check that the server runs, that this machine may connect, and the user and password.',
      cause: error,
    });
  }
  return { kind: 'postgres', db, queueOn: { databaseUrl }, close: () => db.destroy() } as const;
}

function withPlugins(dialect: PGliteDialect | PostgresDialect): Db {
  return new Kysely<Database>({ dialect, plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })] });
}

/** How long statements may follow one another before the event loop has a turn. */
const MOST_AT_A_TIME_MS = 5;

/**
 * PGlite answers in microtasks: statement after statement would keep every button in Slack waiting. So that others get
 * their turn, a statement that comes after some milliseconds of them waits for the event loop.
 */
function takeTurns(pglite: PGlite): PGlite {
  const run = pglite.execProtocolRaw.bind(pglite);
  let turnAt = performance.now();
  pglite.execProtocolRaw = async (...message) => {
    if (performance.now() - turnAt > MOST_AT_A_TIME_MS) {
      await turn();
      turnAt = performance.now();
    }
    return run(...message);
  };
  return pglite;
}

/** Host, port and database of a URL; never user, password or options. */
function withoutSecrets(databaseUrl: string): string {
  const url = URL.parse(databaseUrl);
  return url === null ? 'not a URL' : `${url.host}${url.pathname}`;
}
