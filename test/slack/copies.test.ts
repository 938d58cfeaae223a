import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { viewOf } from '../../src/fixes/fix.ts';
import { runKey } from '../../src/posture/runs.ts';
import type { FixState } from '../../src/store/fix-states.ts';
import { lockFix, reviseFix, transition } from '../../src/store/fixes.ts';
import { setHold } from '../../src/store/holds.ts';
import { findMessage } from '../../src/store/messages.ts';
import { type BotOptions, CHANNEL, failing, startBot, type TestBot } from '../support/bot.ts';
import { type ShownMessage, visible } from '../support/workspace.ts';

/* Every copy of a fix follows it, and no button looks alive after its decision. */

const WAIT = { timeout: 15_000 };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** What decides on a fix, or leads to a decision. */
const DECIDING = ['approve_fix', 'reject_fix', 'withdraw_fix', 'review_fix'];
const FINDING = 'aaaaaaaaaaaaaaaa';

function deciding(fixId: string, message: ShownMessage): string[] {
  const shown = JSON.stringify(message.blocks ?? []);
  return DECIDING.filter((action) => shown.includes(`"${action}"`) && shown.includes(`${fixId}.`));
}

/** A fix of a new finding that the requester has asked for in the thread of its run. */
async function requested(
  bot: TestBot,
  finding: string,
): Promise<{ fixId: string; run: string; request: ShownMessage }> {
  const { fixes, run } = await bot.scanned([failing(finding)]);
  const fixId = fixes[0]?.id ?? '';
  const origin = { channel: CHANNEL, threadKey: runKey(run, CHANNEL) };
  const asked = await bot.fixes.request({
    fixId,
    revision: 1,
    user: 'U0REQUESTER',
    reason: 'The auditors ask.',
    origin,
  });
  if (!asked.ok) throw new Error(asked.message);
  const request = await bot.workspace.until(
    (message) => visible(message).includes('approve_fix') && visible(message).includes(fixId),
    'the request',
  );
  return { fixId, run, request };
}

/** Moves a fix along these states, each said as it is. */
async function move(bot: TestBot, fixId: string, ...states: FixState[]): Promise<void> {
  for (const to of states) {
    await bot.store.transaction(async (tx) => {
      const row = await lockFix(tx, fixId);
      if (row === undefined) throw new Error('no such fix');
      await transition(tx, fixId, row.state, to, { progress: { changes: [{ state: 'done' }] } });
      const moved = await lockFix(tx, fixId);
      if (moved !== undefined) await bot.bot.announce(tx, viewOf(moved));
    });
  }
}

async function started(options: BotOptions = {}): Promise<TestBot> {
  const bot = await startBot(options);
  closers.push(bot.close);
  await bot.bot.start();
  return bot;
}

describe('after its end', () => {
  let bot: TestBot;
  let next = 0;
  beforeAll(async () => {
    bot = await startBot();
    await bot.bot.start();
  });
  afterAll(() => bot?.close());

  const RUN: FixState[] = ['approved', 'applying'];
  test.each<[FixState, FixState[]]>([
    ['fixed', [...RUN, 'verifying', 'fixed']],
    ['unconfirmed', [...RUN, 'verifying', 'unconfirmed']],
    ['failed', [...RUN, 'failed']],
    ['partly-applied', [...RUN, 'partly-applied']],
    ['rolled-back', [...RUN, 'rolled-back']],
    ['rejected', ['rejected']],
    ['withdrawn', ['withdrawn']],
    ['expired', ['expired']],
    ['superseded', ['superseded']],
    ['drifted', ['approved', 'drifted']],
    ['undone', [...RUN, 'verifying', 'fixed', 'undone']],
  ])(
    'as %s no copy of a fix decides anything, and modals that were open are refused with the reason',
    async (state, path) => {
      const { workspace } = bot;
      next += 1;
      const { fixId, request } = await requested(bot, `${'a'.repeat(13)}${String(next).padStart(3, '0')}`);
      const { ts } = request;
      await workspace.click('approver', { ts, action_id: 'review_fix' });
      await workspace.click('approver2', { ts, action_id: 'reject_fix' });
      await workspace.click('requester', { ts, action_id: 'withdraw_fix' });
      for (const role of ['approver', 'approver2', 'requester']) await workspace.modal(role);

      await move(bot, fixId, ...path);
      await expect
        .poll(async () => (await workspace.messages()).flatMap((message) => deciding(fixId, message)), WAIT)
        .toEqual([]);
      expect((await bot.fixes.find(fixId))?.state).toBe(state);
      for (const role of ['approver', 'approver2', 'requester']) {
        const answer = await workspace.submit(role, { reason: 'I still think so.' });
        expect({ role, ...answer }).toMatchObject({ role, response_action: 'update' });
        const { modal } = await workspace.views(role);
        expect(JSON.stringify(modal)).toContain('🔒');
        expect(modal).not.toMatchObject({ submit: expect.anything() });
        await workspace.close(role);
      }
      expect((await bot.fixes.find(fixId))?.state).toBe(state);
      expect(bot.executed).not.toContain(fixId);
    },
  );
});

