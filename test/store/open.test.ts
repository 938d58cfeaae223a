import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoreLocked, StoreUnavailable } from '../../src/store/errors.ts';
import { holdsOn } from '../../src/store/holds.ts';
import { openStore } from '../../src/store/open.ts';
import { verifyAudit } from '../../src/store/verify-audit.ts';
import { openTestStore, type PostgresStores, postgresStore, testClock, testFolder } from '../support/store.ts';

const { now } = testClock();

function runChild(name: string, place: string): ChildProcessWithoutNullStreams {
  const script = fileURLToPath(new URL(`children/${name}.ts`, import.meta.url));
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, place]);
}

describe('a folder', () => {
  test('is refused to a second process, which says what to do', async () => {
    const { place, close } = await openTestStore();
    if (!('dataDir' in place)) throw new Error('not a folder');
    expect(await text(runChild('open-and-close', place.dataDir).stdout)).toBe('StoreLocked\n');
    const second = openStore(place, { now });
    await expect(second).rejects.toBeInstanceOf(StoreLocked);
    await expect(second).rejects.toMatchObject({
      what: place.dataDir,
      next: expect.stringContaining('DATABASE_URL'),
    });
    await close();
  });

  test('can be opened again after it was closed', async () => {
    const dataDir = await testFolder();
    for (const reason of ['first', 'second']) {
      const store = await openStore({ dataDir }, { now });
      expect(await holdsOn(store.query, [reason])).toEqual([]);
      await store.close();
    }
    await rm(dataDir, { recursive: true });
  });

  test('that cannot be written is named', async () => {
    await expect(openStore({ dataDir: '/dev/null/data' }, { now })).rejects.toMatchObject({
      name: 'StoreUnavailable',
      what: '/dev/null/data',
    });
  });

  test('loses no committed row when its process is killed while it writes', async () => {
    const dataDir = await testFolder();
    let committed = -1;
    for (let round = 0; round < 3; round += 1) {
      const child = runChild('write-until-killed', dataDir);
      const enough = committed + 25;
      for await (const line of createInterface(child.stdout)) {
        if (line === 'open') continue;
        committed = Math.max(committed, Number(line));
        if (Number(line) >= enough) child.kill('SIGKILL');
      }
      if (child.signalCode === null) await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
    }
    const store = await openStore({ dataDir }, { now });
    const keys = Array.from({ length: committed + 1 }, (_, number) => `row ${number}`);
    expect(await holdsOn(store.query, keys)).toHaveLength(keys.length);
    expect(await verifyAudit(store.query)).toMatchObject({ whole: true });
    await store.close();
    await rm(dataDir, { recursive: true });
  });
});

describe('a PostgreSQL server', () => {
  let stores: PostgresStores;
  beforeAll(async () => {
    stores = await postgresStore();
  });
  afterAll(() => stores?.stop());

  test('is brought up to date by two processes at once', async () => {
    const url = await stores.emptyDatabase();
    const said = await Promise.all([1, 2].map(() => text(runChild('open-and-close', url).stdout)));
    expect(said).toEqual(['opened\n', 'opened\n']);
  });

  test('serves several at once, and each job goes to one of them', async () => {
    const first = await stores.open();
    const second = await openStore(first.place, { now });
    const handled: string[] = [];
    const { promise: all, resolve } = Promise.withResolvers<void>();
    for (const store of [first.store, second]) {
      await store.work('run', async ({ runId }) => {
        handled.push(runId);
        if (handled.length === 20) resolve();
      });
    }
    const ids = Array.from({ length: 20 }, (_, index) => `run-${index}`);
    await first.store.transaction(async (tx) => {
      for (const runId of ids) await tx.enqueue('run', { runId });
    });
    await all;
    // Closing waits for jobs, so nothing more can come after it.
    await second.close();
    await first.close();
    expect(handled.toSorted()).toEqual(ids.toSorted());
  });

  test('that a newer version has used is refused', async () => {
    const { store, place, close } = await stores.open();
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')`.execute(store.query);
    await close();
    await expect(openStore(place, { now })).rejects.toMatchObject({
      name: 'StoreUnavailable',
      next: expect.stringContaining('newer version'),
    });
  });

  test('that cannot be reached is named without its password', async () => {
    const attempt = openStore({ databaseUrl: 'postgres://me:hush@127.0.0.1:1/estate' }, { now });
    await expect(attempt).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(attempt).rejects.toMatchObject({ what: '127.0.0.1:1/estate' });
  });
});
