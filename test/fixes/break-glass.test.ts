import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { messagesAbout } from '../../src/store/messages.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { APPROVER, APPROVER2, GUEST, REQUESTER } from '../support/fixes.ts';
import { openTestStore, postgresStore, type TestStore, testClock } from '../support/store.ts';
import {
  ALIAS,
  actionsSince,
  CHANNEL,
  codeAt,
  enrolled,
  proposedFix,
  type Replica,
  refused,
  replica,
  runTo,
} from './step-up/support.ts';

const clock = testClock();
const ALONE = 'U0ALONE0001';
const HOUR = 3_600_000;
const policy = { people: 2, breakGlass: [ALONE] };
const proof = { alias: ALIAS };
const reason = 'The log bucket is open to the world.';
let opened: TestStore;
let store: Store;
/** When the test began. */
let began: Date;

beforeAll(async () => {
  opened = await openTestStore({ now: clock.now });
  store = opened.store;
});
afterAll(() => opened.close());
beforeEach(async () => {
  clock.advance(HOUR);
  began = clock.now();
  for (const table of ['signOffs', 'approvals', 'fixes', 'enrolments', 'messages', 'freezes'] as const) {
    await store.query.deleteFrom(table).execute();
  }
});

/** A replica that knows who may approve alone. */
function world(approval: object = policy, rest: object = {}, on = store): Replica {
  const made = replica(on, approval, rest);
  made.directory.people.set(ALONE, { id: ALONE, name: 'kim', email: 'kim@example.com', member: true });
  return made;
}

/** A fix that was approved alone and has run. */
async function broken({ fixes }: Replica, on = store): Promise<string> {
  const fix = await proposedFix(on);
  expect(await fixes.breakGlass({ ...fix, user: ALONE, reason, proof })).toMatchObject({ ok: true });
  await runTo(on, fix.fixId);
  return fix.fixId;
}

