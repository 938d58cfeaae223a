import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { auditOf } from '../../src/store/audit.ts';
import { APPROVER, APPROVER2, emptyStore, REQUESTER, type TestFixes, testFixes } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

const CHECK = 'trail/log-file-validation';
const TRAIL = DEMO_TRAILS.organization;
const CORE = { accounts: [DEMO_ACCOUNTS.management] };
const STANDING = {
  environment: 'core',
  checks: [CHECK],
  approvedBy: [APPROVER, APPROVER2],
  reason: 'Safe, and can be undone.',
  end: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
};

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date() });
});
afterAll(() => opened.close());
beforeEach(() => emptyStore(opened.store));

async function inWorld(file: object, work: (world: TestFixes) => Promise<void>): Promise<void> {
  const world = await testFixes({
    store: opened.store,
    file: { environments: { core: { ...CORE, mode: 'auto' } }, ...file },
  });
  try {
    await work(world);
  } finally {
    await world.close();
  }
}

describe('a standing approval', () => {
  test('lets a listed fix run by itself, by the two people it names, and is the identity of its calls', async () => {
    await inWorld({ auto: [STANDING] }, async (world) => {
      const id = (await world.scanAndPropose('core', [CHECK])).fixFor(CHECK, TRAIL);
      expect(await world.find(id)).toMatchObject({ state: 'approved', requestedBy: 'auto.1' });
      await world.fixes.apply(id);
      expect(await world.find(id)).toMatchObject({ state: 'fixed' });
      const writes = world.newWrites();
      expect(writes.map(({ operation }) => operation)).toEqual(['UpdateTrail']);
      expect(writes.map(({ sourceIdentity }) => sourceIdentity)).toEqual(['auto.1']);
      const [, approved] = await auditOf(opened.store.query, { kind: 'fix', id });
      expect(approved).toMatchObject({
        actor: 'auto.1',
        action: 'fix.approved',
        data: { approvedBy: [APPROVER, APPROVER2] },
      });
    });
  });

  test('is looked at again before anything runs: who left takes it along', async () => {
    await inWorld(
      { auto: [STANDING], approval: { default: { approve: [APPROVER, APPROVER2], people: 2 } } },
      async (world) => {
        const id = (await world.scanAndPropose('core', [CHECK])).fixFor(CHECK, TRAIL);
        world.directory.people.set(APPROVER2, { id: APPROVER2, name: 'sam', member: false });
        await world.fixes.apply(id);
        expect(await world.find(id)).toMatchObject({ state: 'pending' });
        expect(world.newWrites()).toEqual([]);
      },
    );
  });

  const refused: [string, object][] = [
    ['another check', { auto: [{ ...STANDING, checks: ['key/rotation'] }] }],
    ['an environment that asks', { auto: [STANDING], environments: { core: { ...CORE, mode: 'ask' } } }],
    [
      'an account of a second environment',
      { auto: [STANDING], environments: { core: { ...CORE, mode: 'auto' }, more: CORE } },
    ],
    ['people who may not approve', { auto: [{ ...STANDING, approvedBy: [APPROVER, REQUESTER] }] }],
    [
      'a policy that wants more people',
      { auto: [STANDING], approval: { default: { approve: [APPROVER, APPROVER2], people: 3 } } },
    ],
    [
      'a policy with a step-up',
      { auto: [STANDING], approval: { default: { approve: [APPROVER, APPROVER2], stepUp: 'alias' } } },
    ],
  ];
  test.each(refused)('does not cover %s', async (_, file) => {
    await inWorld(file, async (world) => {
      const id = (await world.scanAndPropose('core', [CHECK])).fixFor(CHECK, TRAIL);
      expect(await world.find(id)).toMatchObject({ state: 'proposed' });
    });
  });
});

test('an environment that is only observed has no buttons', async () => {
  await inWorld({ environments: { core: { ...CORE, mode: 'observe' } } }, async (world) => {
    const { offers } = await world.scanAndPropose('core', [CHECK]);
    expect([...offers.values()].map(({ kind }) => kind)).not.toContain('fix');
  });
});

describe('a freeze', () => {
  test('is begun by any approver, stops what is approved, and is lifted by two', async () => {
    await inWorld({ environments: { core: CORE } }, async (world) => {
      const { fixes } = world;
      const id = (await world.scanAndPropose('core', [CHECK])).fixFor(CHECK, TRAIL);
      expect(await world.approve(id)).toMatchObject({ ok: true });
      expect(await fixes.freeze({ environment: 'core', reason: 'Incident', user: REQUESTER })).toMatchObject({
        ok: false,
      });
      const begun = await fixes.freeze({ environment: 'core', reason: 'Incident', user: APPROVER });
      if (!begun.ok) throw new Error(begun.message);
      expect(await fixes.freeze({ environment: 'core', reason: 'Again', user: APPROVER2 })).toMatchObject({
        ok: false,
      });
      await fixes.apply(id);
      expect(world.newWrites()).toEqual([]);
      expect((await world.find(id)).state).toBe('approved');
      const { id: freeze } = begun.freeze;
      expect(await fixes.lift({ id: freeze, user: APPROVER })).toMatchObject({ ok: true, lifted: false });
      expect(await fixes.lift({ id: freeze, user: APPROVER })).toMatchObject({ ok: false });
      expect(await fixes.lift({ id: freeze, user: APPROVER2 })).toMatchObject({ ok: true, lifted: true });
      await fixes.apply(id);
      expect((await world.find(id)).state).toBe('fixed');
    });
  });

  test('elsewhere stops nothing here', async () => {
    await inWorld({ environments: { core: CORE, other: { accounts: [DEMO_ACCOUNTS.staging] } } }, async (world) => {
      const id = (await world.scanAndPropose('core', [CHECK])).fixFor(CHECK, TRAIL);
      await world.approve(id);
      expect(await world.fixes.freeze({ environment: 'other', reason: 'Incident', user: APPROVER })).toMatchObject({
        ok: true,
      });
      await world.fixes.apply(id);
      expect((await world.find(id)).state).toBe('fixed');
    });
  });
});
