import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_ARCHIVE_KEY, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { LEASE_MS } from '../../src/store/leases.ts';
import { openStore } from '../../src/store/open.ts';
import { verifyAudit } from '../../src/store/verify-audit.ts';
import { connectFixes, type TestFixes, testFixes } from '../support/fixes.ts';
import { openTestStore } from '../support/store.ts';

const FILE = { keys: { 'us-east-1': DEMO_ARCHIVE_KEY } };
const CHILD = fileURLToPath(new URL('children/apply.ts', import.meta.url));

/** A process that carries the fix out; `late` moves its clock on. */
function spawnChild(dataDir: string, world: TestFixes, id: string, late: number) {
  const { accessKeyId, secretAccessKey } = world.credentials;
  const options = [dataDir, world.endpoint, accessKeyId, secretAccessKey, id, String(late), JSON.stringify(FILE)];
  return spawn(process.execPath, [CHILD, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('a process killed between two calls is followed by one that ends the fix: each call is made once', async () => {
  const opened = await openTestStore({ now: () => new Date() });
  if (!('dataDir' in opened.place)) throw new Error('this store has no folder');
  const { dataDir } = opened.place;
  const world = await testFixes({ store: opened.store, file: FILE });
  const scanned = await world.scanAndPropose(DEMO_ACCOUNTS.management, ['trail/kms-encryption']);
  const id = scanned.fixFor('trail/kms-encryption', DEMO_TRAILS.organization);
  await world.approve(id);
  await opened.store.close();

  // A slow AWS: the kill falls between its doing and our knowing.
  world.estate.knobs.latencyMs = 60;
  const first = spawnChild(dataDir, world, id, 0);
  const made = () => world.newWrites().length;
  let seen = 0;
  await expect
    .poll(
      () => {
        seen += made();
        return seen;
      },
      { timeout: 25_000, interval: 10 },
    )
    .toBeGreaterThan(0);
  first.kill('SIGKILL');
  await once(first, 'exit');
  world.estate.knobs.latencyMs = 0;

  const second = spawnChild(dataDir, world, id, LEASE_MS + 1000);
  const lines: string[] = [];
  for await (const line of createInterface({ input: second.stdout })) lines.push(line);
  expect(lines).toEqual(['ready', 'fixed']);

  const store = await openStore({ dataDir }, { now: () => new Date() });
  const { fixes, aws } = await connectFixes({ store, endpoint: world.endpoint, credentials: world.credentials });
  const fix = await fixes.find(id);
  expect(fix).toMatchObject({ state: 'fixed', result: { verdict: 'pass' } });
  const operations = world.estate.calls.filter(({ error }) => error === undefined).map(({ operation }) => operation);
  expect(operations.filter((it) => it === 'PutKeyPolicy')).toHaveLength(1);
  expect(operations.filter((it) => it === 'UpdateTrail')).toHaveLength(1);
  expect(await verifyAudit(store.query)).toMatchObject({ whole: true });
  aws.close();
  await store.close();
  await world.close();
}, 60_000);
