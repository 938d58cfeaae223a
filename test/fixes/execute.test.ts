import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { createFixes } from '../../src/fixes/service.ts';
import { DEMO_ACCOUNTS, DEMO_ARCHIVE_KEY, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { transition } from '../../src/store/fixes.ts';
import { LEASE_MS } from '../../src/store/leases.ts';
import { verifyAudit } from '../../src/store/verify-audit.ts';
import { emptyStore, type TestFixes, testFixes } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';
import { addStatement, keyIn, trailIn } from './estate.ts';

/*
 * One fix of two steps in two accounts: the policy of the archive's key, then the trail of the organization.
 */
let opened: TestStore;
let late = 0;
let world: TestFixes;
let id: string;

const { organization } = DEMO_TRAILS;
const { management } = DEMO_ACCOUNTS;
const CHECK = 'trail/kms-encryption';
const FILE = { keys: { 'us-east-1': DEMO_ARCHIVE_KEY } };

beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date(Date.now() + late) });
});
afterAll(() => opened.close());
beforeEach(async () => {
  await emptyStore(opened.store);
  world = await testFixes({ store: opened.store, file: FILE });
  id = (await world.scanAndPropose(management, [CHECK])).fixFor(CHECK, organization);
  await world.approve(id);
});
afterEach(() => world.close());

const encrypted = () => trailIn(world.estate, organization).kmsKeyId;
const statements = () => keyIn(world.estate, DEMO_ARCHIVE_KEY).policy.Statement.length;
const writes = () => world.newWrites().map(({ operation }) => operation);

/** The fixes of a process that dies: right before or right after it makes its nth call. */
function mortal(nth: number, when: 'before' | 'after') {
  let made = 0;
  const fixer = (account: string, fence: Parameters<typeof world.context.fixer>[1]): Session => {
    const session = world.context.fixer(account, fence);
    return {
      ...session,
      async send(name, region, input) {
        made += 1;
        if (made === nth && when === 'before') return new Promise(() => undefined);
        const answer = await session.send(name, region, input);
        if (made === nth) return new Promise(() => undefined);
        return answer;
      },
    };
  };
  return createFixes({ ...world.context, fixer, owner: 'mortal' });
}

/** Lets the mortal process come to its last call, and its lease lapse. */
async function dies(nth: number, when: 'before' | 'after'): Promise<void> {
  const calls = world.estate.calls.length;
  const fixes = mortal(nth, when);
  void fixes.apply(id);
  await expect
    .poll(
      async () => {
        const { progress } = await world.find(id);
        const sent = world.estate.calls
          .slice(calls)
          .filter(({ operation }) => /^(PutKeyPolicy|UpdateTrail)$/.test(operation));
        return progress.begun === nth - 1 && (when === 'before' || sent.length === nth);
      },
      { timeout: 15_000 },
    )
    .toBe(true);
  late += LEASE_MS + 1000;
}

describe('a process that dies', () => {
  test.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
  ] as const)(
    'at its call %i, %s AWS has it: another one ends the fix, and each call is made once',
    async (nth, when) => {
      await dies(nth, when);
      await world.fixes.apply(id);
      const fix = await world.find(id);
      expect({ state: fix.state, error: fix.error }).toEqual({ state: 'fixed', error: undefined });
      expect(writes()).toEqual(['PutKeyPolicy', 'UpdateTrail']);
      // What was made before the crash is ours, so that an undo takes it back.
      expect(fix.progress.changes.map(({ state }) => state)).toEqual(['done', 'done']);
    },
  );

  test('keeps its fix for as long as its lease holds', async () => {
    const fixes = mortal(1, 'before');
    void fixes.apply(id);
    await expect.poll(async () => (await world.find(id)).progress.begun, { timeout: 15_000 }).toBe(0);
    await world.fixes.apply(id);
    expect(writes()).toEqual([]);
    expect((await world.find(id)).state).toBe('applying');
  });

  test('in verification is followed by one that verifies', async () => {
    const fixes = createFixes({
      ...world.context,
      owner: 'mortal',
      reading: { ...world.context.reading, keep: () => new Promise(() => undefined) },
    });
    void fixes.apply(id);
    await expect.poll(async () => (await world.find(id)).state, { timeout: 15_000 }).toBe('verifying');
    late += LEASE_MS + 1000;
    await world.fixes.apply(id);
    expect((await world.find(id)).state).toBe('fixed');
    expect(writes()).toEqual(['PutKeyPolicy', 'UpdateTrail']);
  });

  test('is found by the sweep, which queues its fix', async () => {
    await dies(1, 'after');
    const queued: string[] = [];
    const { promise: taken, resolve } = Promise.withResolvers<void>();
    await opened.store.work('fix.apply', async ({ fixId }) => {
      queued.push(fixId);
      if (fixId === id && queued.length > 1) resolve();
    });
    await world.fixes.sweep();
    await taken;
    expect(new Set(queued)).toContain(id);
  });
});