describe('one person alone', () => {
  test('approves what would take two, of a proposal and of a request, and it is kept as that', async () => {
    const { fixes } = world();
    const [one, other] = [await proposedFix(store), await proposedFix(store)];
    await fixes.request({ ...other, user: REQUESTER, reason: 'audit' });
    for (const fix of [one, other]) {
      expect(await fixes.approve({ ...fix, user: ALONE, proof })).toMatchObject({ ok: false });
      expect(await fixes.breakGlass({ ...fix, user: ALONE, reason, proof })).toMatchObject({
        fix: { state: 'approved', row: { breakGlass: true, signedOffAt: null } },
      });
    }
    expect(await store.query.selectFrom('approvals').select(['user', 'stepUp', 'reason']).execute()).toEqual([
      { user: ALONE, stepUp: 'alias', reason },
      { user: ALONE, stepUp: 'alias', reason },
    ]);
    expect(await actionsSince(store, began)).toContain('fix.glass-broken');
  });

  test.each([
    ['who is not named', APPROVER, {}, /may not approve this fix alone/],
    ['without a reason', ALONE, { reason: ' ' }, /what the emergency is/],
    ['without the name of the account', ALONE, { proof: {} }, /Type acme prod/],
    ['of an older plan', ALONE, { revision: 0 }, /out of date/],
  ])('is refused: %s', async (_, user, changes, message) => {
    const { fixes } = world();
    const fix = await proposedFix(store);
    const refusal = await fixes.breakGlass({ ...fix, user, reason, proof, ...changes });
    expect(refusal).toMatchObject(refused(message));
    expect(await fixes.find(fix.fixId)).toMatchObject({ state: 'proposed', row: { breakGlass: false } });
  });

  test('is refused a guest, named or not', async () => {
    const { fixes } = world({ people: 2, breakGlass: [GUEST] });
    const fix = await proposedFix(store);
    expect(await fixes.breakGlass({ ...fix, user: GUEST, reason, proof })).toMatchObject(refused(/may not/));
  });

  test.each([
    ['what cannot be undone', { risk: 'irreversible', reversible: 'no' }],
    ['what cannot be taken back, whatever its risk', { reversible: 'no' }],
  ] as const)('never approves %s', async (_, plan) => {
    const { fixes } = world();
    const fix = await proposedFix(store, plan);
    expect(await fixes.breakGlass({ ...fix, user: ALONE, reason, proof })).toMatchObject(refused(/cannot be undone/));
  });

  test('never approves an undo', async () => {
    const { fixes } = world();
    const fix = await proposedFix(store);
    await store.query.updateTable('fixes').set({ kind: 'undo', of: fix.fixId }).where('id', '=', fix.fixId).execute();
    expect(await fixes.breakGlass({ ...fix, user: ALONE, reason, proof })).toMatchObject(refused(/undo is never/));
  });

  test('has to be named by the policy of every account that is touched', async () => {
    const named = { accounts: ['111111111111'], approval: { breakGlass: [ALONE] } };
    const environments = { prod: { ...named, channels: [CHANNEL] }, audit: { accounts: ['111111111111'] } };
    const { fixes } = world({ people: 2 }, { environments });
    const fix = await proposedFix(store);
    const plan = JSON.stringify({
      ...(await fixes.find(fix.fixId))?.proposal,
      environments: { '111111111111': ['prod', 'audit'] },
    });
    await store.query.updateTable('fixes').set({ plan }).where('id', '=', fix.fixId).execute();
    expect(await fixes.breakGlass({ ...fix, user: ALONE, reason, proof })).toMatchObject(refused(/may not/));
  });

  test('gives a one-time code where the policy asks for one', async () => {
    const here = world({ ...policy, stepUp: 'code' });
    const secret = await enrolled(here, ALONE);
    clock.advance(30_000);
    const fix = await proposedFix(store);
    const ask = { ...fix, user: ALONE, reason };
    expect(await here.fixes.breakGlass({ ...ask, proof })).toMatchObject(refused(/authenticator/, 'code'));
    const code = codeAt(secret, clock.now());
    expect(await here.fixes.breakGlass({ ...ask, proof: { ...proof, code } })).toMatchObject({ ok: true });
  });

  test('waits for no change window and no planned freeze', async () => {
    const freezes = [{ from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z', reason: 'year end' }];
    const { fixes } = world(undefined, {
      approval: { default: { approve: ['@trail-approvers'], ...policy }, freezes },
    });
    const fix = await proposedFix(store);
    expect(await fixes.breakGlass({ ...fix, user: ALONE, reason, proof })).toMatchObject({
      fix: { state: 'approved', row: { startsAt: null } },
    });
  });

  test('who may no longer do so when it is about to run is not enough: it waits for others, like anything else', async () => {
    const here = world();
    const fix = await proposedFix(store);
    await here.fixes.breakGlass({ ...fix, user: ALONE, reason, proof });
    here.directory.people.set(ALONE, { id: ALONE, name: 'kim', member: false });
    await here.fixes.apply(fix.fixId);
    expect(await here.fixes.find(fix.fixId)).toMatchObject({ state: 'pending', row: { breakGlass: false } });
    expect(await actionsSince(store, began)).toContain('fix.approvals-lapsed');
  });

  test('does it once, whatever number of times it is pressed', async () => {
    const { fixes } = world();
    const fix = await proposedFix(store);
    const ask = { ...fix, user: ALONE, reason, proof };
    const decided = await Promise.all(Array.from({ length: 5 }, () => fixes.breakGlass(ask)));
    expect(decided.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await actionsSince(store, began)).filter((action) => action === 'fix.glass-broken')).toHaveLength(1);
  });

  test('is said in the audit channel and in the thread', async () => {
    const { fixes } = world(policy, { audit: { channel: 'C0AUDITLOG00' } });
    const fix = await proposedFix(store);
    await fixes.breakGlass({ ...fix, user: ALONE, reason, proof });
    const said = await messagesAbout(store.query, { kind: 'emergency', id: fix.fixId });
    expect(said.map(({ channel, threadKey }) => [channel, threadKey]).sort()).toEqual([
      ['C0AUDITLOG00', null],
      [CHANNEL, 'run:1'],
    ]);
  });
});

describe('what was done alone', () => {
  test('is signed off by two others, and is closed then', async () => {
    const here = world({ ...policy, approve: ['@trail-approvers', ALONE] });
    const fixId = await broken(here);
    const { signOff } = here.fixes;
    expect(await signOff({ fixId, user: ALONE })).toMatchObject(refused(/two others/));
    expect(await signOff({ fixId, user: REQUESTER })).toMatchObject(refused(/may not sign/));
    expect(await signOff({ fixId, user: APPROVER })).toMatchObject({ fix: { row: { signedOffAt: null } } });
    expect(await signOff({ fixId, user: APPROVER })).toMatchObject(refused(/somebody else/));
    expect(await signOff({ fixId, user: APPROVER2 })).toMatchObject({ fix: { row: { signedOffAt: clock.now() } } });
    expect(await signOff({ fixId, user: APPROVER2 })).toMatchObject(refused(/already/));
    const signed = (await actionsSince(store, began)).filter((action) => action === 'fix.signed-off');
    expect(signed).toHaveLength(2);
  });

  test('is not signed off by who did it, nor twice by one person, under another id', async () => {
    const here = world();
    const fixId = await broken(here);
    here.directory.people.set(APPROVER, { id: APPROVER, name: 'kim', email: 'kim@example.com', member: true });
    expect(await here.fixes.signOff({ fixId, user: APPROVER })).toMatchObject(refused(/two others/));
    here.directory.people.set(APPROVER, { id: APPROVER, name: 'sam', email: 'sam@example.com', member: true });
    await here.fixes.signOff({ fixId, user: APPROVER });
    expect(await here.fixes.signOff({ fixId, user: APPROVER2 })).toMatchObject(refused(/somebody else/));
  });

  test('is not signed off before it is over, nor where nothing was done alone', async () => {
    const { fixes } = world();
    const fix = await proposedFix(store);
    expect(await fixes.signOff({ fixId: fix.fixId, user: APPROVER })).toMatchObject(refused(/nothing to sign off/));
    await fixes.breakGlass({ ...fix, user: ALONE, reason, proof });
    expect(await fixes.signOff({ fixId: fix.fixId, user: APPROVER })).toMatchObject(refused(/still runs/));
  });

  test('and not signed off within 24 hours bars it there, is said once, and is open again with the second signature', async () => {
    const here = world();
    const fixId = await broken(here);
    const next = await proposedFix(store);
    const again = { ...next, user: ALONE, reason, proof };
    clock.advance(24 * HOUR - 1_000);
    await here.fixes.sweep();
    expect(await messagesAbout(store.query, { kind: 'emergency-overdue', id: fixId })).toEqual([]);
    clock.advance(1_000);
    await Promise.all([here.fixes.sweep(), here.fixes.sweep()]);
    expect(await messagesAbout(store.query, { kind: 'emergency-overdue', id: fixId })).toHaveLength(1);
    expect((await actionsSince(store, began)).filter((action) => action === 'fix.sign-off-overdue')).toHaveLength(1);
    expect(await here.fixes.breakGlass(again)).toMatchObject(refused(/waits for its two signatures/));
    await here.fixes.signOff({ fixId, user: APPROVER });
    expect(await here.fixes.breakGlass(again)).toMatchObject(refused(/waits for its two signatures/));
    await here.fixes.signOff({ fixId, user: APPROVER2 });
    expect(await here.fixes.breakGlass(again)).toMatchObject({ ok: true });
  });

  test('bars nothing elsewhere', async () => {
    const staging = { accounts: ['222222222222'] };
    const prod = { accounts: [{ id: '111111111111', name: ALIAS }], channels: [CHANNEL] };
    const here = world(policy, { environments: { prod, staging } });
    await broken(here);
    clock.advance(25 * HOUR);
    const elsewhere = await proposedFix(store, {}, 'staging');
    expect(await here.fixes.breakGlass({ ...elsewhere, user: ALONE, reason, proof })).toMatchObject({ ok: true });
  });
});

test('two who sign off at once on two replicas are two signatures, and it is closed once', async () => {
  const stores = await postgresStore();
  const one = await stores.open({ now: clock.now });
  const two = await openStore(one.place, { now: clock.now });
  try {
    const [here, there] = [world(policy, {}, one.store), world(policy, {}, two)];
    const fixId = await broken(here, one.store);
    const signed = await Promise.all([
      ...Array.from({ length: 4 }, () => here.fixes.signOff({ fixId, user: APPROVER })),
      ...Array.from({ length: 4 }, () => there.fixes.signOff({ fixId, user: APPROVER2 })),
    ]);
    expect(signed.filter(({ ok }) => ok)).toHaveLength(2);
    expect(await here.fixes.find(fixId)).toMatchObject({ row: { signedOffAt: expect.any(Date) } });
    const noted = (await actionsSince(one.store, began)).filter((action) => action === 'fix.signed-off');
    expect(noted).toHaveLength(2);
  } finally {
    await two.close();
    await one.close();
    await stores.stop();
  }
});
