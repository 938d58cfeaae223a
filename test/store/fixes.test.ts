import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decisionsOn, lapseDecisions, recordDecision } from '../../src/store/approvals.ts';
import { auditOf } from '../../src/store/audit.ts';
import { documentWritten, holdDocuments, lastWritten, releaseDocuments } from '../../src/store/documents.ts';
import { StoreMisuse } from '../../src/store/errors.ts';
import type { FixState } from '../../src/store/fix-states.ts';
import {
  createFix,
  expireFixes,
  findFix,
  fixesIn,
  fixesOfFinding,
  openFix,
  openFixesOf,
  reviseFix,
  saveProgress,
  transition,
  undosOf,
} from '../../src/store/fixes.ts';
import { holdsOn, liftHold, setHold } from '../../src/store/holds.ts';
import { LEASE_MS, lapsed, renewLease, takeLease } from '../../src/store/leases.ts';
import type { Store } from '../../src/store/store.ts';
import { STORE_KINDS, storesOn, testClock } from '../support/store.ts';

const plan = (finding: string) => ({
  findings: [finding],
  check: 'trail/logging',
  accounts: ['111111111111'],
  plan: { schema: 1, changes: [] },
  planHash: `hash of ${finding}`,
  class: 'auto',
  risk: 'safe',
  people: 1,
});

