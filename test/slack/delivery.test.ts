import { afterEach, describe, expect, test } from 'vitest';
import { findMessage } from '../../src/store/messages.ts';
import { type BotOptions, CHANNEL, CHECK, failing, startBot, type TestBot } from '../support/bot.ts';
import { visible } from '../support/workspace.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function prepared(options: BotOptions = {}): Promise<TestBot> {
  const bot = await startBot(options);
  closers.push(bot.close);
  return bot;
}

const roots = async ({ workspace }: TestBot) =>
  (await workspace.messages({ channel: 'audit-trail' })).filter(({ thread_ts }) => thread_ts == null);

test('a thread is told after its first message, in the order in which it was said', async () => {
  const checks = ['trail/one', 'trail/two', 'trail/three'];
  const bot = await prepared({ catalogue: new Map(checks.map((id) => [id, { ...CHECK, id }])) });
  await bot.scanned(checks.map((check, at) => failing(`aaaaaaaaaaaaaaa${at}`, { check })));
  await bot.bot.start();
  await expect.poll(async () => (await bot.workspace.messages()).length, { timeout: 10_000 }).toBe(4);
  const [root, ...thread] = await bot.workspace.messages();
  expect(thread.map(({ thread_ts }) => thread_ts)).toEqual([root?.ts, root?.ts, root?.ts]);
  expect(thread.map((message) => checks.find((check) => visible(message).includes(check)))).toEqual(checks);
});

test('what Slack asks to wait for is said after that time, once', async () => {
  const bot = await prepared();
  await bot.workspace.fault({ kind: 'rate-limit', method: 'chat.postMessage', count: 1, retryAfter: 1 });
  const { run } = await bot.scanned([failing('aaaaaaaaaaaaaaaa')]);
  await bot.bot.start();
  await expect
    .poll(async () => (await findMessage(bot.store.query, `run:${run}:${CHANNEL}`))?.error)
    .toBe('waits for its turn');
  await bot.workspace.until((message) => visible(message).includes('review_fix'), 'the check');
  expect(await roots(bot)).toHaveLength(1);
});

describe('a post whose answer was lost', () => {
  test('is found again by its key and not posted twice', async () => {
    const bot = await prepared();
    const { run } = await bot.scanned([failing('aaaaaaaaaaaaaaaa')]);
    const key = `run:${run}:${CHANNEL}`;
    // As a process leaves it that died after Slack had the message and before the database knew.
    await bot.store.query
      .updateTable('messages')
      .set({ claimedUntil: new Date(Date.now() + 30_000) })
      .where('key', '=', key)
      .execute();
    const posted = await post(bot, key);
    await bot.bot.start();
    await expect.poll(async () => (await findMessage(bot.store.query, key))?.ts).toBe(posted);
    await bot.workspace.until((message) => visible(message).includes('review_fix'), 'the check');
    expect(await roots(bot)).toHaveLength(1);
    expect((await roots(bot))[0]?.text).toContain('of 100');
  });

  test('of a thread too', async () => {
    const bot = await prepared();
    const { run } = await bot.scanned([failing('aaaaaaaaaaaaaaaa')]);
    const root = `run:${run}:${CHANNEL}`;
    const check = `check:${run}:trail/log-file-validation:${CHANNEL}`;
    const rootTs = await post(bot, root);
    const checkTs = await post(bot, check, rootTs);
    await bot.store.query
      .updateTable('messages')
      .set({ error: 'unsure: no answer' })
      .where('key', 'in', [root, check])
      .execute();
    await bot.bot.start();
    await expect.poll(async () => (await findMessage(bot.store.query, check))?.ts).toBe(checkTs);
    expect(await bot.workspace.messages({ channel: 'audit-trail' })).toHaveLength(2);
  });

  test('is posted again where nothing came of it', async () => {
    const bot = await prepared();
    await bot.workspace.fault({ kind: 'http-500', method: 'chat.postMessage', count: 2 });
    await bot.scanned([failing('aaaaaaaaaaaaaaaa')]);
    await bot.bot.start();
    await bot.workspace.until((message) => visible(message).includes('review_fix'), 'the check');
    expect(await roots(bot)).toHaveLength(1);
  });
});

test('a message that Slack refuses for good is given up and logged, and the others are said', async () => {
  const bot = await prepared();
  await bot.store.transaction((tx) =>
    tx.say({ key: 'run:gone', channel: CHANNEL, subject: { kind: 'run', id: 'gone' } }),
  );
  await bot.scanned([failing('aaaaaaaaaaaaaaaa')]);
  await bot.bot.start();
  await bot.workspace.until((message) => visible(message).includes('review_fix'), 'the check');
  expect(await findMessage(bot.store.query, 'run:gone')).toMatchObject({ state: 'failed' });
  expect(bot.logged.join()).toContain('run:gone');
});

test('a channel that is configured by name is found by it, also for updates', async () => {
  const bot = await prepared();
  const asked = await bot.store.transaction(async (tx) => {
    await tx.query
      .insertInto('runs')
      .values({
        id: 'run-named',
        target: 'prod',
        trigger: 'scheduled',
        state: 'queued',
        createdAt: tx.at,
        counts: 'null',
        changed: [],
      })
      .execute();
    await tx.say({ key: 'run:named', channel: '#audit-trail', subject: { kind: 'run', id: 'run-named' } });
    return 'run:named';
  });
  await bot.bot.start();
  const first = await bot.workspace.until(({ text }) => text.startsWith('Reading prod'), 'the run');
  expect(first.channel).toBe(CHANNEL);
  await bot.store.transaction(async (tx) => {
    await tx.query
      .updateTable('runs')
      .set({ state: 'failed', error: 'no way in' })
      .where('id', '=', 'run-named')
      .execute();
    await tx.say({ key: asked, channel: '#audit-trail', subject: { kind: 'run', id: 'run-named' } });
  });
  const last = await bot.workspace.until(({ text }) => text.includes('could not be checked'), 'its end');
  expect(last.ts).toBe(first.ts);
});

/** Posts as the bot does, with the key in the metadata; gives the time stamp. */
async function post({ slack }: TestBot, key: string, thread?: string): Promise<string> {
  const form = new URLSearchParams({
    ...{ channel: CHANNEL, text: 'an older state' },
    metadata: JSON.stringify({ event_type: 'trail_check', event_payload: { key } }),
    ...(thread === undefined ? {} : { thread_ts: thread }),
  });
  const headers = { authorization: `Bearer ${slack.botToken}` };
  const answer = await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', headers, body: form });
  const { ts }: { ts: string } = JSON.parse(await answer.text());
  return ts;
}
