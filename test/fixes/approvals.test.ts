import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Decided } from '../../src/fixes/decision.ts';
import { createFixes } from '../../src/fixes/service.ts';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { APPROVER, APPROVER2, emptyStore, GUEST, REQUESTER, type TestFixes, testFixes } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';
import { trailIn } from './estate.ts';

let opened: TestStore;
let late = 0;
let world: TestFixes;

const { organization } = DEMO_TRAILS;
const { management } = DEMO_ACCOUNTS;
/** Class auto: one approver, whose word suffices. */
const AUTO = 'trail/log-file-validation';
const HOUR = 3_600_000;
const SAM = 'U0APPROVER3';

beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date(Date.now() + late) });
});
afterAll(() => opened.close());
beforeEach(() => emptyStore(opened.store));
afterEach(() => world.close());

/** A fix of class auto under an approval policy. */
async function proposed(approval: object = {}, rest: object = {}): Promise<{ fixId: string; revision: number }> {
  const file = { approval: { default: { approve: ['@trail-approvers'], ...approval }, ...rest } };
  world = await testFixes({ store: opened.store, file });
  const fixId = (await world.scanAndPropose(management, [AUTO])).fixFor(AUTO, organization);
  return { fixId, revision: 1 };
}

const stateOf = async (fixId: string) => (await world.find(fixId)).state;
const refused = (message: RegExp): Partial<Decided> => ({ ok: false, message: expect.stringMatching(message) });

describe('a decision', () => {
  test('of an approver alone suffices for a fix of class auto', async () => {
    const fix = await proposed();
    expect(await world.fixes.approve({ ...fix, user: APPROVER })).toMatchObject({
      ok: true,
      fix: { state: 'approved' },
    });
    await world.fixes.apply(fix.fixId);
    expect(await stateOf(fix.fixId)).toBe('fixed');
  });

  test('follows a request by somebody else', async () => {
    const fix = await proposed();
    expect(await world.fixes.request({ ...fix, user: REQUESTER, reason: 'audit' })).toMatchObject({
      ok: true,
      fix: { state: 'pending', requestedBy: REQUESTER, reason: 'audit' },
    });
    expect(await world.fixes.approve({ ...fix, user: APPROVER })).toMatchObject({
      ok: true,
      fix: { state: 'approved' },
    });
  });

  test('of a rejecting approver ends the request', async () => {
    const fix = await proposed();
    await world.fixes.request({ ...fix, user: REQUESTER });
    expect(await world.fixes.reject({ ...fix, user: REQUESTER })).toMatchObject(refused(/may not decide/));
    expect(await world.fixes.reject({ ...fix, user: APPROVER, reason: 'no' })).toMatchObject({
      ok: true,
      fix: { state: 'rejected' },
    });
    expect(await world.fixes.approve({ ...fix, user: APPROVER2 })).toMatchObject(refused(/was rejected/));
  });

  test.each([
    ['of somebody who is not listed', REQUESTER],
    ['of a guest, listed or not', GUEST],
    ['of a stranger', 'U0STRANGER1'],
  ])('%s is refused', async (_, user) => {
    const fix = await proposed();
    expect(await world.fixes.approve({ ...fix, user })).toMatchObject(refused(/may not approve/));
    expect(await stateOf(fix.fixId)).toBe('proposed');
  });

  test('of a guest to ask is refused', async () => {
    const fix = await proposed();
    expect(await world.fixes.request({ ...fix, user: GUEST })).toMatchObject(refused(/may not ask/));
  });

  test('of a group member does not count where only ids do', async () => {
    const fix = await proposed({ approve: ['@trail-approvers', APPROVER2], pin: true });
    expect(await world.fixes.approve({ ...fix, user: APPROVER })).toMatchObject(refused(/may not approve/));
    expect(await world.fixes.approve({ ...fix, user: APPROVER2 })).toMatchObject({ ok: true });
  });
});

