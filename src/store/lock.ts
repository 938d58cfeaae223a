import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreLocked, StoreUnavailable } from './errors.ts';

/**
 * Takes the folder for this process alone and gives the function that lets it go.
 * PGlite does not guard its files: a second process would silently lose the first one's committed rows. The lock is
 * SQLite's file lock, because the kernel frees it however the process dies; a pid file lies in containers, where
 * every process is number 1.
 */
export function lockFolder(folder: string): () => void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 });
    try {
      lock.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      lock.close();
      throw error;
    }
    return () => lock.close();
  } catch (error) {
    if (isBusy(error)) {
      throw new StoreLocked('another process is using this data folder', {
        what: folder,
        next: 'Stop the other process, give this one a folder of its own, or set DATABASE_URL to a PostgreSQL server that several may share.',
        cause: error,
      });
    }
    throw new StoreUnavailable('the data folder cannot be written', {
      what: folder,
      next: 'Make it writable for the user this process runs as, or name another folder.',
      cause: error,
    });
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
