import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import type { Store } from '../../../src/store/store.ts';
import { APPROVER, APPROVER2, GUEST, REQUESTER } from '../../support/fixes.ts';
import { openTestStore, postgresStore, type TestStore, testClock } from '../../support/store.ts';
import {
  ALIAS,
  actionsSince,
  codeAt,
  enrolled,
  proposedFix,
  type Replica,
  refused,
  replica,
  wrongCode,
} from './support.ts';

const clock = testClock();
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
  clock.advance(3_600_000);
  began = clock.now();
  for (const table of ['signOffs', 'approvals', 'fixes', 'enrolments', 'messages'] as const) {
    await store.query.deleteFrom(table).execute();
  }
});

const next = () => clock.advance(30_000);

describe('the name of the account', () => {
  test.each([
    ['is not given', {}, /Type acme prod/],
    ['is another', { alias: 'acme-prod' }, /not acme prod/],
    ['is written otherwise', { alias: 'Acme Prod' }, /not acme prod/],
    ['is the id of an account that has a name', { alias: '111111111111' }, /not acme prod/],
  ])('refuses the approval where it %s', async (_, proof, message) => {
    const { fixes } = replica(store, { stepUp: 'alias' });
    const fix = await proposedFix(store);
    expect(await fixes.approve({ ...fix, user: APPROVER, proof })).toMatchObject(refused(message, 'alias'));
    expect(await fixes.find(fix.fixId)).toMatchObject({ state: 'proposed' });
  });

  test('lets it through, whatever spaces stand around it, and is kept with the approval', async () => {
    const { fixes } = replica(store, { stepUp: 'alias' });
    const fix = await proposedFix(store);
    expect(await fixes.approve({ ...fix, user: APPROVER, proof: { alias: ` ${ALIAS} ` } })).toMatchObject({ ok: true });
    expect(await store.query.selectFrom('approvals').select('stepUp').execute()).toEqual([{ stepUp: 'alias' }]);
  });

  test('is asked for where a plan cannot be undone, whatever the policy says', async () => {
    const { fixes } = replica(store, {});
    const fix = await proposedFix(store, { risk: 'irreversible', reversible: 'no' });
    await fixes.request({ ...fix, user: REQUESTER, reason: 'audit' });
    expect(await fixes.approve({ ...fix, user: APPROVER })).toMatchObject(refused(/Type acme prod/, 'alias'));
    expect(await fixes.approve({ ...fix, user: APPROVER, proof: { alias: ALIAS } })).toMatchObject({ ok: true });
  });

  test('is asked for only of who may approve', async () => {
    const { fixes } = replica(store, { stepUp: 'alias' });
    const fix = await proposedFix(store);
    expect(await fixes.approve({ ...fix, user: REQUESTER })).toMatchObject(refused(/may not approve/));
  });

  test('is not taken from a request that would count as an approval: who asked approves like everybody', async () => {
    const { fixes } = replica(store, { stepUp: 'alias', people: 2, requesterCounts: true });
    const fix = await proposedFix(store);
    await fixes.request({ ...fix, user: APPROVER, reason: 'audit' });
    expect(await fixes.approve({ ...fix, user: APPROVER2, proof: { alias: ALIAS } })).toMatchObject({
      fix: { state: 'pending' },
    });
    expect(await fixes.approve({ ...fix, user: APPROVER, proof: { alias: ALIAS } })).toMatchObject({
      fix: { state: 'approved' },
    });
  });
});