test('two executors at once: one carries the fix out', async () => {
  const other = createFixes({ ...world.context, owner: 'other' });
  await Promise.all([world.fixes.apply(id), other.apply(id), world.fixes.apply(id)]);
  expect((await world.find(id)).state).toBe('fixed');
  expect(writes()).toEqual(['PutKeyPolicy', 'UpdateTrail']);
});

describe('a step that AWS refuses', () => {
  test('takes the steps before it back', async () => {
    const before = statements();
    world.estate.knobs.denied = [{ account: management, action: 'cloudtrail:UpdateTrail' }];
    await world.fixes.apply(id);
    const fix = await world.find(id);
    expect(fix.state).toBe('rolled-back');
    expect(fix.error).toContain('cloudtrail:UpdateTrail was refused in account 111111111111');
    expect(fix.progress.changes.map(({ state }) => state)).toEqual(['undone', 'failed']);
    expect(writes()).toEqual(['PutKeyPolicy', 'PutKeyPolicy']);
    expect(statements()).toBe(before);
    expect(encrypted()).toBeUndefined();
  });

  test('as the first one fails the fix and changes nothing', async () => {
    world.estate.knobs.denied = [{ account: '222222222222', action: 'kms:PutKeyPolicy' }];
    await world.fixes.apply(id);
    expect(await world.find(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('kms:PutKeyPolicy') });
    expect(writes()).toEqual([]);
  });

  test('and cannot be taken back leaves it partly applied, with an undo on offer', async () => {
    world.estate.knobs.denied = [{ account: management, action: 'cloudtrail:UpdateTrail' }];
    const fixer: typeof world.context.fixer = (account, fence) => {
      const session = world.context.fixer(account, fence);
      return {
        ...session,
        send: async (name, region, input) => {
          const answer = await session.send(name, region, input);
          world.estate.knobs.denied.push({ account: '222222222222', action: 'kms:PutKeyPolicy' });
          return answer;
        },
      };
    };
    await createFixes({ ...world.context, fixer }).apply(id);
    expect((await world.find(id)).state).toBe('partly-applied');
    world.estate.knobs.denied = [];
    expect(await world.fixes.proposeUndo(id)).toMatchObject({ ok: true, fix: { kind: 'undo' } });
  });

  test('is waited for where AWS has to settle first', async () => {
    let refused = 0;
    const fixer: typeof world.context.fixer = (account, fence) => {
      const session = world.context.fixer(account, fence);
      return {
        ...session,
        send: async (name, region, input) => {
          refused += 1;
          if (refused < 3) throw Object.assign(new Error('not yet'), { name: 'ConflictException' });
          return session.send(name, region, input);
        },
      };
    };
    await createFixes({ ...world.context, fixer }).apply(id);
    expect((await world.find(id)).state).toBe('fixed');
    expect(world.slept.length).toBeGreaterThanOrEqual(2);
  });
});

describe('a rollback whose process dies', () => {
  test('is ended by another, and takes nothing back twice', async () => {
    world.estate.knobs.denied = [{ account: management, action: 'cloudtrail:UpdateTrail' }];
    const fixes = mortal(3, 'after');
    void fixes.apply(id);
    await expect
      .poll(() => world.estate.calls.filter(({ operation }) => operation === 'PutKeyPolicy').length, {
        timeout: 15_000,
      })
      .toBe(2);
    await expect.poll(async () => (await world.find(id)).progress.rollingBack, { timeout: 15_000 }).toBeDefined();
    late += LEASE_MS + 1000;
    world.estate.knobs.denied = [];
    await world.fixes.apply(id);
    expect((await world.find(id)).state).toBe('rolled-back');
    expect(writes()).toEqual(['PutKeyPolicy', 'PutKeyPolicy']);
  });
});

describe('delivery', () => {
  test('with a new error takes the fix back', async () => {
    const { announce } = world.context;
    const fixes = createFixes({
      ...world.context,
      announce: async (tx, fix) => {
        if (fix.state === 'verifying')
          trailIn(world.estate, organization).deliveryErrors.set('us-east-1', 'KMS.DisabledException');
        await announce(tx, fix);
      },
    });
    await fixes.apply(id);
    const fix = await world.find(id);
    expect(fix.state).toBe('rolled-back');
    expect(fix.error).toContain('KMS.DisabledException');
    expect(encrypted()).toBeUndefined();
    expect(writes()).toEqual(['PutKeyPolicy', 'UpdateTrail', 'UpdateTrail', 'PutKeyPolicy']);
  });

  test('with an error from before the fix began does not count against it', async () => {
    trailIn(world.estate, organization).deliveryErrors.set('us-east-1', 'AccessDenied');
    await world.fixes.apply(id);
    expect((await world.find(id)).state).toBe('fixed');
  });
});

