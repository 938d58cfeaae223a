import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Decided } from '../../src/fixes/decision.ts';
import { DEMO_ACCOUNTS, DEMO_ARCHIVE_KEY, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { holdsOn } from '../../src/store/holds.ts';
import { APPROVER, APPROVER2, emptyStore, REQUESTER, type TestFixes, testFixes } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';
import { addStatement, keyIn, trailIn } from './estate.ts';

let opened: TestStore;
let world: TestFixes;
let clock = 0;

const { organization } = DEMO_TRAILS;
const { management } = DEMO_ACCOUNTS;
const VALIDATION = 'trail/log-file-validation';
const ENCRYPTION = 'trail/kms-encryption';
const DELIVERY = 'key/delivery-policy';

beforeAll(async () => {
  // One millisecond an asking: what comes after is later.
  opened = await openTestStore({ now: () => new Date(Date.now() + clock++) });
});
afterAll(() => opened.close());
beforeEach(async () => {
  await emptyStore(opened.store);
  world = await testFixes({ store: opened.store, file: { keys: { 'us-east-1': DEMO_ARCHIVE_KEY } } });
});
afterEach(() => world.close());

/** Applies the fix of a check. */
async function fixed(check: string, resource: string = organization): Promise<string> {
  const id = (await world.scanAndPropose(management, [check])).fixFor(check, resource);
  await apply(id);
  return id;
}

async function apply(id: string): Promise<void> {
  const approved = await world.approve(id);
  if (!approved.ok) throw new Error(approved.message);
  await world.fixes.apply(id);
  expect(await world.find(id)).toMatchObject({ state: 'fixed' });
}

async function undoOf(id: string): Promise<string> {
  const proposed = await world.fixes.proposeUndo(id);
  if (!proposed.ok) throw new Error(proposed.message);
  return proposed.fix.id;
}

const refused = (message: RegExp): Partial<Decided> => ({ ok: false, message: expect.stringMatching(message) });

describe('an undo', () => {
  test('takes two people and a new reason, whatever its fix took', async () => {
    const undo = await undoOf(await fixed(VALIDATION));
    expect((await world.find(undo)).people).toBe(2);
    const one = { fixId: undo, revision: 1 };
    expect(await world.fixes.approve({ ...one, user: APPROVER })).toMatchObject(refused(/alone does not suffice/));
    expect(await world.fixes.request({ ...one, user: REQUESTER })).toMatchObject(refused(/Say why/));
    await world.fixes.request({ ...one, user: REQUESTER, reason: 'digests are dear' });
    expect(await world.fixes.approve({ ...one, user: APPROVER })).toMatchObject({
      ok: true,
      fix: { state: 'pending' },
    });
    expect(await world.fixes.approve({ ...one, user: APPROVER2 })).toMatchObject({
      ok: true,
      fix: { state: 'approved' },
    });
  });

  test('is refused while a later fix rests on it, and not where the later one is about something else', async () => {
    const policy = await fixed(ENCRYPTION);
    const [document] = (await world.find(policy)).proposal.plan.changes;
    if (document === undefined) throw new Error('a plan without changes');
    const validation = await fixed(VALIDATION);
    expect(await world.fixes.proposeUndo(policy)).toMatchObject({ ok: true });
    // As one that had written the same document since.
    const later = await world.find(validation);
    const proposal = { ...later.proposal, plan: { ...later.proposal.plan, changes: [document] } };
    await opened.store.query
      .updateTable('fixes')
      .set({ plan: JSON.stringify(proposal), accounts: [document.account] })
      .where('id', '=', validation)
      .execute();
    expect(await world.fixes.proposeUndo(policy)).toMatchObject(refused(/later fix builds on this one/));
  });

  test('asked for before a later fix that rests on it is refused when it would run', async () => {
    const first = await fixed(VALIDATION);
    const undo = await undoOf(first);
    await world.approve(undo);
    const second = await fixed(ENCRYPTION);
    const { proposal } = await world.find(first);
    const later = await world.find(second);
    const plan = { ...later.proposal.plan, changes: proposal.plan.changes };
    await opened.store.query
      .updateTable('fixes')
      .set({ plan: JSON.stringify({ ...later.proposal, plan }) })
      .where('id', '=', second)
      .execute();
    world.newWrites();
    await world.fixes.apply(undo);
    expect(world.newWrites()).toEqual([]);
    expect(await world.find(undo)).toMatchObject({
      state: 'superseded',
      error: expect.stringContaining('later fix builds on this one'),
    });
  });

  test('is refused where a trail that records could no longer deliver', async () => {
    await fixed(ENCRYPTION);
    const { policy } = keyIn(world.estate, DEMO_ARCHIVE_KEY);
    const kept = policy.Statement.splice(0).filter(
      ({ Principal }) => !JSON.stringify(Principal).includes('cloudtrail'),
    );
    policy.Statement.push(...kept);
    const mended = await fixed(DELIVERY, DEMO_ARCHIVE_KEY);
    const statements = policy.Statement.length;
    expect(await world.fixes.proposeUndo(mended)).toMatchObject(refused(/could no longer deliver its log files/));
    expect(keyIn(world.estate, DEMO_ARCHIVE_KEY).policy.Statement.length).toBeGreaterThanOrEqual(statements);
  });

  test('of what was changed since shows the difference, before anybody is asked and when it would run', async () => {
    const fix = await fixed(ENCRYPTION);
    const undo = await undoOf(fix);
    await world.approve(undo);
    addStatement(keyIn(world.estate, DEMO_ARCHIVE_KEY).policy, {
      Sid: 'Meanwhile',
      Effect: 'Allow',
      Action: 'kms:DescribeKey',
    });
    world.newWrites();
    await world.fixes.apply(undo);
    expect(world.newWrites()).toEqual([]);
    const stopped = await world.find(undo);
    expect(stopped).toMatchObject({ state: 'superseded', error: expect.stringContaining('Nothing ran') });
    expect(stopped.progress.difference?.join('\n')).toMatch(/^\+.*Meanwhile/m);
    await world.scanAndPropose(management, [ENCRYPTION, DELIVERY]);
    const again = await world.fixes.proposeUndo(fix);
    expect(again).toMatchObject(refused(/not as the fix left it/));
    expect(again.difference?.join('\n')).toMatch(/^\+.*Meanwhile/m);
    expect((await world.find(fix)).state).toBe('fixed');
  });
});

describe('an undone fix', () => {
  async function undone(): Promise<{ fix: string; finding: string }> {
    const fix = await fixed(VALIDATION);
    await apply(await undoOf(fix));
    const { state, proposal } = await world.find(fix);
    expect(state).toBe('undone');
    return { fix, finding: proposal.finding.id };
  }

  test('is not offered again until an approver lifts the hold, which is audited', async () => {
    const { finding } = await undone();
    const offer = async () => (await world.scanAndPropose(management, [VALIDATION])).offers.get(finding);
    expect(await offer()).toMatchObject({ kind: 'blocked', by: 'hold' });
    expect(await world.fixes.liftHold(finding, REQUESTER)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/approvers/),
    });
    expect(await holdsOn(opened.store.query, [finding])).toHaveLength(1);
    const lifted = await Promise.all([APPROVER, APPROVER2].map((user) => world.fixes.liftHold(finding, user)));
    expect(lifted.filter(({ ok }) => ok)).toHaveLength(1);
    const entries = await opened.store.query
      .selectFrom('audit')
      .select(['actor', 'data'])
      .where('action', '=', 'hold.lifted')
      .where('subjectId', '=', finding)
      .execute();
    expect(entries).toHaveLength(1);
    expect(await offer()).toMatchObject({ kind: 'fix' });
    expect(await world.fixes.liftHold(finding, APPROVER)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/no hold/),
    });
  });

  test('ends what was open for the finding meanwhile', async () => {
    const fix = await fixed(VALIDATION);
    const undo = await undoOf(fix);
    trailIn(world.estate, organization).validation = false;
    const open = (await world.scanAndPropose(management, [VALIDATION])).fixFor(VALIDATION, organization);
    await world.fixes.request({ fixId: open, revision: 1, user: REQUESTER, reason: 'again' });
    trailIn(world.estate, organization).validation = true;
    await apply(undo);
    expect(await world.find(open)).toMatchObject({ state: 'superseded', error: expect.stringContaining('on hold') });
  });
});
