import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Decided } from '../../src/fixes/decision.ts';
import { createFixes } from '../../src/fixes/service.ts';
import { DEMO_ACCOUNTS, DEMO_ARCHIVE_KEY, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { findMessage, messagesAbout } from '../../src/store/messages.ts';
import { APPROVER, APPROVER2, emptyStore, GUEST, REQUESTER, type TestFixes, testFixes } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';
import { addStatement, keyIn, trailIn } from './estate.ts';

let opened: TestStore;
let late = 0;
let world: TestFixes;

const { organization } = DEMO_TRAILS;
const { management } = DEMO_ACCOUNTS;
const AUTO = 'trail/log-file-validation';
/** Its plan begins with the policy of the archive's key, which others change too. */
const TWO_STEPS = 'trail/kms-encryption';
const HOUR = 3_600_000;
const ORIGIN = { channel: 'C0AUDITTRAIL', threadKey: 'run:1' };

beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date(Date.now() + late) });
});
afterAll(() => opened.close());
beforeEach(async () => {
  late = 0;
  await emptyStore(opened.store);
  await opened.store.query.deleteFrom('messages').execute();
});
afterEach(() => world.close());

/** A request of REQUESTER, under an approval policy. */
async function requested(approval: object = {}, check = AUTO): Promise<{ fixId: string; revision: number }> {
  const file = {
    approval: { default: { approve: ['@trail-approvers'], ...approval } },
    keys: { 'us-east-1': DEMO_ARCHIVE_KEY },
  };
  world = await testFixes({ store: opened.store, file });
  const fixId = (await world.scanAndPropose(management, [check])).fixFor(check, organization);
  const asked = await world.fixes.request({ fixId, revision: 1, user: REQUESTER, reason: 'audit', origin: ORIGIN });
  if (!asked.ok) throw new Error(asked.message);
  return { fixId, revision: 1 };
}

const stateOf = async (fixId: string) => (await world.find(fixId)).state;
const refused = (message: RegExp): Partial<Decided> => ({ ok: false, message: expect.stringMatching(message) });
const audited = (fixId: string, action: string) =>
  opened.store.query
    .selectFrom('audit')
    .selectAll()
    .where('subjectId', '=', fixId)
    .where('action', '=', action)
    .execute();

describe('a request is withdrawn', () => {
  test.each([
    ['by who asked', REQUESTER],
    ['by an approver', APPROVER2],
  ])('%s, with the reason, which is kept', async (_, user) => {
    const fix = await requested();
    expect(await world.fixes.withdraw({ ...fix, user })).toMatchObject(refused(/Say why/));
    const withdrawn = await world.fixes.withdraw({ ...fix, user, reason: 'asked too early' });
    expect(withdrawn).toMatchObject({
      ok: true,
      fix: { state: 'withdrawn', progress: { withdrawn: { by: user, reason: 'asked too early' } } },
    });
    expect(await audited(fix.fixId, 'fix.withdrawn')).toMatchObject([
      { actor: user, data: expect.objectContaining({ reason: 'asked too early' }) },
    ]);
    expect(await world.fixes.approve({ ...fix, user: APPROVER })).toMatchObject(refused(/was withdrawn/));
  });

  test('by nobody else', async () => {
    const fix = await requested();
    for (const user of [GUEST, 'U0STRANGER1']) {
      expect(await world.fixes.withdraw({ ...fix, user, reason: 'no' })).toMatchObject(refused(/may withdraw it/));
    }
    expect(await stateOf(fix.fixId)).toBe('pending');
  });

  test('after its approval as long as nothing runs, and not any more once it does', async () => {
    const fix = await requested();
    await world.fixes.approve({ ...fix, user: APPROVER });
    expect(await world.fixes.withdraw({ ...fix, user: REQUESTER, reason: 'wait' })).toMatchObject({ ok: true });
    await world.fixes.apply(fix.fixId);
    expect(world.newWrites()).toEqual([]);
    expect(await world.fixes.withdraw({ ...fix, user: REQUESTER, reason: 'wait' })).toMatchObject(
      refused(/was withdrawn/),
    );
  });

  test('or begun, when both happen at once: one of the two', async () => {
    const fix = await requested();
    await world.fixes.approve({ ...fix, user: APPROVER });
    const [, withdrawn] = await Promise.all([
      world.fixes.apply(fix.fixId),
      world.fixes.withdraw({ ...fix, user: REQUESTER, reason: 'stop' }),
    ]);
    expect(await stateOf(fix.fixId)).toBe(withdrawn.ok ? 'withdrawn' : 'fixed');
    expect(world.newWrites()).toHaveLength(withdrawn.ok ? 0 : 1);
  });

  test('by the button of an older plan it is not', async () => {
    const fix = await requested();
    await opened.store.query.updateTable('fixes').set({ revision: 2 }).where('id', '=', fix.fixId).execute();
    expect(await world.fixes.withdraw({ ...fix, user: REQUESTER, reason: 'no' })).toMatchObject(refused(/out of date/));
  });
});

