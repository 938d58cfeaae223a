import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { sql } from 'kysely';
import type { Config } from '../../config/config.ts';
import type { Diagnosis } from '../../ops/diagnosis.ts';
import { TrailCheckError } from '../../ops/error.ts';
import { StoreLocked } from '../../store/errors.ts';
import type { Store } from '../../store/store.ts';

/** Can the database be reached? A folder that is not there yet is not made. */
export async function examineDatabase(config: Config, open: () => Promise<Store>): Promise<Diagnosis[]> {
  const { dataDir } = config.store;
  const external = config.secrets.databaseUrl !== undefined;
  if (!external && !existsSync(dataDir)) return [folderToCome(dataDir)];
  try {
    const store = await open();
    await sql`select 1`.execute(store.query);
    return [ok(external ? 'The PostgreSQL server of DATABASE_URL answers.' : `The database in ${dataDir} is there.`)];
  } catch (error) {
    if (error instanceof StoreLocked)
      return [ok(`The database in ${dataDir} is in use by another process: the bot runs.`)];
    if (!(error instanceof TrailCheckError)) throw error;
    return [
      {
        level: 'problem',
        area: 'database',
        what: error.message,
        ...(error.next === undefined ? {} : { next: error.next }),
      },
    ];
  }
}

function folderToCome(folder: string): Diagnosis {
  let parent = dirname(folder);
  while (!existsSync(parent) && dirname(parent) !== parent) parent = dirname(parent);
  try {
    accessSync(parent, constants.W_OK);
    return ok(`The database will be made in ${folder}.`);
  } catch {
    // Whatever the reason, it cannot be made there.
    const next = 'Make it writable for the user this process runs as, name another store.dataDir, or set DATABASE_URL.';
    return { level: 'problem', area: 'database', what: `The folder ${folder} cannot be made.`, next };
  }
}

function ok(what: string): Diagnosis {
  return { level: 'ok', area: 'database', what };
}
