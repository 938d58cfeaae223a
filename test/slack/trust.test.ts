import { afterEach, describe, expect, test } from 'vitest';
import { fileSchema } from '../../src/config/schema/file.ts';
import { decidingHash, decidingOf } from '../../src/fixes/configuration-summary.ts';
import { type BotOptions, CHANNEL, failing, startBot, type TestBot } from '../support/bot.ts';
import { type ShownMessage, visible } from '../support/workspace.ts';

/* Who counts in Slack, when fixes run, and what a changed configuration may do: as people see and click it. */

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function started(options: BotOptions = {}): Promise<TestBot> {
  const bot = await startBot(options);
  closers.push(bot.close);
  await bot.bot.start();
  return bot;
}

/** A run of prod with one finding whose fix was requested by the requester. */
async function requested(options: BotOptions = {}) {
  const bot = await started(options);
  const { fixes: made } = await bot.scanned([failing('aaaaaaaaaaaaaaaa')]);
  const fixId = made[0]?.id ?? '';
  const asked = { fixId, revision: 1, user: 'U0REQUESTER', reason: 'audit' };
  expect(await bot.fixes.request({ ...asked, origin: { channel: CHANNEL } })).toMatchObject({ ok: true });
  const request = await bot.workspace.until((message) => visible(message).includes('approve_fix'), 'the request');
  return { ...bot, fixId, request };
}

const told = (user: string, words: string) => (message: ShownMessage) =>
  message.ephemeral_to === user && visible(message).includes(words);

describe('an approval', () => {
  test.each<[string, object]>([
    ['of who was deactivated', { deleted: true }],
    ['of a guest', { is_restricted: true }],
    ['of a stranger from a shared channel', { is_stranger: true, team_id: 'T0ELSEWHERE' }],
    ['of a member of another team', { team_id: 'T0ELSEWHERE' }],
    ['of a bot', { is_bot: true }],
  ])(
    '%s is refused to that person alone, although the group names them and a minute ago they were somebody',
    async (_, became) => {
      const { slack, workspace, request, fixes, fixId } = await requested();
      const amal = slack.workspace.people.find(({ id }) => id === 'U0APPROVER1');
      const fix = await fixes.find(fixId);
      if (amal === undefined || fix === undefined) throw new Error('nobody there');
      expect(await fixes.powers(fix, amal.id)).toMatchObject({ approve: true });
      Object.assign(amal, became);
      await workspace.click('approver', { ts: request.ts, label: 'Approve' });
      await workspace.until(told('U0APPROVER1', 'may not approve'), 'the refusal');
      expect(await fixes.find(fixId)).toMatchObject({ state: 'pending' });
    },
  );

  test('of who was taken out of the group a moment ago is refused', async () => {
    let now = Date.now();
    const { slack, workspace, request } = await requested({ now: () => now });
    const [group] = slack.workspace.groups;
    if (group !== undefined) group.users = ['U0APPROVER2'];
    now += 6_000;
    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    await workspace.until(told('U0APPROVER1', 'may not approve'), 'the refusal');
  });

  test('outside of the change windows says when the fix will run, and starts nothing', async () => {
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    const at = Date.parse('2026-11-07T10:00:00Z');
    const window = { days, from: '12:00', to: '13:00', timezone: 'UTC' };
    const { workspace, request, executed } = await requested({
      now: () => at,
      file: { approval: { default: { approve: ['@trail-approvers'], windows: [window] } } },
    });
    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    const opens = Date.parse('2026-11-07T12:00:00Z') / 1000;
    const shown = await workspace.until(
      ({ ts, text }) => ts === request.ts && text.startsWith('Approved, waits for its time'),
      'the time',
    );
    expect(visible(shown)).toContain(`runs <!date^${opens}^`);
    expect(visible(shown)).not.toContain('approve_fix');
    expect(executed).toEqual([]);
  });
});

describe('a changed configuration', () => {
  test('is told where people look, and two approvers of the old one confirm it by its button', async () => {
    const bot = await started({ file: { slack: { channel: CHANNEL } } });
    const { workspace, store, fixes } = bot;
    const old = fileSchema({ commands: [], now: new Date() }).parse({
      environments: { prod: { accounts: ['111111111111'] } },
      approval: { default: { approve: ['@trail-approvers'], people: 2 } },
    });
    const before = decidingOf({ ...old, aws: { region: 'us-east-1' }, logLevel: 'silent', secrets: {} });
    await store.query
      .insertInto('configurations')
      .values({
        ...{ hash: decidingHash(before), summary: JSON.stringify(before), changes: '[]', confirmations: '[]' },
        ...{ since: new Date(0), seenAt: new Date(0), confirmedAt: null, settledAt: new Date(0) },
      })
      .execute();
    await fixes.noteConfiguration();
    const news = await workspace.until((message) => visible(message).includes('confirm_configuration'), 'the news');
    expect(visible(news)).toContain('approval.default.people: 2 → 1');
    const confirm = { ts: news.ts, label: 'Confirm' };
    await workspace.click('requester', confirm);
    await workspace.until(told('U0REQUESTER', 'Only approvers of the configuration before'), 'the refusal');
    await workspace.click('approver', confirm);
    await workspace.until(told('U0APPROVER1', '1 of 2'), 'the first word');
    await workspace.click('approver2', confirm);
    await workspace.until(told('U0APPROVER2', 'holds alone from now on'), 'the second word');
    const shown = await workspace.until(
      (message) =>
        message.ts === news.ts && visible(message).includes('Confirmed by <@U0APPROVER1> and <@U0APPROVER2>'),
      'the end',
    );
    expect(visible(shown)).not.toContain('confirm_configuration');
  });

  test('whose policies nobody can satisfy is told once', async () => {
    const approval = { default: { approve: ['@nobody'] } };
    const bot = await started({ file: { slack: { channel: CHANNEL }, approval } });
    await bot.fixes.noteConfiguration();
    await bot.fixes.reportProblems();
    await bot.fixes.reportProblems();
    const isNotice = (message: ShownMessage) => message.text.includes('cannot be satisfied');
    const notice = await bot.workspace.until(isNotice, 'the notice');
    expect(visible(notice)).toContain('nobody can approve');
    expect((await bot.workspace.messages()).filter(isNotice)).toHaveLength(1);
    expect(bot.logged.join()).toContain('a policy cannot be satisfied');
  });
});