test('what does not show in time is unconfirmed', async () => {
  const { refresh } = world.context.reading;
  const fixes = createFixes({
    ...world.context,
    reading: {
      ...world.context.reading,
      refresh: async (snapshot, keys) => {
        const fresh = await refresh(snapshot, keys);
        const part = fresh.trail[organization];
        if ((await world.find(id)).state !== 'verifying' || part?.state !== 'read') return fresh;
        const { KmsKeyId: _, ...value } = part.value;
        return { ...fresh, trail: { ...fresh.trail, [organization]: { ...part, value } } };
      },
    },
  });
  await fixes.apply(id);
  const fix = await world.find(id);
  expect(fix).toMatchObject({ state: 'unconfirmed', result: { verdict: 'fail' } });
  expect(world.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(60_000);
});

describe('a bad line', () => {
  test.each(['http503', 'drop', 'drop-answer'] as const)('%s: every call is carried out once', async (kind) => {
    world.estate.knobs.faults = [
      { service: 'kms', operation: 'PutKeyPolicy', kind, remaining: 1 },
      { service: 'cloudtrail', operation: 'UpdateTrail', kind, remaining: 1 },
    ];
    await world.fixes.apply(id);
    expect((await world.find(id)).state).toBe('fixed');
    expect(writes()).toEqual(['PutKeyPolicy', 'UpdateTrail']);
  });

  test('with throttling is slower and no different', async () => {
    await world.close();
    await emptyStore(opened.store);
    world = await testFixes({ store: opened.store, file: FILE, limited: true });
    world.estate.knobs.throttling = true;
    id = (await world.scanAndPropose(management, [CHECK])).fixFor(CHECK, organization);
    await world.approve(id);
    await world.fixes.apply(id);
    expect((await world.find(id)).state).toBe('fixed');
    expect(writes()).toEqual(['PutKeyPolicy', 'UpdateTrail']);
  });
});

test('what changes between two steps is not overwritten', async () => {
  const { announce } = world.context;
  const fixes = createFixes({
    ...world.context,
    announce: async (tx, fix) => {
      if (fix.state === 'applying' && fix.progress.changes.length === 1) {
        trailIn(world.estate, organization).kmsKeyId = 'arn:aws:kms:us-east-1:111111111111:key/other';
      }
      await announce(tx, fix);
    },
  });
  await fixes.apply(id);
  const fix = await world.find(id);
  expect(fix.state).toBe('partly-applied');
  expect(fix.error).toContain('changed while the fix ran');
  expect(encrypted()).toContain('key/other');
});

describe('an undo', () => {
  test('never puts a saved text over what somebody added since', async () => {
    await world.fixes.apply(id);
    const proposed = await world.fixes.proposeUndo(id);
    if (!proposed.ok) throw new Error(proposed.message);
    await world.approve(proposed.fix.id);
    addStatement(keyIn(world.estate, DEMO_ARCHIVE_KEY).policy, { Effect: 'Allow', Action: 'kms:DescribeKey' });
    writes();
    await world.fixes.apply(proposed.fix.id);
    const undo = await world.find(proposed.fix.id);
    expect(undo).toMatchObject({ state: 'superseded', error: expect.stringContaining('Nothing ran') });
    expect(writes()).toEqual([]);
    expect((await world.find(id)).state).toBe('fixed');
  });
});

test('every step of the way is in the audit log, which is whole', async () => {
  await world.fixes.apply(id);
  const rows = await opened.store.query
    .selectFrom('audit')
    .selectAll()
    .where('subjectId', '=', id)
    .orderBy('seq')
    .execute();
  expect(rows.map(({ action }) => action)).toEqual([
    'fix.proposed',
    'fix.requested',
    'fix.approved',
    'fix.approved',
    'fix.applying',
    'fix.applied',
    'fix.fixed',
  ]);
  expect(new Set(rows.map(({ planHash }) => planHash)).size).toBe(1);
  expect(await verifyAudit(opened.store.query)).toMatchObject({ whole: true });
  expect(world.announced.map(({ state }) => state)).toEqual([
    'pending',
    'pending',
    'approved',
    'applying',
    'applying',
    'applying',
    'verifying',
    'fixed',
  ]);
});

test('a fix that nobody approved is never carried out', async () => {
  await opened.store.transaction((tx) => transition(tx, id, 'approved', 'pending'));
  await world.fixes.apply(id);
  expect(writes()).toEqual([]);
  expect((await world.find(id)).state).toBe('pending');
});
