import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { auditHead } from '../../src/store/audit.ts';
import { StoreMisuse } from '../../src/store/errors.ts';
import { findMessage } from '../../src/store/messages.ts';
import { claimSlot, completeSlot, lastSlot } from '../../src/store/slots.ts';
import type { Store } from '../../src/store/store.ts';
import { STORE_KINDS, storesOn } from '../support/store.ts';

describe.each(STORE_KINDS)('on %s', (kind) => {
  let stores: Awaited<ReturnType<typeof storesOn>>;
  let store: Store;
  let close: () => Promise<void>;

  beforeAll(async () => {
    stores = await storesOn(kind);
  });
  // A store for each test: workers of one would take the jobs of the next.
  beforeEach(async () => {
    ({ store, close } = await stores.open());
  });
  afterEach(() => close());
  afterAll(() => stores?.stop());

  test('a transaction that fails takes back its job, its audit entry and what it said', async () => {
    const handled: string[] = [];
    await store.work('fix.apply', async ({ fixId }) => void handled.push(fixId));
    const before = await auditHead(store.query);
    const attempt = (fixId: string, fail: boolean) =>
      store.transaction(async (tx) => {
        await tx.enqueue('fix.apply', { fixId });
        tx.audit({ actor: 'U1', action: 'fix.approved', subject: { kind: 'fix', id: fixId } });
        await tx.say({ key: `fix:${fixId}`, channel: 'C1', subject: { kind: 'fix', id: fixId } });
        if (fail) throw new Error('changed my mind');
      });

    await expect(attempt('rolled-back', true)).rejects.toThrow('changed my mind');
    await attempt('kept', false);

    await vi.waitFor(() => expect(handled).toEqual(['kept']), { timeout: 10_000 });
    expect(await findMessage(store.query, 'fix:rolled-back')).toBeUndefined();
    expect(await findMessage(store.query, 'fix:kept')).toMatchObject({
      channel: 'C1',
      wantedVersion: 1,
      shownVersion: 0,
    });
    expect((await auditHead(store.query)).seq).toBe(before.seq + 1);
  });

  test.each<[string, (store: Store) => unknown]>([
    ['query', (store) => store.query],
    ['transaction', (store) => store.transaction(async () => {})],
    ['enqueue', (store) => store.enqueue('run', { runId: 'r' })],
  ])('store.%s inside a transaction is refused instead of hanging', async (_, misuse) => {
    await expect(store.transaction(async () => misuse(store))).rejects.toBeInstanceOf(StoreMisuse);
    await expect(store.transaction(async (tx) => tx.at)).resolves.toEqual(store.now());
  });

  test('a job runs once, though several workers wait for it', async () => {
    const runs = new Map<string, number>();
    await store.work('run', async ({ runId }) => void runs.set(runId, (runs.get(runId) ?? 0) + 1));
    const ids = Array.from({ length: 60 }, (_, index) => `run-${index}`);
    await Promise.all(ids.map((runId) => store.enqueue('run', { runId })));
    await vi.waitFor(() => expect(runs.size).toBe(60), { timeout: 15_000 });
    expect([...runs.values()].every((count) => count === 1)).toBe(true);
  });

  test('a job that fails is tried again, and its neighbours in the batch are not', async () => {
    const tries: string[] = [];
    await store.work('fix.apply', async ({ fixId }, { tries: before }) => {
      tries.push(`${fixId} ${before}`);
      if (fixId === 'shaky' && before === 0) throw new Error('AWS was not in the mood');
    });
    await Promise.all(['shaky', 'steady'].map((fixId) => store.enqueue('fix.apply', { fixId })));
    await vi.waitFor(() => expect(tries.toSorted()).toEqual(['shaky 0', 'shaky 1', 'steady 0']), { timeout: 15_000 });
  });

  test('a job may open transactions and queue the next job', async () => {
    const order: string[] = [];
    await store.work('message.deliver', async ({ channel }) => {
      order.push(channel);
      if (channel === 'first') await store.transaction((tx) => tx.enqueue('message.deliver', { channel: 'second' }));
    });
    await store.transaction((tx) => tx.enqueue('message.deliver', { channel: 'first' }));
    await vi.waitFor(() => expect(order).toEqual(['first', 'second']), { timeout: 10_000 });
  });

  test('a slot of the schedule is claimed once', async () => {
    const slot = { job: 'digest:prod', slot: new Date('2026-11-02T07:00:00Z') };
    const claims = await Promise.all(
      ['a', 'b', 'c'].map((owner) => store.transaction((tx) => claimSlot(tx, slot, owner))),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    const next = { ...slot, slot: new Date('2026-11-03T07:00:00Z') };
    expect(await store.transaction((tx) => claimSlot(tx, next, 'a'))).toBe(true);
    await completeSlot(store.query, next, store.now());
    expect(await lastSlot(store.query, 'digest:prod')).toEqual(next.slot);
    expect(await lastSlot(store.query, 'digest:staging')).toBeUndefined();
  });
});