describe('who asks', () => {
  test('does not approve their own request', async () => {
    const fix = await proposed();
    await world.fixes.request({ ...fix, user: APPROVER });
    expect(await world.fixes.approve({ ...fix, user: APPROVER })).toMatchObject(refused(/You asked for this fix/));
    expect(await world.fixes.approve({ ...fix, user: APPROVER2 })).toMatchObject({ ok: true });
  });

  test('does not either under another id with the same e-mail', async () => {
    const fix = await proposed({ approve: ['@trail-approvers', SAM] });
    world.directory.people.set(SAM, { id: SAM, name: 'alex again', email: 'alex@example.com', member: true });
    await world.fixes.request({ ...fix, user: SAM });
    expect(await world.fixes.approve({ ...fix, user: APPROVER })).toMatchObject(refused(/You asked for this fix/));
  });

  test('does so where the policy says that they count', async () => {
    const fix = await proposed({ requesterCounts: true });
    await world.fixes.request({ ...fix, user: APPROVER });
    expect(await world.fixes.approve({ ...fix, user: APPROVER })).toMatchObject({
      ok: true,
      fix: { state: 'approved' },
    });
  });

  test('cannot approve by asking and approving at once under two ids', async () => {
    const fix = await proposed({ approve: ['@trail-approvers', SAM], direct: false });
    world.directory.people.set(SAM, { id: SAM, name: 'alex again', email: 'alex@example.com', member: true });
    await Promise.all([
      world.fixes.request({ ...fix, user: SAM }),
      world.fixes.approve({ ...fix, user: APPROVER }),
      world.fixes.approve({ ...fix, user: APPROVER }),
    ]);
    expect(await stateOf(fix.fixId)).toBe('pending');
  });
});

describe('two people', () => {
  test('are two, whatever number of ids one has', async () => {
    const fix = await proposed({ people: 2, approve: ['@trail-approvers', SAM] });
    world.directory.people.set(SAM, { id: SAM, name: 'alex again', email: 'alex@example.com', member: true });
    expect(await world.fixes.approve({ ...fix, user: APPROVER })).toMatchObject(refused(/alone does not suffice/));
    await world.fixes.request({ ...fix, user: REQUESTER });
    expect(await world.fixes.approve({ ...fix, user: APPROVER })).toMatchObject({
      ok: true,
      fix: { state: 'pending' },
    });
    expect(await world.fixes.approve({ ...fix, user: SAM })).toMatchObject(refused(/have decided on this fix already/));
    expect(await world.fixes.approve({ ...fix, user: APPROVER2 })).toMatchObject({
      ok: true,
      fix: { state: 'approved' },
    });
  });

  test('are asked for by a rule that fits', async () => {
    const fix = await proposed({}, { rules: [{ when: { severity: 'medium' }, people: 2 }] });
    expect((await world.find(fix.fixId)).people).toBe(2);
  });

  test('who decide at the same moment both count', async () => {
    const fix = await proposed({ people: 2 });
    await world.fixes.request({ ...fix, user: REQUESTER });
    const both = await Promise.all([APPROVER, APPROVER2].map((user) => world.fixes.approve({ ...fix, user })));
    expect(both.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await stateOf(fix.fixId)).toBe('approved');
  });
});

describe('a click', () => {
  test('that comes twice counts once and runs once', async () => {
    const fix = await proposed();
    const twice = await Promise.all([1, 2].map(() => world.fixes.approve({ ...fix, user: APPROVER })));
    expect(twice.map(({ ok }) => ok).sort()).toEqual([false, true]);
    const { fixes } = world;
    await Promise.all([fixes.apply(fix.fixId), fixes.apply(fix.fixId)]);
    expect(world.newWrites().map(({ operation }) => operation)).toEqual(['UpdateTrail']);
  });

  test('on an older plan is refused and changes nothing', async () => {
    const fix = await proposed();
    expect(await world.fixes.approve({ ...fix, revision: 0, user: APPROVER })).toMatchObject(refused(/out of date/));
    expect(await stateOf(fix.fixId)).toBe('proposed');
  });

  test('after the time for it is refused, and the sweep ends the request', async () => {
    const fix = await proposed({ expires: '1h' });
    await world.fixes.request({ ...fix, user: REQUESTER });
    late += 2 * HOUR;
    expect(await world.fixes.approve({ ...fix, user: APPROVER })).toMatchObject(
      refused(/time for a decision has passed/),
    );
    await world.fixes.sweep();
    expect(await stateOf(fix.fixId)).toBe('expired');
  });
});