describe('a copy that Slack does not take', () => {
  async function withClock() {
    let late = 0;
    const bot = await started({ now: () => Date.now() + late });
    return { bot, later: (ms: number) => (late += ms) };
  }

  test('because its channel is archived is tried again, and repaired once Slack takes it', async () => {
    const { bot, later } = await withClock();
    const { fixId, request } = await requested(bot, FINDING);
    // The request and the check it is about.
    await bot.workspace.fault({ kind: 'refuse', method: 'chat.update', reason: 'is_archived', count: 2 });
    await move(bot, fixId, 'rejected');
    await expect
      .poll(() => findMessage(bot.store.query, `fix:${fixId}`), WAIT)
      .toMatchObject({ state: 'failed', error: 'is_archived' });
    later(40_000);
    // Nobody has to press anything: the bot looks every few seconds.
    const end = await bot.workspace.until(
      ({ ts, text }) => ts === request.ts && text.startsWith('Rejected'),
      'the end',
    );
    expect(deciding(fixId, end)).toEqual([]);
  });

  test.each([
    ['is asked to wait', { kind: 'rate-limit', retryAfter: 1, count: 2 }],
    ['gives no answer that says so', { kind: 'http-500', count: 2 }],
  ])('because it %s follows all the same', async (_, fault) => {
    const bot = await started();
    const { fixId, request } = await requested(bot, FINDING);
    await bot.workspace.fault({ method: 'chat.update', ...fault });
    await move(bot, fixId, 'rejected');
    await bot.workspace.until(({ ts, text }) => ts === request.ts && text.startsWith('Rejected'), 'the end');
  });

  test('because somebody deleted it is no failure, and is not said anew', async () => {
    const bot = await started();
    const { fixId, request } = await requested(bot, FINDING);
    const headers = { authorization: `Bearer ${bot.slack.botToken}` };
    const body = new URLSearchParams({ channel: CHANNEL, ts: request.ts });
    await fetch(`${bot.slack.apiUrl}chat.delete`, { method: 'POST', headers, body });
    await move(bot, fixId, 'rejected');
    await expect
      .poll(async () => {
        const message = await findMessage(bot.store.query, `fix:${fixId}`);
        return message === undefined ? 'gone' : message.wantedVersion - message.shownVersion;
      }, WAIT)
      .toBe(0);
    expect(await findMessage(bot.store.query, `fix:${fixId}`)).toMatchObject({ state: 'open', error: null });
    expect((await bot.workspace.messages()).filter(({ text }) => text.startsWith('Rejected'))).toEqual([]);
    expect(bot.logged.join()).not.toContain(`fix:${fixId}`);
  });
});