describe('a reminder', () => {
  const remindersOf = (fixId: string, revision = 1) =>
    messagesAbout(opened.store.query, { kind: 'reminder', id: `${fixId}.${revision}` });

  test('comes at its times, in the thread of the request, once, and stops with the decision', async () => {
    const fix = await requested({ remind: ['1h', '4h'] });
    await world.fixes.sweep();
    expect(await remindersOf(fix.fixId)).toEqual([]);
    late += HOUR + 1000;
    await world.fixes.sweep();
    await world.fixes.sweep();
    expect(await remindersOf(fix.fixId)).toMatchObject([{ channel: ORIGIN.channel, threadKey: ORIGIN.threadKey }]);
    late += 3 * HOUR;
    await world.fixes.sweep();
    expect(await remindersOf(fix.fixId)).toHaveLength(2);
    await world.fixes.reject({ ...fix, user: APPROVER, reason: 'not now' });
    late += 10 * HOUR;
    await world.fixes.sweep();
    expect(await remindersOf(fix.fixId)).toHaveLength(2);
    expect(await world.find(fix.fixId)).toMatchObject({ row: { reminders: 2, nextReminderAt: null } });
  });

  test('is said by one of two processes that look at once', async () => {
    const fix = await requested({ remind: ['1h'] });
    late += HOUR + 1000;
    await Promise.all([world.fixes.sweep(), createFixes({ ...world.context, owner: 'another' }).sweep()]);
    expect(await remindersOf(fix.fixId)).toHaveLength(1);
    expect(await audited(fix.fixId, 'fix.reminded')).toHaveLength(1);
  });

  test('that was missed while nothing ran is said once', async () => {
    const fix = await requested({ remind: ['1h', '2h', '3h'] });
    late += 4 * HOUR;
    await world.fixes.sweep();
    expect(await remindersOf(fix.fixId)).toHaveLength(1);
  });

  test('mentions those who must still act: not who asked, not who has spoken', async () => {
    const fix = await requested({ people: 2, approve: ['@trail-approvers', REQUESTER] });
    const view = () => world.find(fix.fixId);
    expect(await world.fixes.waitingFor(await view())).toEqual(['S0TRAILAPPR']);
    await world.fixes.approve({ ...fix, user: APPROVER });
    expect(await world.fixes.waitingFor(await view())).toEqual([APPROVER2]);
    await world.fixes.reject({ ...fix, user: APPROVER2, reason: 'no' });
    expect(await world.fixes.waitingFor(await view())).toEqual([]);
  });
});

describe('a run that finds it otherwise', () => {
  const newsOf = async (fixId: string, revision: number, what: string) =>
    findMessage(opened.store.query, `${what}:${fixId}.${revision}`);

  test.each([
    ['pending', false],
    ['approved', true],
  ])('ends a %s fix whose finding is mended, says why and tells its people', async (_, approve) => {
    const fix = await requested();
    if (approve) await world.fixes.approve({ ...fix, user: APPROVER });
    trailIn(world.estate, organization).validation = true;
    await world.scanAndPropose(management, [AUTO]);
    const view = await world.find(fix.fixId);
    expect(view).toMatchObject({ state: 'superseded', error: expect.stringContaining('no longer fails') });
    expect(view.proposal.changed?.people).toEqual(approve ? [REQUESTER, APPROVER] : [REQUESTER]);
    expect(await newsOf(fix.fixId, 1, 'superseded')).toMatchObject({ threadKey: ORIGIN.threadKey });
    expect(world.announced.at(-1)).toMatchObject({ state: 'superseded' });
    await world.fixes.apply(fix.fixId);
    expect(world.newWrites()).toEqual([]);
  });

  test.each([
    ['pending', 1],
    ['approved', 2],
  ])(
    'gives a %s fix its new plan: approvals start over in the same thread, and its people are told',
    async (_, approvals) => {
      const fix = await requested({}, TWO_STEPS);
      for (const user of [APPROVER, APPROVER2].slice(0, approvals)) await world.fixes.approve({ ...fix, user });
      expect(await stateOf(fix.fixId)).toBe(approvals === 2 ? 'approved' : 'pending');
      addStatement(keyIn(world.estate, DEMO_ARCHIVE_KEY).policy, { Effect: 'Allow', Action: 'kms:DescribeKey' });
      await world.scanAndPropose(management, [TWO_STEPS]);
      const view = await world.find(fix.fixId);
      expect(view).toMatchObject({
        state: 'proposed',
        revision: 2,
        requestedBy: undefined,
        error: expect.stringContaining('approvals start over'),
        proposal: { origin: ORIGIN },
      });
      expect(view.proposal.changed?.people).toEqual([REQUESTER, APPROVER, APPROVER2].slice(0, approvals + 1));
      expect(await newsOf(fix.fixId, 2, 'changed')).toMatchObject({ threadKey: ORIGIN.threadKey });
      expect(await world.fixes.approve({ ...fix, user: APPROVER })).toMatchObject(refused(/out of date/));
      await world.fixes.apply(fix.fixId);
      expect(world.newWrites()).toEqual([]);
    },
  );

  test('says nothing of a plan that nobody had asked for', async () => {
    world = await testFixes({ store: opened.store });
    const fixId = (await world.scanAndPropose(management, [AUTO])).fixFor(AUTO, organization);
    trailIn(world.estate, organization).validation = true;
    await world.scanAndPropose(management, [AUTO]);
    expect(await stateOf(fixId)).toBe('superseded');
    expect(await newsOf(fixId, 1, 'superseded')).toBeUndefined();
  });
});
