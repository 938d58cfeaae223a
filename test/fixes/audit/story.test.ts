import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AuditContext } from '../../../src/fixes/audit/context.ts';
import { storyText } from '../../../src/fixes/audit/print-story.ts';
import { createAudit } from '../../../src/fixes/audit/service.ts';
import type { Story } from '../../../src/fixes/audit/story.ts';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../../src/sandbox/aws/index.ts';
import { storyMessage } from '../../../src/slack/blocks/audit.ts';
import { expectPostable } from '../../slack/blocks/draw.ts';
import { APPROVER, emptyStore, REQUESTER, type TestFixes, testFixes } from '../../support/fixes.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

const CHECK = 'trail/log-file-validation';
const { organization } = DEMO_TRAILS;
let late = 0;
let opened: TestStore;
let world: TestFixes;

beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date(Date.now() + late) });
});
afterAll(() => opened.close());
beforeEach(async () => {
  late = 0;
  await emptyStore(opened.store);
  world = await testFixes({ store: opened.store });
});
afterEach(() => world.close());

const nothing = () => {
  throw new Error('no bucket here');
};
const context = (): AuditContext => ({
  ...{ store: opened.store, config: world.config, key: undefined, exporter: nothing },
  ...{ reader: (account: string) => world.aws.reader(account), logger: world.context.logger, owner: 'test' },
});
const story = async (id: string, changes: Partial<AuditContext> = {}): Promise<Story> => {
  const told = await createAudit({ ...context(), ...changes }).story(id);
  if (told === undefined) throw new Error(`no story of ${id}`);
  return told;
};
const fixed = async () => {
  const id = (await world.scanAndPropose('prod', [CHECK])).fixFor(CHECK, organization);
  await world.approve(id);
  await world.fixes.apply(id);
  return id;
};

test('a fix is told from its proposal to the event that CloudTrail recorded, and who was behind it', async () => {
  const id = await fixed();
  const told = await story(id);
  expect(told.entries.map(({ action, actor }) => [action, actor])).toEqual([
    ['fix.proposed', 'trail-check'],
    ['fix.requested', REQUESTER],
    ['fix.approved', APPROVER],
    ['fix.applying', 'trail-check'],
    ['fix.applied', 'trail-check'],
    ['fix.fixed', 'trail-check'],
  ]);
  const update = world.estate.calls.find(({ operation, error }) => operation === 'UpdateTrail' && error === undefined);
  expect(told.events).toMatchObject([
    {
      ...{ name: 'UpdateTrail', account: DEMO_ACCOUNTS.management, region: 'us-east-1' },
      ...{ requestId: update?.requestId, sourceIdentity: APPROVER, error: undefined },
    },
  ]);
  const [event] = told.events;
  expect(event?.eventId).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  expect(event?.eventId).not.toBe(event?.requestId);
  expect(told).toMatchObject({ missing: [], problems: [], undos: [] });
  const text = storyText(told);
  for (const part of [id, told.fix.planHash, 'reason: test', REQUESTER, APPROVER, event?.eventId, update?.requestId]) {
    expect(text).toContain(part);
  }
  expectPostable(storyMessage(told));
  expect(JSON.stringify(storyMessage(told))).toContain(event?.eventId);
});

test('events that CloudTrail does not show yet are on their way, and later not in its history', async () => {
  const id = await fixed();
  const empty: AuditContext['reader'] = (account) => ({
    async *pages(name, region, input) {
      for await (const page of world.aws.reader(account).pages(name, region, input)) yield { ...page, Events: [] };
    },
  });
  const told = await story(id, { reader: empty });
  expect(told).toMatchObject({ events: [], onTheirWay: true, missing: [expect.stringMatching(/^[\w-]{20,}$/)] });
  expect(storyText(told)).toMatch(/On their way: 1 event .* up to 15 minutes/);
  late = 16 * 60_000;
  expect(storyText(await story(id, { reader: empty }))).toMatch(/Not in the event history: 1 event .* 90 days/);
});

test('event ids are noted in the log itself, and told when the history has forgotten them', async () => {
  const id = await fixed();
  const [event] = (await story(id)).events;
  await createAudit(context()).sweep();
  expect((await story(id)).entries.at(-1)?.action).toBe('fix.fixed');
  late = 21 * 60_000;
  await Promise.all([createAudit(context()).sweep(), createAudit(context()).sweep()]);
  expect((await story(id)).events).toEqual([event]);
  world.estate.calls.length = 0;
  const told = await story(id);
  expect(told.entries.map(({ action }) => action).slice(5)).toEqual(['fix.fixed', 'fix.traced']);
  expect(told).toMatchObject({ events: [event], missing: [] });
});

test('what CloudTrail does not show within a day is noted as missing', async () => {
  const id = await fixed();
  const [requestId] = (await story(id)).events.map((event) => event.requestId);
  world.estate.calls.length = 0;
  for (const [after, actions] of [
    [3_600_000, ['fix.fixed']],
    [25 * 3_600_000, ['fix.fixed', 'fix.traced']],
  ] as const) {
    late = after;
    await createAudit(context()).sweep();
    expect((await story(id)).entries.map(({ action }) => action).slice(5)).toEqual(actions);
  }
  expect((await story(id)).entries.at(-1)?.data).toMatchObject({ events: [], missing: [requestId] });
});

test('a history that cannot be read is said so, with all that the log itself tells', async () => {
  const id = await fixed();
  world.estate.knobs.denied.push({ account: '*', action: 'cloudtrail:LookupEvents' });
  const told = await story(id);
  expect(told).toMatchObject({
    events: [],
    problems: [expect.stringMatching(/account 111111111111 in us-east-1: .*LookupEvents/)],
  });
  expect(told.entries).toHaveLength(6);
  expectPostable(storyMessage(told));
});

test('a fix that nobody decided on asks CloudTrail nothing; a call that stands in no table shows', async () => {
  const { fixFor } = await world.scanAndPropose('prod', [CHECK]);
  const id = fixFor(CHECK, organization);
  expect(await story(id, { reader: nothing })).toMatchObject({ events: [], missing: [], problems: [] });
  await world.approve(id);
  await world.fixes.apply(id);
  // As somebody would leave it who got hold of the session and then tidied up the tables.
  await opened.store.query.updateTable('fixes').set({ progress: 'null' }).where('id', '=', id).execute();
  expect((await story(id)).events).toHaveLength(1);
});

test('its undo is named', async () => {
  const id = await fixed();
  const undo = await world.fixes.proposeUndo(id);
  expect((await story(id)).undos).toEqual([{ id: undo.fix?.id, state: 'proposed' }]);
  expect(storyText(await story(undo.fix?.id ?? ''))).toContain(`Takes back  ${id}`);
});
