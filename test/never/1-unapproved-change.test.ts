import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FixView } from '../../src/fixes/fix.ts';
import type { Store } from '../../src/store/store.ts';
import {
  APPROVER,
  APPROVER2,
  APPROVERS,
  emptyStore,
  GUEST,
  REQUESTER,
  type TestFixes,
  testFixes,
} from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

/** Design, section 8: a change in AWS without an unexpired approval for exactly that plan by people allowed to give it. */

const CHECK = 'trail/log-file-validation';
const TRAIL = 'acme-org-trail';
const DAY_MS = 86_400_000;

let opened: TestStore;
let store: Store;
let now: Date;
beforeAll(async () => {
  opened = await openTestStore({ now: () => now });
  ({ store } = opened);
});
afterAll(() => opened?.close());

let world: TestFixes;
beforeEach(async () => {
  now = new Date();
  await emptyStore(store);
});
afterEach(() => world.close());

/** A fix that waits for somebody's word; nothing but the policy differs between tests. */
async function proposed(approval: object = { default: { approve: [APPROVERS], direct: false } }): Promise<FixView> {
  world = await testFixes({ store, file: { approval } });
  const { fixFor } = await world.scanAndPropose('prod', [CHECK]);
  return world.find(fixFor(CHECK, TRAIL));
}

/** Everything that could make it run, then what was written. */
async function writes({ id }: FixView): Promise<string[]> {
  await world.fixes.apply(id);
  await world.fixes.sweep();
  await world.fixes.apply(id);
  return world.newWrites().map(({ operation }) => operation);
}

const request = ({ id, revision }: FixView) =>
  world.fixes.request({ fixId: id, revision, user: REQUESTER, reason: 'x' });
const approve = ({ id, revision }: FixView, user: string) => world.fixes.approve({ fixId: id, revision, user });

it('a fix that is approved as it should be runs, so that its absence below means something', async () => {
  const fix = await proposed();
  await request(fix);
  expect(await approve(fix, APPROVER)).toMatchObject({ ok: true });
  expect(await writes(fix)).toContain('UpdateTrail');
});

describe('nothing is written', () => {
  it('when nobody asked, or somebody only asked', async () => {
    const fix = await proposed();
    expect(await writes(fix)).toEqual([]);
    await request(fix);
    expect(await writes(fix)).toEqual([]);
  });

  it.each([
    ['who asked', REQUESTER],
    ['a guest, although the group lists them', GUEST],
    ['somebody whom Slack does not know', 'U0NOBODY'],
  ])('on the word of %s', async (_, user) => {
    const fix = await proposed();
    await request(fix);
    expect(await approve(fix, user)).toMatchObject({ ok: false });
    expect(await writes(fix)).toEqual([]);
  });

  it('when the stored plan was edited after it was approved', async () => {
    const fix = await proposed();
    await request(fix);
    expect(await approve(fix, APPROVER)).toMatchObject({ ok: true });
    const plan = JSON.stringify(fix.row.plan).replace('"EnableLogFileValidation":true', '"IsMultiRegionTrail":false');
    expect(plan).toContain('"IsMultiRegionTrail":false');
    await store.query.updateTable('fixes').set({ plan }).where('id', '=', fix.id).execute();
    expect(await writes(fix)).toEqual([]);
  });

  it('on the word of an approver who asked as somebody else with the same e-mail', async () => {
    const fix = await proposed();
    const alias = world.directory.people.get(REQUESTER)?.email ?? '';
    world.directory.people.set(APPROVER, { id: APPROVER, name: 'robin too', email: alias, member: true });
    await request(fix);
    expect(await approve(fix, APPROVER)).toMatchObject({ ok: false });
    expect(await writes(fix)).toEqual([]);
  });

  it('on one word where two are needed, said twice', async () => {
    const fix = await proposed({ default: { approve: [APPROVERS], people: 2 } });
    await request(fix);
    expect(await approve(fix, APPROVER)).toMatchObject({ ok: true, fix: { state: 'pending' } });
    expect(await approve(fix, APPROVER)).toMatchObject({ ok: false });
    expect(await writes(fix)).toEqual([]);
    expect(await approve(fix, APPROVER2)).toMatchObject({ ok: true, fix: { state: 'approved' } });
  });

  it('on a word that came too late', async () => {
    const fix = await proposed();
    await request(fix);
    now = new Date(now.getTime() + DAY_MS + 1);
    expect(await approve(fix, APPROVER)).toMatchObject({ ok: false });
    expect(await writes(fix)).toEqual([]);
    expect(await world.find(fix.id)).toMatchObject({ state: 'expired' });
  });

  it('when the time runs out between the approval and the first call', async () => {
    const fix = await proposed();
    await request(fix);
    await approve(fix, APPROVER);
    now = new Date(now.getTime() + DAY_MS + 1);
    expect(await writes(fix)).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['left the group', () => world.directory.groups.set(APPROVERS, [APPROVER2])],
    ['left the company', () => world.directory.people.delete(APPROVER)],
    ['became a guest', () => world.directory.people.set(APPROVER, { id: APPROVER, name: 'alex', member: false })],
  ])('when the approver %s before the first call', async (_, change) => {
    const fix = await proposed();
    await request(fix);
    await approve(fix, APPROVER);
    change();
    expect(await writes(fix)).toEqual([]);
    expect(await world.find(fix.id)).toMatchObject({ state: 'pending' });
  });

  it('on the word for an older revision of the plan', async () => {
    const fix = await proposed();
    await request(fix);
    expect(await approve({ ...fix, revision: fix.revision - 1 }, APPROVER)).toMatchObject({ ok: false });
    expect(await writes(fix)).toEqual([]);
  });

  it('when it was rejected', async () => {
    const fix = await proposed();
    await request(fix);
    expect(await world.fixes.reject({ fixId: fix.id, revision: fix.revision, user: APPROVER })).toMatchObject({
      ok: true,
    });
    expect(await approve(fix, APPROVER2)).toMatchObject({ ok: false });
    expect(await writes(fix)).toEqual([]);
  });
});

it('two processes that are told at once make each call once', async () => {
  const fix = await proposed();
  await request(fix);
  await approve(fix, APPROVER);
  await Promise.all([world.fixes.apply(fix.id), world.fixes.apply(fix.id), world.fixes.apply(fix.id)]);
  expect(world.newWrites().map(({ operation }) => operation)).toEqual(['UpdateTrail']);
});
