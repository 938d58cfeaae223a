import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { APPROVER, APPROVER2, emptyStore, REQUESTER, type TestFixes, testFixes } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

const CHECK = 'bucket/tls-only';
const ORIGIN = { channel: 'C0AUDIT', threadKey: 'run:x' };

let opened: TestStore;
let world: TestFixes;
beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date() });
});
afterAll(() => opened.close());
beforeEach(async () => {
  await emptyStore(opened.store);
});

/** The fixes of one check in two accounts, as a modal would show them. */
async function shown() {
  const { findings } = await world.scanAndPropose('prod', [CHECK]);
  const failing = findings.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
  const fixes = await world.fixes.batchable(failing);
  expect(fixes.length).toBeGreaterThan(1);
  expect(new Set(fixes.map(({ proposal }) => proposal.finding.account)).size).toBeGreaterThan(1);
  return fixes.map(({ id, revision }) => ({ id, revision }));
}

async function inWorld(work: () => Promise<void>, file: object = {}): Promise<void> {
  world = await testFixes({ store: opened.store, file });
  try {
    await work();
  } finally {
    await world.close();
  }
}

function submit(fixes: { id: string; revision: number }[], act: 'approve' | 'request', user: string) {
  return world.fixes.submitBatch({ fixes, act, user, reason: 'All of them', origin: ORIGIN });
}

test('one request and one approval decide on every plan as it was shown, and each runs by itself', async () => {
  await inWorld(async () => {
    const fixes = await shown();
    const requested = await submit(fixes, 'request', REQUESTER);
    if (!requested.ok) throw new Error(requested.message);
    const { id: batch, hash } = requested.batch;
    expect(requested.batch.fixes.map(({ state }) => state)).toEqual(fixes.map(() => 'pending'));
    const word = { batch, hash, decision: 'approve', reason: undefined } as const;
    expect(await world.fixes.decideBatch({ ...word, user: REQUESTER })).toMatchObject({ ok: false });
    const approved = await world.fixes.decideBatch({ ...word, user: APPROVER });
    expect(approved).toMatchObject({ ok: true, refused: [] });
    for (const { id } of fixes) await world.fixes.apply(id);
    const done = await world.fixes.findBatch(batch);
    expect(done?.fixes.map(({ state }) => state)).toEqual(fixes.map(() => 'fixed'));
    expect(world.newWrites().map(({ operation }) => operation)).toEqual(fixes.map(() => 'PutBucketPolicy'));
  });
});

test('a set with one plan that changed since it was shown is refused as a whole', async () => {
  await inWorld(async () => {
    const [first, ...rest] = await shown();
    if (first === undefined) throw new Error('nothing was shown');
    const stale = [{ ...first, revision: first.revision + 1 }, ...rest];
    expect(await submit(stale, 'request', REQUESTER)).toMatchObject({ ok: false });
    for (const { id } of [first, ...rest]) expect(await world.find(id)).toMatchObject({ state: 'proposed' });
  });
});

test('a button on an older set is refused', async () => {
  await inWorld(async () => {
    const requested = await submit(await shown(), 'request', REQUESTER);
    if (!requested.ok) throw new Error(requested.message);
    const old = {
      batch: requested.batch.id,
      hash: '0000000000000000',
      decision: 'approve',
      reason: undefined,
    } as const;
    expect(await world.fixes.decideBatch({ ...old, user: APPROVER })).toMatchObject({ ok: false });
  });
});

test('where two are needed both decide on the whole set', async () => {
  await inWorld(
    async () => {
      const requested = await submit(await shown(), 'request', REQUESTER);
      if (!requested.ok) throw new Error(requested.message);
      const word = {
        batch: requested.batch.id,
        hash: requested.batch.hash,
        decision: 'approve',
        reason: undefined,
      } as const;
      const first = await world.fixes.decideBatch({ ...word, user: APPROVER });
      expect(first.ok && first.batch.fixes.every(({ state }) => state === 'pending')).toBe(true);
      const second = await world.fixes.decideBatch({ ...word, user: APPROVER2 });
      expect(second.ok && second.batch.fixes.every(({ state }) => state === 'approved')).toBe(true);
    },
    { approval: { default: { approve: [APPROVER, APPROVER2], people: 2 } } },
  );
});

test('what fails stops no other, and is planned again as a set of its own', async () => {
  await inWorld(async () => {
    const fixes = await shown();
    const requested = await submit(fixes, 'request', REQUESTER);
    if (!requested.ok) throw new Error(requested.message);
    const { id: batch, hash } = requested.batch;
    await world.fixes.decideBatch({ batch, hash, decision: 'approve', reason: undefined, user: APPROVER });
    world.estate.knobs.denied.push({ account: '444444444444', action: 's3:PutBucketPolicy' });
    for (const { id } of fixes) await world.fixes.apply(id);
    world.estate.knobs.denied.pop();
    const states = (await world.fixes.findBatch(batch))?.fixes.map(({ state }) => state) ?? [];
    expect(states.filter((state) => state === 'fixed')).toHaveLength(fixes.length - 1);
    const again = await world.fixes.retryBatch({ batch, user: REQUESTER, origin: ORIGIN });
    if (!again.ok) throw new Error(again.message);
    expect(again.batch.fixes.map(({ state, proposal }) => [state, proposal.finding.account])).toEqual([
      ['proposed', '444444444444'],
    ]);
  });
});
