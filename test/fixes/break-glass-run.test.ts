import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { auditOf } from '../../src/store/audit.ts';
import { APPROVER, APPROVER2, emptyStore, REQUESTER, type TestFixes, testFixes } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';
import { trailIn } from './estate.ts';

const CHECK = 'trail/log-file-validation';
const { management } = DEMO_ACCOUNTS;
const { organization } = DEMO_TRAILS;
let opened: TestStore;
let world: TestFixes;

beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date() });
});
afterAll(() => opened.close());
beforeEach(() => emptyStore(opened.store));
afterEach(() => world.close());

/** A fix that one person approved alone, while everything is frozen. */
async function brokenWhileFrozen(): Promise<string> {
  const approval = { default: { approve: ['@trail-approvers'], people: 2, breakGlass: [REQUESTER] } };
  world = await testFixes({ store: opened.store, file: { approval } });
  const { fixes } = world;
  const fixId = (await world.scanAndPropose(management, [CHECK])).fixFor(CHECK, organization);
  expect(await fixes.freeze({ environment: undefined, reason: 'year end', user: APPROVER })).toMatchObject({
    ok: true,
  });
  const fix = await world.find(fixId);
  const { word: alias } = await fixes.demand(fix, { user: REQUESTER, policies: [], emergency: true });
  const broken = await fixes.breakGlass({
    ...{ fixId, revision: 1, user: REQUESTER, reason: 'Logs are being forged.', proof: { alias } },
  });
  expect(broken).toMatchObject({ ok: true });
  return fixId;
}

test('what was approved alone runs in a freeze, as that person, and is signed off afterwards', async () => {
  const fixId = await brokenWhileFrozen();
  await world.fixes.apply(fixId);
  expect(await world.find(fixId)).toMatchObject({ state: 'fixed', row: { breakGlass: true } });
  expect(trailIn(world.estate, organization).validation).toBe(true);
  const noted = (await auditOf(world.store.query, { kind: 'fix', id: fixId })).map(({ action }) => action);
  expect(noted).toContain('fix.glass-broken');
  await world.fixes.signOff({ fixId, user: APPROVER });
  expect(await world.fixes.signOff({ fixId, user: APPROVER2 })).toMatchObject({
    fix: { row: { signedOffAt: expect.any(Date) } },
  });
});

test('what was approved alone does not run on an estate that has changed since', async () => {
  const fixId = await brokenWhileFrozen();
  trailIn(world.estate, organization).validation = true;
  await world.fixes.apply(fixId);
  expect((await world.find(fixId)).state).toMatch(/^(drifted|superseded|proposed)$/);
  expect(world.newWrites()).toEqual([]);
});