describe('a one-time code', () => {
  const policy = { stepUp: 'code' };
  const alias = ALIAS;

  test('lets the approval through once, and is kept as that', async () => {
    const world = replica(store, policy);
    const secret = await enrolled(world, APPROVER);
    next();
    const [one, other] = [await proposedFix(store), await proposedFix(store)];
    const code = codeAt(secret, clock.now());
    const { fixes } = world;
    expect(await fixes.approve({ ...one, user: APPROVER, proof: { alias, code } })).toMatchObject({ ok: true });
    expect(await store.query.selectFrom('approvals').select('stepUp').execute()).toEqual([{ stepUp: 'code' }]);
    expect(await fixes.approve({ ...other, user: APPROVER, proof: { alias, code } })).toMatchObject(
      refused(/used already/, 'code'),
    );
    expect(await fixes.find(other.fixId)).toMatchObject({ state: 'proposed' });
    expect(await actionsSince(store, began)).toContain('step-up.replayed');
  });

  test('that confirmed the secret does not approve anything any more', async () => {
    const world = replica(store, policy);
    const secret = await enrolled(world, APPROVER);
    const fix = await proposedFix(store);
    const proof = { alias, code: codeAt(secret, clock.now()) };
    expect(await world.fixes.approve({ ...fix, user: APPROVER, proof })).toMatchObject(refused(/used already/, 'code'));
  });

  test('of another person does not count', async () => {
    const world = replica(store, policy);
    await enrolled(world, APPROVER);
    const secret = await enrolled(world, APPROVER2);
    next();
    const fix = await proposedFix(store);
    const proof = { alias, code: codeAt(secret, clock.now()) };
    expect(await world.fixes.approve({ ...fix, user: APPROVER, proof })).toMatchObject(refused(/not the code/, 'code'));
  });

  test('is not looked at, and not used up, where the name is wrong or the person may not', async () => {
    const world = replica(store, policy);
    const secret = await enrolled(world, APPROVER);
    next();
    const fix = await proposedFix(store);
    const code = codeAt(secret, clock.now());
    expect(await world.fixes.approve({ ...fix, user: APPROVER, proof: { alias: 'x', code } })).toMatchObject({
      ok: false,
    });
    expect(await world.fixes.approve({ ...fix, user: APPROVER, proof: { alias, code } })).toMatchObject({ ok: true });
  });

  test('wrong five times locks for 15 minutes, for the right code too, and says so', async () => {
    const world = replica(store, policy);
    const secret = await enrolled(world, APPROVER);
    next();
    const fix = await proposedFix(store);
    const give = (code: string) => world.fixes.approve({ ...fix, user: APPROVER, proof: { alias, code } });
    for (const left of [4, 3, 2, 1]) {
      const message = new RegExp(`After ${left} more`);
      expect(await give(wrongCode(secret, clock.now()))).toMatchObject(refused(message, 'code'));
    }
    expect(await give(wrongCode(secret, clock.now()))).toMatchObject(refused(/Too many wrong codes/, 'code'));
    expect(await give(codeAt(secret, clock.now()))).toMatchObject(refused(/Too many wrong codes/, 'code'));
    clock.advance(14 * 60_000);
    expect(await give(codeAt(secret, clock.now()))).toMatchObject({ ok: false });
    clock.advance(61_000);
    expect(await give(codeAt(secret, clock.now()))).toMatchObject({ ok: true });
    const said = (await actionsSince(store, began)).filter((action) => action.startsWith('step-up.'));
    expect(said.filter((action) => action === 'step-up.failed')).toHaveLength(5);
    expect(said.filter((action) => action === 'step-up.locked')).toHaveLength(1);
  });

  test('is refused with what to do where the person has none, and where the installation has no key', async () => {
    const fix = await proposedFix(store);
    const give = (world: Replica) => world.fixes.approve({ ...fix, user: APPROVER, proof: { alias, code: '123456' } });
    expect(await give(replica(store, policy))).toMatchObject(refused(/no one-time codes yet/, 'code'));
    expect(await give(replica(store, policy, { key: '' }))).toMatchObject(refused(/TRAIL_CHECK_STEP_UP_KEY/, 'code'));
  });

  test('cannot be read with another key', async () => {
    const secret = await enrolled(replica(store, policy), APPROVER);
    next();
    const other = replica(store, policy, { key: 'ab'.repeat(32) });
    const fix = await proposedFix(store);
    const proof = { alias, code: codeAt(secret, clock.now()) };
    expect(await other.fixes.approve({ ...fix, user: APPROVER, proof })).toMatchObject(refused(/present key/, 'code'));
  });
});