describe.each(STORE_KINDS)('on %s', (kind) => {
  const clock = testClock();
  let stores: Awaited<ReturnType<typeof storesOn>>;
  let store: Store;
  let close: () => Promise<void>;

  beforeAll(async () => {
    stores = await storesOn(kind);
    ({ store, close } = await stores.open({ now: clock.now }));
  });
  afterAll(async () => {
    await close?.();
    await stores?.stop();
  });

  async function propose(finding: string): Promise<string> {
    const fix = await store.transaction((tx) => createFix(tx, { key: finding, ...plan(finding) }));
    if (fix === undefined) throw new Error(`${finding} has an open fix`);
    return fix.id;
  }
  const move = (id: string, from: FixState, to: FixState, patch = {}) =>
    store.transaction((tx) => transition(tx, id, from, to, patch));
  const apply = async (finding: string, owner: string) => {
    const id = await propose(finding);
    await move(id, 'proposed', 'approved');
    await move(id, 'approved', 'applying', { owner, leaseUntil: new Date(clock.now().getTime() + LEASE_MS) });
    return id;
  };

  test('a finding has one open fix, and a new one once that has ended', async () => {
    const id = await propose('f-one');
    expect(await store.transaction((tx) => createFix(tx, { key: 'f-one', ...plan('f-one') }))).toBeUndefined();
    expect((await openFix(store.query, 'f-one'))?.id).toBe(id);
    await move(id, 'proposed', 'superseded');
    const second = await propose('f-one');
    expect((await fixesOfFinding(store.query, 'f-one')).map((fix) => fix.id).sort()).toEqual([id, second].sort());
    expect((await openFixesOf(store.query, ['f-one', 'f-other'])).map((fix) => fix.id)).toEqual([second]);
  });

  test('a fix comes back as it was made', async () => {
    const id = await propose('f-made');
    expect(await findFix(store.query, id)).toMatchObject({
      ...plan('f-made'),
      state: 'proposed',
      kind: 'fix',
      revision: 1,
      progress: null,
      createdAt: clock.now(),
    });
    expect(id).toMatch(/^tc-[0-9a-f]{20}$/);
  });

  test('of two transitions at once one wins', async () => {
    const id = await propose('f-race');
    await move(id, 'proposed', 'pending');
    const outcomes = await Promise.all([
      move(id, 'pending', 'approved', { approvedAt: clock.now() }),
      move(id, 'pending', 'rejected'),
      move(id, 'pending', 'approved'),
      move(id, 'pending', 'withdrawn'),
    ]);
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  test('a transition that loses changes nothing', async () => {
    const id = await propose('f-lose');
    expect(await move(id, 'pending', 'approved', { reason: 'too late' })).toBe(false);
    expect(await findFix(store.query, id)).toMatchObject({ state: 'proposed', reason: null });
  });

  test('a move that is not in the table is refused', async () => {
    const id = await propose('f-illegal');
    await expect(move(id, 'proposed', 'fixed')).rejects.toBeInstanceOf(StoreMisuse);
    await expect(
      store.transaction((tx) => transition(tx, id, ['proposed', 'rejected'], 'approved')),
    ).rejects.toBeInstanceOf(StoreMisuse);
  });

  test('a new revision starts over, and buttons of the old one do nothing', async () => {
    const id = await propose('f-revised');
    await move(id, 'proposed', 'pending', { requestedBy: 'U1', requestedAt: clock.now(), reason: 'please' });
    const revised = await store.transaction((tx) =>
      reviseFix(tx, { id, revision: 1 }, { ...plan('f-revised'), planHash: 'another' }),
    );
    expect(revised).toMatchObject({
      revision: 2,
      state: 'proposed',
      planHash: 'another',
      requestedBy: null,
      reason: null,
    });
    expect(await store.transaction((tx) => transition(tx, { id, revision: 1 }, 'proposed', 'approved'))).toBe(false);
    expect(await store.transaction((tx) => reviseFix(tx, { id, revision: 1 }, plan('f-revised')))).toBeUndefined();
    expect(await store.transaction((tx) => transition(tx, { id, revision: 2 }, 'proposed', 'approved'))).toBe(true);
  });

  test('a person has one word on a revision, and a new one after it lapsed', async () => {
    const id = await propose('f-word');
    const decide = (decision: 'approve' | 'reject', revision = 1) =>
      store.transaction((tx) =>
        recordDecision(tx, { fix: id, revision, user: 'U1', decision, selfInitiated: false, seen: { groups: ['S1'] } }),
      );
    const twice = await Promise.all([decide('approve'), decide('approve')]);
    expect(twice.filter(Boolean)).toHaveLength(1);
    expect(await decide('reject')).toBe(false);
    expect(await decisionsOn(store.query, { id, revision: 1 })).toMatchObject([
      { user: 'U1', decision: 'approve', seen: { groups: ['S1'] } },
    ]);
    await store.transaction((tx) => lapseDecisions(tx, { id, revision: 1 }, ['U1']));
    expect(await decisionsOn(store.query, { id, revision: 1 })).toEqual([]);
    expect(await decide('reject')).toBe(true);
    expect(await decide('approve', 2)).toBe(true);
  });

  test('a lease is held by one, renewed by its owner only, and taken over when it lapsed', async () => {
    const id = await apply('f-lease', 'process-a');
    const take = (owner: string) => takeLease(store.query, 'fixes', { id, owner, at: clock.now() });
    const renew = (owner: string) => renewLease(store.query, 'fixes', { id, owner, at: clock.now() });
    expect(await take('process-b')).toBe(false);
    expect(await renew('process-b')).toBe(false);
    clock.advance(LEASE_MS - 1);
    expect(await renew('process-a')).toBe(true);
    expect(await lapsed(store.query, 'fixes', clock.now())).toEqual([]);
    clock.advance(LEASE_MS);
    expect(await lapsed(store.query, 'fixes', clock.now())).toEqual([id]);
    expect((await Promise.all(['process-b', 'process-c'].map(take))).filter(Boolean)).toHaveLength(1);
    expect(await renew('process-a')).toBe(false);
    expect(await lapsed(store.query, 'fixes', clock.now())).toEqual([]);
  });

  test('who lost the lease can neither save progress nor end the fix', async () => {
    const id = await apply('f-progress', 'process-a');
    const save = (owner: string, step: number) =>
      saveProgress(store.query, { id, owner, at: clock.now() }, { steps: [{ state: 'done', step }] });
    expect(await save('process-a', 1)).toBe(true);
    clock.advance(LEASE_MS);
    await takeLease(store.query, 'fixes', { id, owner: 'process-b', at: clock.now() });
    expect(await save('process-a', 2)).toBe(false);
    expect(await store.transaction((tx) => transition(tx, { id, owner: 'process-a' }, 'applying', 'failed'))).toBe(
      false,
    );
    expect(await store.transaction((tx) => transition(tx, { id, owner: 'process-b' }, 'applying', 'verifying'))).toBe(
      true,
    );
    expect(await findFix(store.query, id)).toMatchObject({ owner: 'process-b', progress: { steps: [{ step: 1 }] } });
    await move(id, 'verifying', 'fixed', { result: { calls: 2 } });
    expect(await findFix(store.query, id)).toMatchObject({ owner: null, leaseUntil: null, result: { calls: 2 } });
  });

  test('what was not decided in time expires, with an audit entry', async () => {
    const expiresAt = new Date(clock.now().getTime() + 1000);
    const [late, decided, open] = await Promise.all(['f-late', 'f-decided', 'f-open'].map(propose));
    if (late === undefined || decided === undefined || open === undefined) throw new Error('not proposed');
    await move(late, 'proposed', 'pending', { expiresAt });
    await move(decided, 'proposed', 'approved', { expiresAt });
    await move(decided, 'approved', 'applying', { owner: 'process-a' });
    await move(open, 'proposed', 'pending', { expiresAt: new Date(expiresAt.getTime() + 1) });
    clock.advance(1000);
    expect((await store.transaction(expireFixes)).map(({ id }) => id)).toEqual([late]);
    expect(await auditOf(store.query, { kind: 'fix', id: late })).toMatchObject([{ action: 'fix.expired' }]);
    expect((await fixesIn(store.query, ['pending'])).map(({ id }) => id)).toContain(open);
  });

  test('an undo is a fix of its own that names what it takes back', async () => {
    const id = await propose('f-undone');
    const undo = await store.transaction((tx) => createFix(tx, { key: `undo:${id}`, of: id, ...plan('f-undone') }));
    expect(undo).toMatchObject({ kind: 'undo', of: id });
    expect(await undosOf(store.query, id)).toHaveLength(1);
  });

  test('documents are held by one fix, all of them or none', async () => {
    const until = new Date(clock.now().getTime() + 60_000);
    const hold = (documents: string[], holder: string) =>
      store.transaction((tx) => holdDocuments(tx, documents, holder, until));
    expect(await hold(['arn:a', 'arn:b'], 'tc-1')).toBe(true);
    expect(await hold(['arn:c', 'arn:b'], 'tc-2')).toBe(false);
    expect(await hold(['arn:c'], 'tc-3')).toBe(true);
    expect(await hold(['arn:a'], 'tc-1')).toBe(true);
    await documentWritten(store.query, { document: 'arn:b', hash: 'h1', at: clock.now() });
    await releaseDocuments(store.query, 'tc-1');
    expect(await hold(['arn:b'], 'tc-2')).toBe(true);
    expect(await lastWritten(store.query, 'arn:b')).toEqual({ hash: 'h1', at: clock.now() });
    expect(await lastWritten(store.query, 'arn:a')).toBeUndefined();
    clock.advance(60_000);
    expect(await hold(['arn:c'], 'tc-2')).toBe(true);
  });

  test('a hold stays until it is lifted', async () => {
    await store.transaction((tx) => setHold(tx, 'f-held', { reason: 'was undone', by: 'U1' }));
    expect(await holdsOn(store.query, ['f-held', 'f-free'])).toMatchObject([{ finding: 'f-held', by: 'U1' }]);
    expect(await store.transaction((tx) => liftHold(tx, 'f-held'))).toBe(true);
    expect(await store.transaction((tx) => liftHold(tx, 'f-held'))).toBe(false);
  });
});