describe('an approved fix', () => {
  test('whose approver may no longer decide waits for another', async () => {
    const fix = await proposed();
    await world.fixes.approve({ ...fix, user: APPROVER });
    world.directory.groups.set('@trail-approvers', [APPROVER2]);
    await world.fixes.apply(fix.fixId);
    expect(await stateOf(fix.fixId)).toBe('pending');
    expect(world.newWrites()).toEqual([]);
    expect(await world.fixes.approve({ ...fix, user: APPROVER2 })).toMatchObject({
      ok: true,
      fix: { state: 'approved' },
    });
    await world.fixes.apply(fix.fixId);
    expect(world.newWrites().map(({ sourceIdentity }) => sourceIdentity)).toEqual([APPROVER2]);
  });

  test('whose approver was deactivated waits for another', async () => {
    const fix = await proposed();
    await world.fixes.approve({ ...fix, user: APPROVER });
    world.directory.people.delete(APPROVER);
    await world.fixes.apply(fix.fixId);
    expect(await stateOf(fix.fixId)).toBe('pending');
  });

  test('waits for a second word where the policy asks for two by now', async () => {
    const fix = await proposed();
    await world.fixes.approve({ ...fix, user: APPROVER });
    const stricter = {
      ...world.config,
      approval: { ...world.config.approval, default: { ...world.config.approval.default, people: 2 } },
    };
    await createFixes({ ...world.context, config: stricter }).apply(fix.fixId);
    expect(await stateOf(fix.fixId)).toBe('pending');
    expect(world.newWrites()).toEqual([]);
  });

  test('that nobody began in time expires', async () => {
    const fix = await proposed({ expires: '1h' });
    await world.fixes.approve({ ...fix, user: APPROVER });
    late += 2 * HOUR;
    await world.fixes.apply(fix.fixId);
    expect(await stateOf(fix.fixId)).toBe('expired');
    expect(world.newWrites()).toEqual([]);
  });
});

describe('what is offered', () => {
  test('is nothing to click where nobody may approve', async () => {
    world = await testFixes({ store: opened.store, file: { approval: { default: { approve: [] } } } });
    const scanned = await world.scanAndPropose(management, [AUTO]);
    const { id } = scanned.finding(AUTO, organization);
    expect(scanned.offers.get(id)).toMatchObject({ kind: 'blocked', by: 'approval' });
  });

  test('stays the same fix while the finding does, and ends with it', async () => {
    const { fixId } = await proposed();
    expect((await world.scanAndPropose(management, [AUTO])).fixFor(AUTO, organization)).toBe(fixId);
    expect((await world.find(fixId)).revision).toBe(1);
    trailIn(world.estate, organization).validation = true;
    await world.scanAndPropose(management, [AUTO]);
    expect(await stateOf(fixId)).toBe('superseded');
  });

  test('has powers that say whose word suffices', async () => {
    const { fixId } = await proposed();
    const fix = await world.find(fixId);
    expect(await world.fixes.powers(fix, APPROVER)).toMatchObject({ approveAlone: true, approve: true, people: 1 });
    expect(await world.fixes.powers(fix, REQUESTER)).toMatchObject({
      approveAlone: false,
      approve: false,
      request: true,
    });
    expect(await world.fixes.powers(fix, GUEST)).toMatchObject({ approve: false, request: false });
  });
});

describe('an undo', () => {
  test('is asked for and approved like a fix, is one however often it is asked for, and writes nothing that stands already', async () => {
    const fix = await proposed();
    await world.fixes.approve({ ...fix, user: APPROVER });
    await world.fixes.apply(fix.fixId);
    const first = await world.fixes.proposeUndo(fix.fixId);
    const second = await world.fixes.proposeUndo(fix.fixId);
    expect(first).toMatchObject({ ok: true, fix: { kind: 'undo', of: fix.fixId, state: 'proposed' } });
    expect(second.ok && first.ok && second.fix.id === first.fix.id).toBe(true);
    if (!first.ok) throw new Error(first.message);
    const undo = { fixId: first.fix.id, revision: 1 };
    // Two people, whatever the fix itself took.
    expect(await world.fixes.approve({ ...undo, user: APPROVER })).toMatchObject(refused(/alone does not suffice/));
    expect(await world.fixes.request({ ...undo, user: REQUESTER })).toMatchObject(refused(/Say why/));
    await world.approve(first.fix.id);
    world.newWrites();
    trailIn(world.estate, organization).validation = false;
    await world.fixes.apply(undo.fixId);
    // It stands as before already, so that there is nothing to take back.
    expect(await stateOf(undo.fixId)).toBe('fixed');
    expect(world.newWrites()).toEqual([]);
    expect(await stateOf(fix.fixId)).toBe('undone');
  });

  test('is not offered for what never ran', async () => {
    const { fixId } = await proposed();
    expect(await world.fixes.proposeUndo(fixId)).toMatchObject(refused(/nothing here that could be undone/));
  });
});
