import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runKey } from '../../src/posture/runs.ts';
import { signed } from '../../src/sandbox/slack/delivery/http.ts';
import { type BotOptions, CHANNEL, failing, startBot, type TestBot } from '../support/bot.ts';
import { type ShownMessage, visible } from '../support/workspace.ts';

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
  const test = await started(options);
  const { fixes: made } = await test.scanned([failing('aaaaaaaaaaaaaaaa')]);
  const fixId = made[0]?.id ?? '';
  const check = await test.workspace.until((message) => visible(message).includes('review_fix'), 'the check');
  await test.workspace.click('requester', { ts: check.ts, label: 'Review fix' });
  await expect.poll(() => test.workspace.views('requester')).toMatchObject({ modal: { callback_id: 'review_fix' } });
  expect(await test.workspace.submit('requester', { reason: 'The auditors ask for it.' })).toEqual({ ok: true });
  const request = await test.workspace.until((message) => visible(message).includes('approve_fix'), 'the request');
  return { ...test, fixId, check, request };
}

const told = (user: string, words: string) => (message: ShownMessage) =>
  message.ephemeral_to === user && visible(message).includes(words);

describe('a command', () => {
  test('is acknowledged, answered to the person alone, and its run is said in the channel', async () => {
    const { workspace } = await started();
    expect(await workspace.command('requester', '/trail-check prod')).toMatchObject({ ok: true });
    await workspace.until(told('U0REQUESTER', 'Reading prod'), 'the answer');
    const root = await workspace.until(({ text }) => text === 'Reading prod …', 'the run');
    expect(root.ephemeral_to ?? null).toBeNull();
  });

  test('that fails tells an error id and no more, and the log has the rest', async () => {
    const { workspace, logged } = await started();
    await workspace.command('requester', '/trail-check boom');
    const message = await workspace.until(told('U0REQUESTER', 'Something went wrong. (error '), 'the error');
    const id = /error (\w+)/.exec(message.text)?.[1] ?? 'none';
    expect(logged.find((line) => line.includes(id))).toContain('is broken');
    expect(logged.join()).not.toContain('xoxb-123');
  });

  test('of a guest is refused', async () => {
    const { workspace } = await started();
    await workspace.command('guest', '/trail-check prod');
    await workspace.until(told('U0GUEST0001', 'Only full members'), 'the refusal');
    expect((await workspace.messages()).every(({ ephemeral_to }) => ephemeral_to === 'U0GUEST0001')).toBe(true);
  });

  test.each([
    ['by who is no viewer', 'requester', 'audit-trail', 'You are not among the viewers of "prod".'],
    ['in another channel', 'approver', 'general', '"prod" is not shown in this channel.'],
    ['in the right channel', 'approver', 'audit-trail', 'Reading prod'],
  ] as const)('about an environment with viewers and channels, %s', async (_, role, channel, words) => {
    const prod = { accounts: ['111111111111'], viewers: ['@trail-approvers'], channels: ['#audit-trail'] };
    const { workspace } = await started({ file: { environments: { prod } } });
    for (const target of ['prod', 'scan prod', ...(words.startsWith('Reading') ? [] : ['111111111111'])]) {
      await workspace.command(role, `/trail-check ${target}`, channel);
    }
    await expect
      .poll(async () => (await workspace.messages()).filter((message) => visible(message).includes(words)).length)
      .toBeGreaterThanOrEqual(2);
  });
});

describe('what cannot be carried out', () => {
  let bot: TestBot;
  beforeAll(async () => {
    bot = await startBot();
    await bot.bot.start();
  });
  afterAll(() => bot?.close());

  test.each([
    ['proud', 'Did you mean `/trail-check prod`?'],
    ['proud', 'There is no environment, account or command `proud`.'],
    ['<!channel> *x*', '`&lt;!channel&gt;`'],
    ['scan', 'Usage: `/trail-check scan &lt;target&gt;`'],
    ['plan', 'on the command line only'],
    ['', 'Help'],
  ])('%j is answered with %j', async (typed, words) => {
    await bot.workspace.command('requester', `/trail-check ${typed}`);
    await bot.workspace.until(told('U0REQUESTER', words), words);
  });
});