test('the messages of older runs lose their buttons too', async () => {
  const bot = await started();
  const { fixes, run } = await bot.scanned([failing(FINDING)]);
  const fixId = fixes[0]?.id ?? '';
  const first = await bot.store.query.selectFrom('runs').selectAll().where('id', '=', run).executeTakeFirstOrThrow();
  for (let older = 0; older < 7; older++) {
    const id = `${run}-${older}`;
    await bot.store.transaction(async (tx) => {
      const counts = JSON.stringify(first.counts);
      await tx.query
        .insertInto('runs')
        .values({ ...first, id, counts })
        .execute();
      await tx.say({ key: runKey(id, CHANNEL), channel: CHANNEL, subject: { kind: 'run', id } });
      const subject = { kind: 'check', id: `${id}/trail/log-file-validation` };
      await tx.say({ key: `check:${id}`, channel: CHANNEL, threadKey: runKey(id, CHANNEL), subject });
    });
  }
  const live = async () =>
    (await bot.workspace.messages()).filter((message) => deciding(fixId, message).length > 0).length;
  await expect.poll(live, { timeout: 60_000 }).toBe(8);
  await bot.store.transaction((tx) => transition(tx, fixId, 'proposed', 'superseded'));
  await bot.store.transaction(async (tx) => {
    const row = await lockFix(tx, fixId);
    if (row !== undefined) await bot.bot.announce(tx, viewOf(row));
  });
  await expect.poll(live, { timeout: 60_000 }).toBe(0);
}, 120_000);

test('a plan made anew is asked for in a message of its own, and the older one points to it', async () => {
  const bot = await started();
  const { fixId, run, request } = await requested(bot, FINDING);
  await bot.store.transaction(async (tx) => {
    const row = await lockFix(tx, fixId);
    if (row === undefined) throw new Error('no such fix');
    const { findings, check, accounts, class: kind, risk, people } = row;
    const plan = viewOf(row).proposal;
    const revised = await reviseFix(tx, row, {
      findings,
      check,
      accounts,
      class: kind,
      risk,
      people,
      plan,
      planHash: 'new',
    });
    if (revised !== undefined) await bot.bot.announce(tx, viewOf(revised));
  });
  await bot.workspace.until(({ ts, text }) => ts === request.ts && text.startsWith('Proposed'), 'the new plan');
  const origin = { channel: CHANNEL, threadKey: runKey(run, CHANNEL) };
  await bot.fixes.request({ fixId, revision: 2, user: 'U0REQUESTER', reason: 'Still.', origin });
  const second = await bot.workspace.until(
    (message) =>
      message.ts !== request.ts && visible(message).includes(`${fixId}.2`) && visible(message).includes('approve_fix'),
    'the second request',
  );
  expect(second.thread_ts).toBe(request.thread_ts);
  const older = await bot.workspace.until(
    ({ ts, text }) => ts === request.ts && text.startsWith('Out of date'),
    'the first',
  );
  expect(deciding(fixId, older)).toEqual([]);
  await bot.workspace.click('approver', { ts: second.ts, label: 'Approve' });
  await expect.poll(() => bot.executed).toEqual([fixId]);
});

describe('Withdraw', () => {
  test('asks for the reason, ends the request, and shows who and why', async () => {
    const bot = await started();
    const { fixId, request } = await requested(bot, FINDING);
    await bot.workspace.click('requester', { ts: request.ts, label: 'Withdraw' });
    await expect.poll(() => bot.workspace.views('requester')).toMatchObject({ modal: { callback_id: 'withdraw_fix' } });
    expect(await bot.workspace.submit('requester', { reason: 'Asked *too* early.' })).toEqual({ ok: true });
    const end = await bot.workspace.until(({ text }) => text.startsWith('Withdrawn'), 'the end');
    expect(end.ts).toBe(request.ts);
    expect(visible(end)).toContain('Asked *too* early.');
    expect(visible(end)).toContain('withdrawn by <@U0REQUESTER>');
    expect(deciding(fixId, end)).toEqual([]);
  });

  test('by anyone else is refused to them alone', async () => {
    const bot = await started();
    const { fixId, request } = await requested(bot, FINDING);
    await bot.workspace.click('guest', { ts: request.ts, label: 'Withdraw' });
    await bot.workspace.until(
      (message) => message.ephemeral_to === 'U0GUEST0001' && visible(message).includes('may withdraw it'),
      'the refusal',
    );
    expect((await bot.fixes.find(fixId))?.state).toBe('pending');
  });
});

