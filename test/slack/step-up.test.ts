import { Secret, TOTP } from 'otpauth';
import { afterEach, describe, expect, test } from 'vitest';
import { type BotOptions, failing, startBot, type TestBot } from '../support/bot.ts';
import { type ShownMessage, visible } from '../support/workspace.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const ALIAS = 'acme-prod';
const KEY = 'ab'.repeat(32);
const CHANNELS = { slack: { channel: '#audit-trail' }, audit: { channel: '#audit-log' } };

/** A bot with one fix under an approval policy, and the message of its check. */
async function started(approval: object, options: BotOptions = {}) {
  const bot = await startBot({
    secrets: { stepUpKey: KEY },
    ...options,
    file: {
      ...CHANNELS,
      environments: { prod: { accounts: [{ id: '111111111111', name: ALIAS }] } },
      approval: { default: { approve: ['@trail-approvers'], ...approval } },
    },
  });
  closers.push(bot.close);
  await bot.bot.start();
  const { fixes } = await bot.scanned([failing('aaaaaaaaaaaaaaaa')]);
  const check = await bot.workspace.until((message) => visible(message).includes('review_fix'), 'the check');
  return { ...bot, fixId: fixes[0]?.id ?? '', check };
}

/** The same with a request by the requester. */
async function requested(approval: object, options: BotOptions = {}) {
  const bot = await started(approval, options);
  await bot.workspace.click('requester', { ts: bot.check.ts, label: 'Review fix' });
  await modalOf(bot, 'requester', 'review_fix');
  expect(await bot.workspace.submit('requester', { reason: 'The auditors ask for it.' })).toEqual({ ok: true });
  const request = await bot.workspace.until((message) => visible(message).includes('approve_fix'), 'the request');
  return { ...bot, request };
}

async function modalOf({ workspace }: Pick<TestBot, 'workspace'>, role: string, callback: string): Promise<string> {
  await expect.poll(() => workspace.views(role)).toMatchObject({ modal: { callback_id: callback } });
  return JSON.stringify((await workspace.views(role)).modal);
}

const at = ({ ts, channel }: ShownMessage) => ({ ts, channel });
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });

/** Sets up codes for an approver and gives the secret that the modal showed. */
async function enrolled(bot: Pick<TestBot, 'workspace'>, role: string): Promise<string> {
  const shown = await modalOf(bot, role, 'enrol');
  const secret = /[?&]secret=([A-Z2-7]+)/.exec(shown)?.[1] ?? '';
  expect(await bot.workspace.submit(role, { code: codeOf(secret, -1) })).toMatchObject({ response_action: 'update' });
  return secret;
}

describe('where the policy asks for the name of the account', () => {
  test('the button opens the review, a wrong name is said there, and the right one approves', async () => {
    const bot = await requested({ stepUp: 'alias' });
    const { workspace, request, executed, fixId } = bot;
    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    expect(await modalOf(bot, 'approver', 'review_fix')).toContain(`Type ${ALIAS}`);
    expect(executed).toEqual([]);
    expect(await workspace.submit('approver', { alias: 'acme-staging' })).toMatchObject({
      response_action: 'errors',
      errors: { alias: `This is not ${ALIAS}, letter for letter.` },
    });
    expect(executed).toEqual([]);
    expect(await workspace.submit('approver', { alias: ALIAS })).toEqual({ ok: true });
    await expect.poll(() => executed).toEqual([fixId]);
  });

  test('who may not approve is told so, and asked for nothing', async () => {
    const { workspace, request } = await requested({ stepUp: 'alias' });
    await workspace.click('guest', { ts: request.ts, label: 'Approve' });
    await workspace.until(
      (message) => message.ephemeral_to === 'U0GUEST0001' && visible(message).includes('may not approve'),
      'the refusal',
    );
    expect(await workspace.views('guest')).toMatchObject({ modal: null });
  });

  test('asking takes no name', async () => {
    const bot = await started({ stepUp: 'alias' });
    await bot.workspace.click('requester', { ts: bot.check.ts, label: 'Review fix' });
    expect(await modalOf(bot, 'requester', 'review_fix')).not.toContain('"alias"');
  });
});

