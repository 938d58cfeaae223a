import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changesBetween, decidingHash, decidingOf } from '../../src/fixes/configuration-summary.ts';
import { keepConfiguration } from '../../src/fixes/configurations.ts';
import type { FixesContext } from '../../src/fixes/context.ts';
import { configInForce } from '../../src/fixes/in-force.ts';
import { createFixes } from '../../src/fixes/service.ts';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { auditOf } from '../../src/store/audit.ts';
import { messagesAbout } from '../../src/store/messages.ts';
import {
  APPROVER,
  APPROVER2,
  APPROVERS,
  emptyStore,
  REQUESTER,
  type TestFixes,
  testConfig,
  testFixes,
} from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

const AUTO = 'trail/log-file-validation';
const HOUR = 3_600_000;
const MALLORY = 'U0MALLORY01';

let opened: TestStore;
let late = 0;
let world: TestFixes;
let fix: { fixId: string; revision: number };

const OLD = { approval: { default: { approve: [APPROVERS] } }, audit: { channel: '#audit-log' } };

beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date(Date.now() + late) });
});
afterAll(() => opened.close());
beforeEach(async () => {
  late = 0;
  await emptyStore(opened.store);
  for (const table of ['configurations', 'messages'] as const) await opened.store.query.deleteFrom(table).execute();
  world = await testFixes({ store: opened.store, file: OLD });
  world.directory.people.set(MALLORY, { id: MALLORY, name: 'mallory', email: 'mallory@example.com', member: true });
  await world.fixes.noteConfiguration();
  late += 30 * 24 * HOUR;
  await world.fixes.sweep();
  const scanned = await world.scanAndPropose(DEMO_ACCOUNTS.management, [AUTO]);
  fix = { fixId: scanned.fixFor(AUTO, DEMO_TRAILS.organization), revision: 1 };
});
afterEach(() => world.close());

/** A process that starts under another configuration. */
async function restarted(file: object) {
  const context: FixesContext = { ...world.context, config: testConfig({ ...OLD, ...file }) };
  const fixes = createFixes(context);
  await fixes.noteConfiguration();
  return { context, fixes, hash: decidingHash(decidingOf(context.config)) };
}

const approving = (...approve: string[]) => ({ approval: { default: { approve } } });
const refused = (message: RegExp) => ({ ok: false, message: expect.stringMatching(message) });