describe('a fix', () => {
  test('is requested, approved by another person and carried out once, and its messages follow', async () => {
    const { workspace, executed, carryOut, fixId, check, request } = await requested();
    expect(request.thread_ts).toBe(check.thread_ts);
    expect(await workspace.click('approver', { ts: request.ts, label: 'Approve' })).toMatchObject({ ok: true });
    await expect.poll(() => executed).toEqual([fixId]);
    await carryOut(fixId);
    const done = await workspace.until(({ text }) => text.startsWith('Fixed'), 'the end');
    expect(done.ts).toBe(request.ts);
    expect(visible(done)).not.toContain('approve_fix');
    const mended = await workspace.until(
      (message) => message.ts === check.ts && visible(message).includes('Fixed'),
      'the check',
    );
    expect(visible(mended)).not.toContain('review_fix');
  });

  test('is approved in its review by someone whose word suffices', async () => {
    const { workspace, scanned, executed } = await started();
    const { fixes } = await scanned([failing('aaaaaaaaaaaaaaaa')]);
    const check = await workspace.until((message) => visible(message).includes('review_fix'), 'the check');
    await workspace.click('approver', { ts: check.ts, label: 'Review fix' });
    await expect
      .poll(() => workspace.views('approver'))
      .toMatchObject({ modal: { submit: { text: 'Approve' }, blocks: expect.any(Array) } });
    expect(await workspace.submit('approver', {})).toEqual({ ok: true });
    await expect.poll(() => executed).toEqual([fixes[0]?.id]);
    const story = await workspace.until(({ text }) => text.startsWith('Approved'), 'its message');
    expect(story.thread_ts).toBe(check.thread_ts);
  });

  test('clicked twice at once and replayed is approved once, and the others are told', async () => {
    const { workspace, executed, request, fixId } = await requested();
    await Promise.all([
      workspace.click('approver', { ts: request.ts, label: 'Approve' }),
      workspace.click('approver2', { ts: request.ts, label: 'Approve' }),
    ]);
    await workspace.fault({ kind: 'resend' });
    await expect.poll(() => executed).toEqual([fixId]);
    await workspace.until(
      (message) => message.ephemeral_to != null && visible(message).includes('approved already'),
      'who came too late',
    );
    expect(executed).toEqual([fixId]);
  });

  test.each([
    ['requester', 'U0REQUESTER', 'You may not approve this fix.'],
    ['guest', 'U0GUEST0001', 'You may not approve this fix.'],
  ] as const)('is not approved by %s, who is told why', async (role, user, words) => {
    const { workspace, executed, request, fixes, fixId } = await requested();
    await workspace.click(role, { ts: request.ts, label: 'Approve' });
    const refusal = await workspace.until(told(user, words), 'the refusal');
    expect(refusal.thread_ts).toBe(request.thread_ts);
    expect((await fixes.find(fixId))?.state).toBe('pending');
    expect(executed).toEqual([]);
  });

  test('is not approved by who asked for it', async () => {
    const test = await started({ file: { approval: { default: { approve: ['U0APPROVER1'], direct: false } } } });
    const { fixes, run } = await test.scanned([failing('aaaaaaaaaaaaaaaa')]);
    const fixId = fixes[0]?.id ?? '';
    const origin = { channel: CHANNEL, threadKey: runKey(run, CHANNEL) };
    await test.fixes.request({ fixId, revision: 1, user: 'U0APPROVER1', reason: 'mine', origin });
    const request = await test.workspace.until((message) => visible(message).includes('approve_fix'), 'the request');
    await test.workspace.click('approver', { ts: request.ts, label: 'Approve' });
    await test.workspace.until(told('U0APPROVER1', 'somebody else has to approve'), 'the refusal');
    expect(test.executed).toEqual([]);
  });

  test('is not approved by a button of an older plan, and a review shows the new one', async () => {
    const { workspace, executed, request, store, fixId } = await requested();
    await store.query.updateTable('fixes').set({ revision: 2 }).where('id', '=', fixId).execute();
    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    await workspace.until(told('U0APPROVER1', 'This plan is out of date'), 'the refusal');
    expect(executed).toEqual([]);
  });

  test('reviewed in an older plan is not approved: the new plan is shown in its place', async () => {
    const { workspace, scanned, store, executed } = await started();
    const { fixes: made } = await scanned([failing('aaaaaaaaaaaaaaaa')]);
    const check = await workspace.until((message) => visible(message).includes('review_fix'), 'the check');
    await workspace.click('approver', { ts: check.ts, label: 'Review fix' });
    await expect.poll(() => workspace.views('approver')).toMatchObject({ modal: { callback_id: 'review_fix' } });
    await store.query
      .updateTable('fixes')
      .set({ revision: 2 })
      .where('id', '=', made[0]?.id ?? '')
      .execute();
    expect(await workspace.submit('approver', {})).toMatchObject({ response_action: 'update' });
    expect(executed).toEqual([]);
    expect(JSON.stringify(await workspace.views('approver'))).toContain('out of date');
    expect(await workspace.submit('approver', {})).toEqual({ ok: true });
    await expect.poll(() => executed).toEqual([made[0]?.id]);
  });

  test('loses its buttons with the click, even while Slack makes updates wait', async () => {
    const { workspace, request } = await requested();
    await workspace.fault({ kind: 'rate-limit', method: 'chat.update', count: 50, retryAfter: 20 });
    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    const after = await workspace.until(
      ({ ts, text }) => ts === request.ts && text.startsWith('Approved'),
      'the answer',
    );
    expect(visible(after)).not.toContain('approve_fix');
  });

  test('is rejected with a reason', async () => {
    const { workspace, request, fixes, fixId } = await requested();
    await workspace.click('approver', { ts: request.ts, label: 'Reject' });
    await expect.poll(() => workspace.views('approver')).toMatchObject({ modal: { callback_id: 'reject_fix' } });
    expect(await workspace.submit('approver', { reason: 'Not this *quarter*.' })).toEqual({ ok: true });
    const end = await workspace.until(({ text }) => text.startsWith('Rejected'), 'the end');
    expect(end.ts).toBe(request.ts);
    expect(visible(end)).toContain('Not this *quarter*.');
    expect(visible(end)).toContain('<@U0APPROVER1>');
    expect((await fixes.find(fixId))?.state).toBe('rejected');
  });

  test('is undone by a fix of its own in the same thread', async () => {
    const { workspace, request, carryOut, executed, fixId } = await requested();
    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    await expect.poll(() => executed.length).toBe(1);
    await carryOut(fixId);
    const done = await workspace.until((message) => visible(message).includes('undo_fix'), 'the Undo');
    await workspace.click('approver', { ts: done.ts, label: 'Undo' });
    await expect.poll(() => workspace.views('approver')).toMatchObject({ modal: { title: { text: 'Undo fix' } } });
    expect(await workspace.submit('approver', { reason: 'It broke something.' })).toEqual({ ok: true });
    const undo = await workspace.until(
      (message) => message.ts !== request.ts && message.text.includes('Undo: '),
      'the story of the undo',
    );
    expect(undo.thread_ts).toBe(request.thread_ts);
  });
});