describe('progress and reminders', () => {
  test('one of two, and who, stands on every copy; a reminder mentions only who is left, and is closed with the decision', async () => {
    let late = 0;
    const file = { approval: { default: { approve: ['@trail-approvers'], people: 2, remind: ['1h'] } } };
    const bot = await started({ file, now: () => Date.now() + late });
    const { fixId, request } = await requested(bot, FINDING);
    await bot.workspace.click('approver', { ts: request.ts, label: 'Approve' });
    const copies = async () =>
      (await bot.workspace.messages()).filter(
        (message) => /1 of 2/.test(visible(message)) && visible(message).includes('<@U0APPROVER1>'),
      ).length;
    await expect.poll(copies, WAIT).toBe(2);
    late += 3_700_000;
    await bot.fixes.sweep();
    const reminder = await bot.workspace.until(({ text }) => text.startsWith('Waits for a decision'), 'the reminder');
    expect(reminder.thread_ts).toBe(request.thread_ts);
    expect(visible(reminder)).toContain('"U0APPROVER2"');
    expect(visible(reminder)).not.toMatch(/U0APPROVER1|U0REQUESTER|S0TRAILAPPR|<!here|<!channel/);
    await bot.workspace.click('approver2', { ts: request.ts, label: 'Approve' });
    const closed = await bot.workspace.until(
      ({ ts, text }) => ts === reminder.ts && text.startsWith('Approved'),
      'its end',
    );
    expect(visible(closed)).not.toContain('U0APPROVER2');
    expect(bot.executed).toEqual([fixId]);
  });

  test('a reminder to a whole group mentions the group by its id', async () => {
    let late = 0;
    const file = { approval: { default: { approve: ['@trail-approvers'], remind: ['1h'] } } };
    const bot = await started({ file, now: () => Date.now() + late });
    await requested(bot, FINDING);
    late += 3_700_000;
    await bot.fixes.sweep();
    const reminder = await bot.workspace.until(({ text }) => text.startsWith('Waits for a decision'), 'the reminder');
    expect(visible(reminder)).toContain('"usergroup_id":"S0TRAILAPPR"');
  });
});

test('a finding on hold shows who undid its fix and why, and approvers lift it', async () => {
  const bot = await started();
  const { fixId } = await requested(bot, FINDING);
  await move(bot, fixId, 'approved', 'applying', 'verifying', 'fixed', 'undone');
  await bot.store.transaction(async (tx) => {
    const row = await lockFix(tx, fixId);
    if (row === undefined) throw new Error('no such fix');
    await setHold(tx, FINDING, { reason: 'It broke *our* reader.', by: 'U0REQUESTER' });
    await bot.bot.announce(tx, viewOf(row));
  });
  const held = await bot.workspace.until((message) => visible(message).includes('lift_hold'), 'the hold');
  expect(visible(held)).toContain('It broke *our* reader.');
  expect(deciding(fixId, held)).toEqual([]);
  await bot.workspace.click('requester', { ts: held.ts, label: 'Lift hold' });
  await bot.workspace.until(
    (message) => message.ephemeral_to === 'U0REQUESTER' && visible(message).includes('Only approvers'),
    'the refusal',
  );
  await bot.workspace.click('approver', { ts: held.ts, label: 'Lift hold' });
  await bot.workspace.until(
    (message) => message.ephemeral_to === 'U0APPROVER1' && visible(message).includes('The hold is lifted'),
    'the answer',
  );
  await expect
    .poll(
      async () => (await bot.workspace.messages()).filter((message) => visible(message).includes('lift_hold')),
      WAIT,
    )
    .toEqual([]);
});
