import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFixes } from '../../src/fixes/service.ts';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { APPROVER, emptyStore, type TestFixes, testFixes } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';
import { trailIn } from './estate.ts';

/* What shows only some time after a fix: log files and digests that come through, or do not. */

let opened: TestStore;
let world: TestFixes;
let late = 0;
let id: string;

const { organization } = DEMO_TRAILS;
const { management } = DEMO_ACCOUNTS;
const CHECK = 'trail/log-file-validation';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOME = 'us-east-1';

beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date(Date.now() + late) });
});
afterAll(() => opened.close());
beforeEach(async () => {
  // The fix ran some hours ago, so that AWS's own clock shows what came since.
  late = -2 * HOUR - 10 * MINUTE;
  await emptyStore(opened.store);
  world = await testFixes({ store: opened.store });
  id = (await world.scanAndPropose(management, [CHECK])).fixFor(CHECK, organization);
  await world.fixes.approve({ fixId: id, revision: 1, user: APPROVER });
  await world.fixes.apply(id);
});
afterEach(() => world.close());

function pass(milliseconds: number): void {
  late += milliseconds;
}

const audited = async () =>
  (
    await opened.store.query.selectFrom('audit').select('action').where('subjectId', '=', id).orderBy('seq').execute()
  ).map(({ action }) => action);

test('a fix whose trail is watched says so, and nothing is known before a file came', async () => {
  expect(await world.find(id)).toMatchObject({ state: 'fixed', progress: { delivery: 'watched' } });
  trailIn(world.estate, organization).lastDelivery.set(HOME, new Date(Date.now() - 5 * HOUR));
  pass(5 * MINUTE);
  await world.fixes.followUp(id);
  expect(await world.find(id)).toMatchObject({ state: 'fixed', progress: { delivery: 'watched' } });
});

test('log files and a digest since then confirm it, once, whoever looks', async () => {
  pass(HOUR + 6 * MINUTE);
  const another = createFixes({ ...world.context, owner: 'another' });
  await Promise.all([world.fixes.followUp(id), another.followUp(id)]);
  await world.fixes.followUp(id);
  expect(await world.find(id)).toMatchObject({ state: 'fixed', progress: { delivery: 'confirmed' } });
  expect((await audited()).filter((action) => action === 'fix.delivery-confirmed')).toHaveLength(1);
  expect(world.announced.at(-1)?.progress.delivery).toBe('confirmed');
});

test('a new delivery error reopens it, with the error', async () => {
  trailIn(world.estate, organization).deliveryErrors.set(HOME, 'AccessDenied');
  pass(5 * MINUTE);
  await world.fixes.followUp(id);
  expect(await world.find(id)).toMatchObject({
    state: 'unconfirmed',
    error: expect.stringContaining('AccessDenied'),
    progress: { delivery: 'failed' },
  });
  expect(await audited()).toContain('fix.delivery-failed');
});

test('silence for two hours reopens it, and is looked at no more', async () => {
  trailIn(world.estate, organization).lastDelivery.set(HOME, new Date(Date.now() - 5 * HOUR));
  pass(2 * HOUR);
  await world.fixes.followUp(id);
  expect(await world.find(id)).toMatchObject({
    state: 'unconfirmed',
    error: expect.stringContaining('No log file'),
    progress: { delivery: 'silent' },
  });
  const jobs = await waitingLooks();
  await world.fixes.followUp(id);
  expect(await waitingLooks()).toBe(jobs);
});

test('each look that knows nothing yet leaves the next one behind, so that a dead process loses none', async () => {
  trailIn(world.estate, organization).lastDelivery.set(HOME, new Date(Date.now() - 5 * HOUR));
  const before = await waitingLooks();
  expect(before).toBeGreaterThan(0);
  pass(5 * MINUTE);
  await world.fixes.followUp(id);
  expect(await waitingLooks()).toBe(before + 1);
});

describe('a success that did not show at once', () => {
  test('is noted when it does, and a run that sees it asks for that look', async () => {
    await opened.store.query.updateTable('fixes').set({ state: 'unconfirmed' }).where('id', '=', id).execute();
    const before = await waitingLooks();
    await world.scanAndPropose(management, [CHECK]);
    expect(await waitingLooks()).toBe(before + 1);
    await world.fixes.followUp(id);
    expect((await world.find(id)).state).toBe('fixed');
  });

  test('is not taken for one while the check still fails', async () => {
    await opened.store.query.updateTable('fixes').set({ state: 'unconfirmed' }).where('id', '=', id).execute();
    trailIn(world.estate, organization).validation = false;
    await world.fixes.followUp(id);
    expect((await world.find(id)).state).toBe('unconfirmed');
  });
});

/** Looks of any fix that wait for their time. */
async function waitingLooks(): Promise<number> {
  const counted = sql<{ jobs: number }>`select count(*)::int as jobs from pgboss.job where name = 'fix.follow-up'`;
  const { rows } = await counted.execute(opened.store.query);
  return rows[0]?.jobs ?? 0;
}
