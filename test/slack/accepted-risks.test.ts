import { afterEach, describe, expect, test } from 'vitest';
import { explainMessage } from '../../src/slack/blocks/explain.ts';
import { type BotOptions, CHANNEL, CHECK, failing, startBot, type TestBot } from '../support/bot.ts';
import { type ShownMessage, visible } from '../support/workspace.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const ID = 'aaaaaaaaaaaaaaaa';
const REASON = 'The trail is replaced in December; nobody reads its digests.';
const told = (user: string, words: string) => (message: ShownMessage) =>
  message.ephemeral_to === user && visible(message).includes(words);

/** A run of prod with one failing finding in its thread. */
async function started(options: BotOptions = {}) {
  const bot = await startBot(options);
  closers.push(bot.close);
  await bot.bot.start();
  await bot.scanned([failing(ID)]);
  const check = await bot.workspace.until((message) => visible(message).includes('finding_menu'), 'the check');
  const choose = (role: string, option: string) =>
    bot.workspace.click(role, { ts: check.ts, action_id: 'finding_menu', value: option });
  const untilCheck = (words: string) =>
    bot.workspace.until((message) => message.ts === check.ts && visible(message).includes(words), words);
  return { ...bot, check, choose, untilCheck };
}

type Started = Awaited<ReturnType<typeof started>>;

/** Asks in the modal, as people do; gives the request in the thread. */
async function asked({ workspace, choose, untilCheck }: Started, values: object = {}): Promise<ShownMessage> {
  await untilCheck('Accept risk…');
  await choose('requester', `accept.${ID}`);
  await workspace.modal('requester');
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  expect(await workspace.submit('requester', { reason: REASON, owner: 'approver2', until, ...values })).toEqual({
    ok: true,
  });
  return workspace.until((message) => visible(message).includes('approve_risk'), 'the request');
}

async function verdict({ store }: Pick<TestBot, 'store'>): Promise<string | undefined> {
  return (await store.query.selectFrom('findings').select('verdict').where('id', '=', ID).executeTakeFirst())?.verdict;
}

describe('the risk of a finding', () => {
  test('is accepted from its menu: asked for, approved in the thread, and shown as exempt', async () => {
    const world = await started();
    const { workspace, check, untilCheck } = world;
    const request = await asked(world);
    expect(request.thread_ts).toBe(check.thread_ts);
    expect(visible(request)).toContain('*0 of 1* approval');
    await untilCheck('Accepting the risk waits for approval');
    await workspace.click('requester', { ts: request.ts, label: 'Approve' });
    await workspace.until(told('U0REQUESTER', 'You may not decide on this.'), 'the refusal');
    expect(await workspace.click('approver', { ts: request.ts, label: 'Approve' })).toMatchObject({ ok: true });
    const done = await workspace.until(
      (message) => message.ts === request.ts && message.text.startsWith('Accepted risk'),
      'the end of the request',
    );
    expect(visible(done)).not.toContain('approve_risk');
    const exempt = await untilCheck('owned by <@U0APPROVER2>');
    expect(visible(exempt)).not.toContain('review_fix');
    expect(await verdict(world)).toBe('exempt');
  });

  test('is not asked for with too few words, a guest as owner, or a day too far away', async () => {
    const { workspace, choose } = await started();
    await choose('requester', `accept.${ID}`);
    await workspace.modal('requester');
    const far = { reason: REASON, owner: 'approver', until: '2099-01-01' };
    expect(await workspace.submit('requester', far)).toMatchObject({ errors: { until: expect.stringMatching(/365/) } });
    expect(await workspace.submit('requester', { reason: '.......... ..', until: '2099-01-01' })).toMatchObject({
      errors: { reason: expect.stringMatching(/10 letters/) },
    });
    expect(await workspace.submit('requester', { reason: REASON, owner: 'guest' })).toMatchObject({
      errors: { owner: expect.stringMatching(/full member/) },
    });
  });

  test('is rejected with a reason, and withdrawn by who asked', async () => {
    const world = await started();
    const { workspace } = world;
    const request = await asked(world, { reason: '<!channel> *because* we say so' });
    expect(visible(request)).toContain('<!channel> *because* we say so');
    expect(JSON.stringify(request.blocks)).not.toMatch(/"mrkdwn"[^}]*<!channel>/);
    await workspace.click('approver', { ts: request.ts, label: 'Reject' });
    await workspace.modal('approver');
    expect(await workspace.submit('approver', { reason: 'Mend it.' })).toEqual({ ok: true });
    await workspace.until(({ ts, text }) => ts === request.ts && text.startsWith('Risk not accepted'), 'the rejection');
    const again = await asked(world);
    await workspace.click('requester', { ts: again.ts, label: 'Withdraw' });
    await workspace.until(({ ts, text }) => ts === again.ts && text.includes('withdrawn'), 'the withdrawal');
    expect(await verdict(world)).toBe('fail');
  });

  test('is approved with a reason and the name of the account, where the policy asks for them', async () => {
    const world = await started({
      file: { approval: { default: { approve: ['@trail-approvers'], reason: true, stepUp: 'alias' } } },
    });
    const { workspace } = world;
    const request = await asked(world);
    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    await workspace.modal('approver');
    expect(await workspace.submit('approver', { reason: 'Agreed.', alias: 'something else' })).toMatchObject({
      errors: { alias: expect.stringMatching(/letter for letter/) },
    });
    expect(await workspace.submit('approver', { reason: 'Agreed.', alias: 'acme-management' })).toEqual({ ok: true });
    await workspace.until(({ ts, text }) => ts === request.ts && text.startsWith('Accepted risk'), 'the approval');
  });

  test('is approved once, whoever clicks at the same time, and the others are told', async () => {
    const world = await started();
    const { workspace, store } = world;
    const request = await asked(world);
    await Promise.all(
      ['approver', 'approver2', 'approver'].map((role) => workspace.click(role, { ts: request.ts, label: 'Approve' })),
    );
    await workspace.until(({ ts, text }) => ts === request.ts && text.startsWith('Accepted risk'), 'the approval');
    const log = await store.query.selectFrom('audit').select('action').where('subjectKind', '=', 'risk').execute();
    expect(log.filter(({ action }) => action === 'risk.accepted')).toHaveLength(1);
  });
});

describe('a finding', () => {
  test('is snoozed and woken from its menu, and counts all the while', async () => {
    const world = await started();
    const { workspace, choose, untilCheck } = world;
    await choose('requester', `snooze.${ID}`);
    await workspace.modal('requester');
    expect(await workspace.submit('requester', { days: '7' })).toEqual({ ok: true });
    await untilCheck('Snoozed until');
    expect(await verdict(world)).toBe('fail');
    await choose('approver', `wake.${ID}`);
    await untilCheck('Snooze…');
    await workspace.until(told('U0APPROVER1', 'shown again'), 'the answer');
  });

  test('is explained from its menu', async () => {
    const { workspace, choose } = await started();
    await choose('requester', `explain.${ID}`);
    expect(JSON.stringify(await workspace.modal('requester'))).toContain(
      JSON.stringify(explainMessage(CHECK).blocks[1]).slice(20, 60),
    );
  });

  test('of another environment has no menu for who may not see it', async () => {
    const prod = { accounts: ['111111111111'], viewers: ['@trail-approvers'], channels: [CHANNEL] };
    const { workspace, choose } = await started({ file: { environments: { prod } } });
    await choose('requester', `accept.${ID}`);
    await workspace.until(told('U0REQUESTER', 'You are not among the viewers'), 'the refusal');
  });
});