describe('where the policy asks for a one-time code', () => {
  test('who has none sets them up from the review, others are told, and no message or log holds the secret', async () => {
    const bot = await requested({ stepUp: 'code' });
    const { workspace, request, executed, fixId, logged, store } = bot;
    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    const review = await modalOf(bot, 'approver', 'review_fix');
    expect(review).toContain('Set up codes');
    expect(review).not.toContain('"submit":{');
    await workspace.click('approver', { label: 'Set up codes' });
    const secret = await enrolled(bot, 'approver');
    await workspace.until((message) => message.text.includes('<@U0APPROVER1> set up one-time codes'), 'the notice');
    await workspace.close('approver');
    await workspace.close('approver');
    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    await modalOf(bot, 'approver', 'review_fix');
    expect(await workspace.submit('approver', { alias: ALIAS, code: codeOf(secret) })).toEqual({ ok: true });
    await expect.poll(() => executed).toEqual([fixId]);
    const kept = [
      ...(await workspace.messages()),
      ...(await store.query.selectFrom('audit').selectAll().execute()),
      ...logged,
    ];
    expect(JSON.stringify(kept)).not.toContain(secret);
  });

  test('a stolen session, right in everything but the code, approves nothing', async () => {
    const bot = await requested({ stepUp: 'code' });
    const { workspace, request, executed, fixes, fixId } = bot;
    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    await modalOf(bot, 'approver', 'review_fix');
    await workspace.click('approver', { label: 'Set up codes' });
    const secret = await enrolled(bot, 'approver');
    await workspace.close('approver');
    await workspace.close('approver');
    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    await modalOf(bot, 'approver', 'review_fix');
    const used = codeOf(secret, -1);
    for (const code of [used, '12345x', used]) {
      expect(await workspace.submit('approver', { alias: ALIAS, code })).toMatchObject({
        response_action: 'errors',
        errors: { code: expect.any(String) },
      });
    }
    // Nor does it set up codes of its own.
    const { ok } = await fixes.codes.begin({ user: 'U0APPROVER1' });
    expect(ok).toBe(false);
    expect(await fixes.find(fixId)).toMatchObject({ state: 'pending' });
    expect(executed).toEqual([]);
  });

  test('without a key nobody approves, and the review says what to do', async () => {
    const bot = await requested({ stepUp: 'code' }, { secrets: {} });
    await bot.workspace.click('approver', { ts: bot.request.ts, label: 'Approve' });
    const review = await modalOf(bot, 'approver', 'review_fix');
    expect(review).toContain('TRAIL_CHECK_STEP_UP_KEY');
    expect(review).not.toContain('"submit":{');
  });
});

describe('in an emergency', () => {
  const policy = { people: 2, breakGlass: ['U0REQUESTER'] };

  test('one person approves alone, everybody is told, and two others sign it off in a copy that follows', async () => {
    const bot = await started(policy);
    const { workspace, check, executed, fixId, carryOut } = bot;
    await workspace.click('requester', { ts: check.ts, label: 'Review fix' });
    await modalOf(bot, 'requester', 'review_fix');
    await workspace.click('requester', { label: 'Approve alone (emergency)…' });
    expect(await modalOf(bot, 'requester', 'break_glass')).toContain(`Type ${ALIAS}`);
    expect(await workspace.submit('requester', { reason: 'Logs leak *now*', alias: 'no' })).toMatchObject({
      response_action: 'errors',
      errors: { alias: expect.any(String) },
    });
    const closing = await workspace.submit('requester', { reason: 'Logs leak *now*', alias: ALIAS });
    expect(closing).toMatchObject({ response_action: 'clear' });
    await expect.poll(() => executed).toEqual([fixId]);
    const words = '<@U0REQUESTER> approved a fix alone';
    const emergency = (channel: string) => (message: ShownMessage) =>
      message.channel === channel && message.text.includes(words);
    const loud = await workspace.until(emergency('C0AUDITLOG00'), 'the notice in the audit channel');
    const inThread = await workspace.until(emergency('C0AUDITTRAIL'), 'the notice in the thread');
    expect(inThread.thread_ts).toBe(check.thread_ts);
    expect(visible(loud)).toContain('Logs leak *now*');
    expect(visible(loud)).not.toContain('sign_off');
    await carryOut(fixId);
    const open = (message: ShownMessage) => message.ts === loud.ts && visible(message).includes('"sign_off"');
    const over = await workspace.until(open, 'the end, with its button');
    await workspace.click('requester', { ...at(over), label: 'Sign off' });
    await workspace.click('approver', { ...at(over), label: 'Sign off' });
    await workspace.until((message) => message.ts === loud.ts && visible(message).includes('1 of 2'), 'the first');
    await workspace.click('approver2', { ...at(over), label: 'Sign off' });
    for (const { ts, channel } of [loud, inThread]) {
      const done = await workspace.until(
        (message) => message.ts === ts && message.channel === channel && visible(message).includes('Signed off by'),
        'the signatures',
      );
      expect(visible(done)).not.toContain('"sign_off"');
    }
  });

  test('nobody else is offered it', async () => {
    const bot = await started(policy);
    await bot.workspace.click('approver', { ts: bot.check.ts, label: 'Review fix' });
    expect(await modalOf(bot, 'approver', 'review_fix')).not.toContain('emergency');
  });
});
