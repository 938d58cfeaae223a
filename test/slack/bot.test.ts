import { afterEach, describe, expect, test } from 'vitest';
import { type BotOptions, failing, startBot, type TestBot } from '../support/bot.ts';
import { visible } from '../support/workspace.ts';

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

const aFinding = () => failing('aaaaaaaaaaaaaaaa');

describe('a command', () => {
  test('is acknowledged, answered to the person alone, and its run is said in the channel', async () => {
    const { workspace } = await started();
    expect(await workspace.command('requester', '/trail-check prod')).toMatchObject({ ok: true });
    const answer = await workspace.until(({ text }) => text === 'Reading prod', 'the answer');
    expect(answer).toMatchObject({ ephemeral_to: 'U0REQUESTER' });
    const root = await workspace.until(({ text }) => text.startsWith('Reading prod …'), 'the run');
    expect(root.ephemeral_to ?? null).toBeNull();
  });
});

describe('a fix', () => {
  test('is reviewed, requested, approved by another person, and its messages follow', async () => {
    const { workspace, scanned, executed, carryOut, fixes } = await started();
    const { fixes: made } = await scanned([aFinding()]);
    const check = await workspace.until((message) => visible(message).includes('review_fix'), 'the check');
    expect(await workspace.click('requester', { ts: check.ts, label: 'Review fix' })).toMatchObject({ ok: true });
    await expect.poll(() => workspace.views('requester')).toMatchObject({ modal: { callback_id: 'review_fix' } });
    expect(await workspace.submit('requester', { reason: 'The auditors ask for it.' })).toEqual({ ok: true });
    const request = await workspace.until((message) => visible(message).includes('approve_fix'), 'the request');
    expect(request.thread_ts).toBe(check.thread_ts);
    expect(await workspace.click('approver', { ts: request.ts, label: 'Approve' })).toMatchObject({ ok: true });
    await expect.poll(() => executed).toEqual([made[0]?.id]);
    await carryOut(made[0]?.id ?? '');
    expect((await fixes.find(made[0]?.id ?? ''))?.state).toBe('fixed');
    const done = await workspace.until(({ text }) => text.startsWith('Fixed'), 'the end');
    expect(done.ts).toBe(request.ts);
    expect(visible(done)).not.toContain('approve_fix');
  });
});