describe('for a day after the configuration changed', () => {
  test('nobody whom the old one does not name may approve', async () => {
    const { fixes } = await restarted(approving(APPROVERS, MALLORY));
    expect(await fixes.approve({ ...fix, user: MALLORY })).toMatchObject(refused(/may not approve/));
    expect(await fixes.approve({ ...fix, user: APPROVER })).toMatchObject({ ok: true });
  });

  test('nor anybody whom the new one does not', async () => {
    const { fixes } = await restarted(approving(APPROVER2));
    expect(await fixes.approve({ ...fix, user: APPROVER })).toMatchObject(refused(/may not approve/));
    expect(await fixes.approve({ ...fix, user: APPROVER2 })).toMatchObject({ ok: true });
  });

  test('the greater number of people is needed', async () => {
    const two = await restarted({ approval: { default: { approve: [APPROVERS], people: 2 } } });
    late += 25 * HOUR;
    const one = await restarted(OLD);
    await one.fixes.request({ ...fix, user: REQUESTER });
    expect(await one.fixes.approve({ ...fix, user: APPROVER })).toMatchObject({ ok: true, fix: { state: 'pending' } });
    expect(await two.fixes.approve({ ...fix, user: APPROVER2 })).toMatchObject({
      ok: true,
      fix: { state: 'approved' },
    });
  });

  test('the stricter mode holds, and only exemptions and standing approvals that are in both', async () => {
    const end = new Date(Date.now() + late + 10 * 24 * HOUR).toISOString().slice(0, 10);
    const exemption = { check: 'bucket/*', account: '333333333333', owner: 'me', reason: 'accepted by the board', end };
    const auto = {
      environment: 'prod',
      checks: [AUTO],
      approvedBy: [APPROVER, APPROVER2],
      reason: 'cheap and safe',
      end,
    };
    const environments = (mode: string) => ({ prod: { accounts: ['333333333333'], mode } });
    const { context } = await restarted({ environments: environments('auto'), exemptions: [exemption], auto: [auto] });
    expect(await configInForce(context)).toMatchObject({
      environments: { prod: { mode: 'ask' } },
      exemptions: [],
      auto: [],
    });
    late += 24 * HOUR;
    expect(await configInForce(context)).toMatchObject({
      environments: { prod: { mode: 'auto' } },
      exemptions: [exemption],
      auto: [auto],
    });
  });

  test('an account that was moved to another environment is still held to the policy of the one it was in', async () => {
    const strict = { accounts: [DEMO_ACCOUNTS.management], approval: { approve: [APPROVER2] } };
    await restarted({ environments: { core: strict } });
    late += 25 * HOUR;
    const moved = await restarted({ environments: { other: { accounts: [DEMO_ACCOUNTS.management] } } });
    expect(await moved.fixes.approve({ ...fix, user: APPROVER })).toMatchObject(refused(/may not approve/));
    expect(await moved.fixes.approve({ ...fix, user: APPROVER2 })).toMatchObject({ ok: true });
  });

  test('a configuration put in between takes the first one out of nothing', async () => {
    await restarted(approving(MALLORY));
    const { fixes } = await restarted(approving(MALLORY, REQUESTER));
    expect(await fixes.approve({ ...fix, user: MALLORY })).toMatchObject(refused(/may not approve/));
    expect(await fixes.confirmConfiguration({ user: MALLORY })).toMatchObject(refused(/Only approvers/));
  });

  test('and then the new one holds alone', async () => {
    const { fixes } = await restarted(approving(MALLORY));
    late += 24 * HOUR - 60_000;
    expect(await fixes.approve({ ...fix, user: MALLORY })).toMatchObject(refused(/may not approve/));
    late += 60_001;
    expect(await fixes.approve({ ...fix, user: MALLORY })).toMatchObject({ ok: true });
  });

  test('a day counts from the start under it, also when nothing ran for long', async () => {
    late += 90 * 24 * HOUR;
    const { fixes } = await restarted(approving(MALLORY));
    expect(await fixes.approve({ ...fix, user: MALLORY })).toMatchObject(refused(/may not approve/));
  });

  test('an approval under the old one alone is looked at again before it runs', async () => {
    await world.fixes.approve({ ...fix, user: APPROVER });
    const { fixes } = await restarted(approving(APPROVER2));
    await fixes.apply(fix.fixId);
    expect(world.newWrites()).toEqual([]);
    expect((await world.find(fix.fixId)).state).toBe('pending');
  });
});