describe('codes', () => {
  test('are set up anew only with a code of the present ones, which hold until the new ones are confirmed', async () => {
    const { fixes, ...world } = replica(store);
    const first = await enrolled({ fixes, ...world }, APPROVER);
    next();
    expect(await fixes.codes.begin({ user: APPROVER })).toMatchObject(refused(/present ones first/, 'code'));
    expect(await fixes.codes.begin({ user: APPROVER, code: wrongCode(first, clock.now()) })).toMatchObject({
      ok: false,
    });
    const begun = await fixes.codes.begin({ user: APPROVER, code: codeAt(first, clock.now()) });
    if (!begun.ok) throw new Error(begun.message);
    next();
    expect(await fixes.codes.begin({ user: APPROVER, code: codeAt(begun.secret, clock.now()) })).toMatchObject({
      ok: false,
    });
    expect(await fixes.codes.confirm({ user: APPROVER, code: codeAt(begun.secret, clock.now()) })).toEqual({
      ok: true,
    });
    next();
    expect(await fixes.codes.begin({ user: APPROVER, code: codeAt(first, clock.now()) })).toMatchObject({ ok: false });
    expect(await fixes.codes.begin({ user: APPROVER, code: codeAt(begun.secret, clock.now()) })).toMatchObject({
      ok: true,
    });
  });

  test('are not confirmed by a wrong code, nor a quarter of an hour later', async () => {
    const { fixes } = replica(store);
    const begun = await fixes.codes.begin({ user: APPROVER });
    if (!begun.ok) throw new Error(begun.message);
    expect(await fixes.codes.confirm({ user: APPROVER, code: wrongCode(begun.secret, clock.now()) })).toMatchObject({
      ok: false,
    });
    clock.advance(16 * 60_000);
    expect(await fixes.codes.confirm({ user: APPROVER, code: codeAt(begun.secret, clock.now()) })).toMatchObject(
      refused(/no longer good/, 'code'),
    );
    expect(await fixes.codes.of(APPROVER)).toBe('not-enrolled');
  });

  test('are not for guests', async () => {
    expect(await replica(store).fixes.codes.begin({ user: GUEST })).toMatchObject(refused(/full members/));
  });

  test('are reset by another approver, and by nobody else', async () => {
    const world = replica(store);
    await enrolled(world, APPROVER);
    const { fixes, directory } = world;
    expect(await fixes.codes.reset({ user: APPROVER, by: REQUESTER })).toMatchObject(refused(/Only approvers/));
    expect(await fixes.codes.reset({ user: APPROVER, by: APPROVER })).toMatchObject(refused(/Another approver/));
    const twin = directory.people.get(APPROVER);
    if (twin !== undefined) directory.people.set(APPROVER2, { ...twin, id: APPROVER2 });
    expect(await fixes.codes.reset({ user: APPROVER, by: APPROVER2 })).toMatchObject(refused(/Another approver/));
    if (twin !== undefined) directory.people.set(APPROVER2, { ...twin, id: APPROVER2, email: 'sam@example.com' });
    expect(await fixes.codes.reset({ user: APPROVER, by: APPROVER2 })).toEqual({ ok: true });
    expect(await fixes.codes.of(APPROVER)).toBe('not-enrolled');
    expect(await fixes.codes.reset({ user: APPROVER, by: APPROVER2 })).toMatchObject(refused(/no codes/));
  });

  test('leave no secret in the database, the audit log or messages', async () => {
    const world = replica(store, {});
    const secret = await enrolled(world, APPROVER);
    for (const table of ['enrolments', 'audit', 'messages'] as const) {
      const rows = JSON.stringify(await store.query.selectFrom(table).selectAll().execute());
      expect(rows).not.toContain(secret);
    }
    expect(await actionsSince(store, began)).toEqual(['step-up.begun', 'step-up.enrolled']);
  });
});

test('one code on two replicas at once lets one approval through', async () => {
  const stores = await postgresStore();
  const one = await stores.open({ now: clock.now });
  const two = await openStore(one.place, { now: clock.now });
  try {
    const here = replica(one.store, { stepUp: 'code' });
    const there = replica(two, { stepUp: 'code' });
    const secret = await enrolled(here, APPROVER);
    next();
    const fixes = await Promise.all(Array.from({ length: 8 }, () => proposedFix(one.store)));
    const proof = { alias: ALIAS, code: codeAt(secret, clock.now()) };
    const decided = await Promise.all(
      fixes.map((fix, at) => (at % 2 === 0 ? here : there).fixes.approve({ ...fix, user: APPROVER, proof })),
    );
    expect(decided.filter(({ ok }) => ok)).toHaveLength(1);
    const approvals = await one.store.query.selectFrom('approvals').select('stepUp').execute();
    expect(approvals).toEqual([{ stepUp: 'code' }]);
  } finally {
    await two.close();
    await one.close();
    await stores.stop();
  }
});
