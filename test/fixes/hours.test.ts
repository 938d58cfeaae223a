import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFixes } from '../../src/fixes/service.ts';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { auditOf } from '../../src/store/audit.ts';
import { APPROVER, APPROVER2, emptyStore, REQUESTER, type TestFixes, testFixes } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

const AUTO = 'trail/log-file-validation';
const HOUR = 3_600_000;
/** A Saturday. */
const START = Date.parse('2026-11-07T10:00:00Z');
const MONDAY = '2026-11-09T08:00:00.000Z';
const OFFICE = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00', timezone: 'Europe/Berlin' };

let opened: TestStore;
let late = 0;
let world: TestFixes;
let queued: string[];

beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date(START + late) });
  await opened.store.work('fix.apply', async ({ fixId }) => {
    queued.push(fixId);
  });
});
afterAll(() => opened.close());
beforeEach(async () => {
  late = 0;
  queued = [];
  await emptyStore(opened.store);
});
afterEach(() => world.close());

async function proposed(
  approval: object,
  rest: object = {},
): Promise<{ fixId: string; revision: number; user: string }> {
  const file = { approval: { default: { approve: ['@trail-approvers'], expires: '7d', ...approval }, ...rest } };
  world = await testFixes({ store: opened.store, file });
  const scanned = await world.scanAndPropose(DEMO_ACCOUNTS.management, [AUTO]);
  return { fixId: scanned.fixFor(AUTO, DEMO_TRAILS.organization), revision: 1, user: APPROVER };
}

const until = (date: string) => {
  late = Date.parse(date) - START;
};
const stateOf = async (fixId: string) => (await world.find(fixId)).state;
const startsAt = async (fixId: string) => (await world.find(fixId)).row.startsAt?.toISOString();
const jobs = () => new Promise((resolve) => setTimeout(resolve, 1_500)).then(() => queued);

describe('an approval outside of the change windows', () => {
  test('leaves the fix approved with a time, and it runs once when the window opens', async () => {
    const fix = await proposed({ windows: [OFFICE] });
    expect(await world.fixes.approve(fix)).toMatchObject({ ok: true, fix: { state: 'approved' } });
    expect(await startsAt(fix.fixId)).toBe(MONDAY);
    await world.fixes.sweep();
    // A job that comes too early, for whatever reason, begins nothing.
    await world.fixes.apply(fix.fixId);
    expect(world.newWrites()).toEqual([]);
    expect(await stateOf(fix.fixId)).toBe('approved');
    until(MONDAY);
    const other = createFixes({ ...world.context, owner: 'another replica' });
    await Promise.all([world.fixes.sweep(), other.sweep(), other.sweep()]);
    expect(await jobs()).toEqual([fix.fixId]);
    await Promise.all([world.fixes.apply(fix.fixId), other.apply(fix.fixId)]);
    expect(world.newWrites().map(({ operation }) => operation)).toEqual(['UpdateTrail']);
    expect(await stateOf(fix.fixId)).toBe('fixed');
  });

  test('waits for the next window when the job comes after the end of this one', async () => {
    const fix = await proposed({ windows: [OFFICE] });
    await world.fixes.approve(fix);
    until('2026-11-09T16:00:00Z');
    await world.fixes.sweep();
    await world.fixes.apply(fix.fixId);
    expect(await stateOf(fix.fixId)).toBe('approved');
    expect(await startsAt(fix.fixId)).toBe('2026-11-10T08:00:00.000Z');
    expect(world.announced.at(-1)?.row.startsAt?.toISOString()).toBe('2026-11-10T08:00:00.000Z');
    const noted = await auditOf(opened.store.query, { kind: 'fix', id: fix.fixId });
    expect(noted.at(-1)).toMatchObject({ action: 'fix.put-off', data: { startsAt: '2026-11-10T08:00:00.000Z' } });
  });

  test('is judged anew when the window opens', async () => {
    const fix = await proposed({ windows: [OFFICE] });
    await world.fixes.approve(fix);
    world.directory.groups.set('@trail-approvers', [APPROVER2]);
    until(MONDAY);
    await world.fixes.sweep();
    await world.fixes.apply(fix.fixId);
    expect(await stateOf(fix.fixId)).toBe('pending');
    expect(world.newWrites()).toEqual([]);
    // The other approver's word within the window starts it at once.
    await world.fixes.approve({ ...fix, user: APPROVER2 });
    expect(await startsAt(fix.fixId)).toBeUndefined();
  });

  test('expires like any other when its time comes first', async () => {
    const fix = await proposed({ windows: [OFFICE], expires: '24h' });
    await world.fixes.approve(fix);
    late = 25 * HOUR;
    await world.fixes.sweep();
    expect(await stateOf(fix.fixId)).toBe('expired');
    until(MONDAY);
    await world.fixes.sweep();
    await world.fixes.apply(fix.fixId);
    expect(world.newWrites()).toEqual([]);
  });
});

test('a planned freeze is waited for, also one that begins between approval and execution', async () => {
  const freeze = { from: '2026-11-07T11:00:00Z', to: '2026-11-08T00:00:00Z', reason: 'release' };
  const fix = await proposed({}, { freezes: [freeze] });
  await world.fixes.approve(fix);
  expect(await startsAt(fix.fixId)).toBeUndefined();
  late = HOUR;
  await world.fixes.apply(fix.fixId);
  expect(await stateOf(fix.fixId)).toBe('approved');
  expect(await startsAt(fix.fixId)).toBe('2026-11-08T00:00:00.000Z');
  expect(world.newWrites()).toEqual([]);
  until(freeze.to);
  await world.fixes.apply(fix.fixId);
  expect(await stateOf(fix.fixId)).toBe('fixed');
});

test('windows that never meet are refused instead of waited for', async () => {
  const fix = await proposed(
    { windows: [OFFICE] },
    { rules: [{ when: { check: 'trail/*' }, windows: [{ ...OFFICE, days: ['sun'] }] }] },
  );
  const refused = { ok: false, message: expect.stringMatching(/no time in common/) };
  expect(await world.fixes.approve(fix)).toMatchObject(refused);
  expect(await world.fixes.request({ ...fix, user: REQUESTER })).toMatchObject(refused);
  expect(await stateOf(fix.fixId)).toBe('proposed');
});

test('where a reason is asked for, neither a request nor an approval counts without one', async () => {
  const fix = await proposed({ reason: true });
  const refused = { ok: false, message: expect.stringMatching(/asks for a reason/) };
  expect(await world.fixes.request({ ...fix, user: REQUESTER })).toMatchObject(refused);
  expect(await world.fixes.request({ ...fix, user: REQUESTER, reason: 'audit' })).toMatchObject({ ok: true });
  expect(await world.fixes.approve(fix)).toMatchObject(refused);
  expect(await world.fixes.approve({ ...fix, reason: 'agreed' })).toMatchObject({ ok: true });
});