describe('a changed configuration', () => {
  test('is announced once with what is different, and noted in the audit log', async () => {
    const { fixes, hash } = await restarted(approving(APPROVERS, MALLORY));
    await fixes.noteConfiguration();
    const said = await messagesAbout(opened.store.query, { kind: 'configuration', id: hash });
    expect(said).toEqual([expect.objectContaining({ channel: '#audit-log', wantedVersion: 1 })]);
    const noted = await auditOf(opened.store.query, { kind: 'configuration', id: hash });
    expect(noted.at(-1)).toMatchObject({
      action: 'configuration.changed',
      data: { changes: [`approval.default.approve: ["${APPROVERS}"] → ["${APPROVERS}","${MALLORY}"]`] },
    });
  });

  test('holds alone once two approvers of the old one confirm it', async () => {
    const { fixes, hash } = await restarted(approving(MALLORY));
    expect(await fixes.confirmConfiguration({ user: MALLORY, hash })).toMatchObject(refused(/Only approvers/));
    expect(await fixes.confirmConfiguration({ user: APPROVER, hash })).toMatchObject({ ok: true, confirmed: false });
    expect(await fixes.confirmConfiguration({ user: APPROVER, hash })).toMatchObject(refused(/second person/));
    expect(await fixes.approve({ ...fix, user: MALLORY })).toMatchObject(refused(/may not approve/));
    expect(await fixes.confirmConfiguration({ user: APPROVER2, hash })).toMatchObject({ ok: true, confirmed: true });
    expect(await fixes.approve({ ...fix, user: MALLORY })).toMatchObject({ ok: true });
    expect(await fixes.confirmConfiguration({ user: APPROVER2, hash })).toMatchObject(refused(/no change/));
  });

  test('is confirmed by two people, not by two accounts of one, and not by who may no longer', async () => {
    const { fixes, hash } = await restarted(approving(MALLORY));
    const again = 'U0APPROVER9';
    world.directory.people.set(again, { id: again, name: 'alex', email: 'alex@example.com', member: true });
    world.directory.groups.set(APPROVERS, [APPROVER, APPROVER2, again]);
    await fixes.confirmConfiguration({ user: APPROVER, hash });
    expect(await fixes.confirmConfiguration({ user: again, hash })).toMatchObject(refused(/second person/));
    world.directory.people.delete(APPROVER);
    expect(await fixes.confirmConfiguration({ user: APPROVER2, hash })).toMatchObject({ ok: true, confirmed: false });
  });

  test('of which another was confirmed meanwhile is refused', async () => {
    const { hash } = await restarted(approving(MALLORY));
    const { fixes } = await restarted(approving(MALLORY, APPROVER));
    expect(await fixes.confirmConfiguration({ user: APPROVER, hash })).toMatchObject(refused(/no longer in force/));
  });

  test('is told to hold alone after a day, and its button goes', async () => {
    const { context, hash } = await restarted(approving(MALLORY));
    late += 24 * HOUR;
    await keepConfiguration(context);
    await keepConfiguration(context);
    const [said] = await messagesAbout(opened.store.query, { kind: 'configuration', id: hash });
    expect(said?.wantedVersion).toBe(2);
  });

  test('that says the same in another order is none', () => {
    const one = decidingOf(testConfig({ approval: { default: { people: 2, approve: [MALLORY] } } }));
    const other = decidingOf(testConfig({ approval: { default: { approve: [MALLORY], people: 2 } } }));
    expect(decidingHash(one)).toBe(decidingHash(other));
    expect(changesBetween(one, other)).toEqual([]);
  });

  test('tells of rules and lists what came and what went', () => {
    const rule = (people: number) => ({ approval: { rules: [{ when: { check: 'trail/*' }, people }] } });
    const [before, after] = [decidingOf(testConfig(rule(3))), decidingOf(testConfig(rule(1)))];
    expect(changesBetween(before, after)).toEqual([
      'approval.rules: removed {"when":{"check":["trail/*"]},"people":3}',
      'approval.rules: added {"when":{"check":["trail/*"]},"people":1}',
    ]);
  });
});

describe('processes with different configurations', () => {
  test('both apply the stricter, for as long as both run', async () => {
    const { fixes, context } = await restarted(approving(MALLORY, APPROVER2));
    late += 25 * HOUR;
    // Both are alive: the old one was not replaced everywhere.
    await world.fixes.sweep();
    await fixes.sweep();
    for (const each of [world.fixes, fixes]) {
      expect(await each.approve({ ...fix, user: MALLORY })).toMatchObject(refused(/may not approve/));
      expect(await each.approve({ ...fix, user: APPROVER })).toMatchObject(refused(/may not approve/));
    }
    late += 10 * 60_000;
    await keepConfiguration(context);
    expect(await fixes.approve({ ...fix, user: MALLORY })).toMatchObject({ ok: true });
  });

  test('start without announcing a way back, while the other is alive', async () => {
    await restarted(approving(MALLORY));
    await world.fixes.sweep();
    const subject = { kind: 'configuration', id: decidingHash(decidingOf(world.config)) };
    const before = await auditOf(opened.store.query, subject);
    await world.fixes.noteConfiguration();
    expect(await auditOf(opened.store.query, subject)).toEqual(before);
  });
});