describe('whatever happens on the way', () => {
  test('a dropped socket loses no click that comes after it', async () => {
    const { workspace, request, executed, fixId, health } = await requested();
    await workspace.fault({ kind: 'drop-sockets', count: 1 });
    expect(await workspace.click('approver', { ts: request.ts, label: 'Approve' })).toMatchObject({ ok: true });
    await expect.poll(() => executed).toEqual([fixId]);
    expect(await health.check()).toMatchObject({ probes: { slack: 'ok' } });
  });

  test('without any socket the bot is not healthy', async () => {
    const { workspace, url } = await started();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await workspace.fault({ kind: 'drop-sockets' });
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
  });

  test('over HTTP a forged signature is refused and nothing happens', async () => {
    const { workspace, url, slack } = await started({ mode: 'http' });
    const body = new URLSearchParams({
      ...{ command: '/trail-check', text: 'prod', user_id: 'U0REQUESTER', channel_id: 'C0AUDITTRAIL' },
      ...{ team_id: 'T0TRAILDEMO', trigger_id: '1.2.x', response_url: `${slack.url}/response/T/x` },
    }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const forged = { ...type, ...signed('another-secret', Date.now(), body) };
    const answer = await fetch(`${url}/slack/events`, { method: 'POST', headers: forged, body });
    expect(answer.status).toBe(401);
    const old = { ...type, ...signed(slack.signingSecret, Date.now() - 10 * 60_000, body) };
    expect((await fetch(`${url}/slack/events`, { method: 'POST', headers: old, body })).status).toBe(401);
    expect(await workspace.messages()).toEqual([]);
    expect(await workspace.command('requester', '/trail-check prod')).toMatchObject({ ok: true });
    await workspace.until(({ text }) => text === 'Reading prod …', 'the run');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('hostile names show as the characters they are', async () => {
    const { workspace, scanned } = await started();
    const name = '<!channel> *bold* <@U0APPROVER1> `code` \u202Egnp.exe';
    await scanned([
      failing('aaaaaaaaaaaaaaaa', { title: name, reason: name, resource: `arn:aws:s3:::${name}`, evidence: { name } }),
    ]);
    const check = await workspace.until((message) => visible(message).includes('review_fix'), 'the check');
    const texts = JSON.stringify(mrkdwnOf(check.blocks));
    expect(texts).not.toContain('<!channel>');
    expect(texts).not.toContain('<@U0APPROVER1>');
    expect(texts).not.toContain('*bold*');
    await workspace.click('requester', { ts: check.ts, label: 'Review fix' });
    await expect.poll(() => workspace.views('requester')).toMatchObject({ modal: { callback_id: 'review_fix' } });
    expect(JSON.stringify(mrkdwnOf([(await workspace.views('requester')).modal]))).not.toContain('<!channel>');
  });
});

describe('what is more than a message holds', () => {
  test('is one click away in pages, from which fixes are reviewed, and the list follows', async () => {
    const { workspace, scanned, fixes } = await started();
    const findings = Array.from({ length: 12 }, (_, at) => failing(`${'b'.repeat(14)}${String(at).padStart(2, '0')}`));
    const { fixes: made } = await scanned(findings);
    const check = await workspace.until((message) => visible(message).includes('Show all 12'), 'the check');
    await workspace.click('requester', { ts: check.ts, label: 'Show all 12' });
    await expect.poll(() => workspace.views('requester')).toMatchObject({ modal: { title: { text: 'Findings' } } });
    await workspace.click('requester', { action_id: 'findings_page' });
    await expect.poll(async () => JSON.stringify(await workspace.views('requester'))).toContain('page 2 of 2');
    const last = made.at(-1);
    await workspace.click('requester', { action_id: 'review_fix', value: `${last?.id}.1` });
    await expect.poll(() => workspace.views('requester')).toMatchObject({ modal: { callback_id: 'review_fix' } });
    expect(await workspace.submit('requester', { reason: 'All of them.' })).toEqual({ ok: true });
    expect((await fixes.find(last?.id ?? ''))?.state).toBe('pending');
    const request = await workspace.until((message) => visible(message).includes('approve_fix'), 'the request');
    expect(request.thread_ts).toBe(check.thread_ts);
    const list = await workspace.views('requester');
    expect(JSON.stringify(list)).toContain('Waiting for approval');
    expect(JSON.stringify(list)).not.toContain(`${last?.id}.1`);
  });

  test('guided steps open in a modal', async () => {
    const { workspace, scanned } = await started();
    await scanned([failing('cccccccccccccccc', { fix: 'manual' })]);
    const check = await workspace.until((message) => visible(message).includes('show_steps'), 'the check');
    await workspace.click('requester', { ts: check.ts, label: 'Show steps' });
    await expect.poll(async () => JSON.stringify(await workspace.views('requester'))).toContain('Sign in as root.');
  });
});

describe('App Home', () => {
  test('shows what waits, and checks an environment from there', async () => {
    const { workspace } = await requested();
    await workspace.home('approver');
    await expect.poll(async () => JSON.stringify(await workspace.views('approver'))).toContain('Check now');
    expect(JSON.stringify(await workspace.views('approver'))).toContain('<@U0REQUESTER>');
    await workspace.click('approver', { action_id: 'open_home_env' });
    await expect.poll(async () => JSON.stringify(await workspace.views('approver'))).toContain('Reading prod');
    await workspace.until(({ text, channel }) => text === 'Reading prod …' && channel.startsWith('D'), 'the run');
  });

  test('shows nothing to a guest', async () => {
    const { workspace } = await requested();
    await workspace.home('guest');
    await expect.poll(async () => JSON.stringify(await workspace.views('guest'))).toContain('Only full members');
    expect(JSON.stringify(await workspace.views('guest'))).not.toContain('prod');
  });
});

/** Every text that Slack reads as markup, at any depth. */
function mrkdwnOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnOf);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value && value.type === 'mrkdwn' && 'text' in value ? [String(value.text)] : [];
  return [...own, ...Object.values(value).flatMap(mrkdwnOf)];
}
