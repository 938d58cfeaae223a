import type { App } from '@slack/bolt';
import { afterEach, expect, test } from 'vitest';
import { boltApp, control, read, shown, withSlack } from './support.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const button = { type: 'button', action_id: 'review', text: { type: 'plain_text', text: 'Review fix' }, value: 'f1' };
const modal = {
  type: 'modal',
  callback_id: 'review',
  title: { type: 'plain_text', text: 'Review' },
  submit: { type: 'plain_text', text: 'Approve' },
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: { type: 'plain_text', text: 'Reason' },
      element: { type: 'plain_text_input', action_id: 'text' },
    },
    {
      type: 'input',
      block_id: 'when',
      optional: true,
      label: { type: 'plain_text', text: 'When' },
      element: {
        type: 'static_select',
        action_id: 'choice',
        options: [
          { text: { type: 'plain_text', text: 'Now' }, value: 'now' },
          { text: { type: 'plain_text', text: 'Tonight' }, value: 'tonight' },
        ],
      },
    },
  ],
} as const;

function reviewing(app: App): void {
  app.command('/trail-check', async ({ ack, command, client }) => {
    await ack({ text: `Scanning ${command.text}` });
    const blocks = [{ type: 'actions', block_id: 'a', elements: [button] }];
    await client.chat.postMessage({ channel: command.channel_id, text: 'One finding', blocks });
  });
  app.action('review', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    await client.views.open({
      trigger_id: body.trigger_id,
      view: { ...modal, blocks: [...modal.blocks], private_metadata: body.message?.ts ?? '' },
    });
  });
  app.view('review', async ({ ack, view, client, body }) => {
    const reason = view.state.values.reason?.text?.value ?? '';
    if (reason.length < 5) {
      await ack({ response_action: 'errors', errors: { reason: 'Say more' } });
      return;
    }
    await client.chat.update({
      channel: 'C0AUDITTRAIL',
      ts: view.private_metadata,
      text: `Fixed by ${body.user.id}: ${reason} ${view.state.values.when?.choice?.selected_option?.value}`,
      blocks: [],
    });
    await ack();
  });
}

test('a command, a click, a modal with errors and an update go through the real Bolt over Socket Mode', async () => {
  const slack = await withSlack(closers);
  await boltApp(slack, closers, reviewing);

  expect(
    await control(slack, 'command', { role: 'requester', channel: 'audit-trail', text: '/trail-check prod' }),
  ).toEqual({
    ok: true,
  });
  await expect.poll(async () => (await shown(slack, 'channel=audit-trail')).length).toBe(2);
  const [ephemeral, finding] = await shown(slack, 'channel=audit-trail');
  expect(ephemeral).toMatchObject({ text: 'Scanning prod', ephemeral_to: 'U0REQUESTER' });
  expect(finding).toMatchObject({ text: 'One finding', user: 'U0TRAILBOT', ephemeral_to: null });

  const missing = await control(slack, 'click', { role: 'approver', ts: finding?.ts, label: 'Approve' });
  expect(missing).toMatchObject({ ok: false, error: 'action_not_found' });
  expect(missing.message).toContain('"Review fix" (review)');

  expect(await control(slack, 'click', { role: 'approver', ts: finding?.ts, label: 'Review fix' })).toEqual({
    ok: true,
  });
  await expect
    .poll(() => read(slack, '/_control/views?role=approver'))
    .toMatchObject({ modal: { callback_id: 'review' } });
  expect(await read(slack, '/_control/views?role=requester')).toEqual({ modal: null, home: null });

  expect(await control(slack, 'submit', { role: 'approver', values: {} })).toEqual({
    ok: true,
    response_action: 'errors',
    errors: { reason: 'Please complete this required field.' },
  });
  expect(await control(slack, 'submit', { role: 'approver', values: { Reason: 'no' } })).toEqual({
    ok: true,
    response_action: 'errors',
    errors: { reason: 'Say more' },
  });
  expect(
    await control(slack, 'submit', { role: 'approver', values: { reason: 'agreed with Rita', choice: 'Tonight' } }),
  ).toEqual({ ok: true });
  expect(await read(slack, '/_control/views?role=approver')).toEqual({ modal: null, home: null });
  const updated = (await shown(slack, 'channel=C0AUDITTRAIL')).find(({ ts }) => ts === finding?.ts);
  expect(updated).toMatchObject({ text: 'Fixed by U0APPROVER1: agreed with Rita tonight', blocks: [] });
});

test('every acknowledgement is recorded with its latency', async () => {
  const slack = await withSlack(closers);
  await boltApp(slack, closers, reviewing);
  await control(slack, 'command', { role: 'requester', channel: 'audit-trail', text: '/trail-check prod' });
  expect(await read(slack, '/_control/acks')).toEqual([
    { at: expect.any(Number), kind: 'slash_commands', type: '/trail-check', ms: expect.any(Number), acked: true },
  ]);
});

test('a resend delivers the last click again with the same payload', async () => {
  const slack = await withSlack(closers);
  const seen: unknown[] = [];
  await boltApp(slack, closers, (app) => {
    app.action('review', async ({ ack, body }) => {
      await ack();
      seen.push(body);
    });
  });
  const blocks = [{ type: 'actions', elements: [button] }];
  const posted = await import('@slack/web-api').then(({ WebClient }) =>
    new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl }).chat.postMessage({
      channel: '#audit-trail',
      text: 'x',
      blocks,
    }),
  );
  await control(slack, 'click', { role: 'approver', ts: posted.ts, action_id: 'review' });
  expect(await control(slack, 'faults', { kind: 'resend' })).toMatchObject({ ok: true, acked: true });
  await expect.poll(() => seen.length).toBe(2);
  expect(seen[1]).toEqual(seen[0]);
});

test('with two connections each envelope goes to exactly one, and one serves while the other is cut', async () => {
  const slack = await withSlack(closers);
  const seen: string[] = [];
  await boltApp(
    slack,
    closers,
    (app) => {
      app.command('/trail-check', async ({ ack, command }) => {
        seen.push(command.text);
        await ack();
      });
    },
    2,
  );
  const say = (text: string) =>
    control(slack, 'command', { role: 'requester', channel: 'general', text: `/trail-check ${text}` });
  for (const text of ['1', '2', '3']) expect(await say(text)).toEqual({ ok: true });
  expect(seen).toEqual(['1', '2', '3']);
  expect(await control(slack, 'faults', { kind: 'drop-sockets', count: 1, reason: 'refresh_requested' })).toEqual({
    ok: true,
    dropped: 1,
  });
  for (const text of ['4', '5']) expect(await say(text)).toEqual({ ok: true });
  expect(seen).toEqual(['1', '2', '3', '4', '5']);
});

test('an app that does not acknowledge in time is an error that the person sees', async () => {
  const slack = await withSlack(closers);
  await boltApp(slack, closers, () => undefined);
  const command = { role: 'requester', channel: 'audit-trail', text: '/trail-check prod' };
  const message = '/trail-check failed with the error "operation_timeout"';
  expect(await control(slack, 'command', command)).toEqual({ ok: false, error: 'operation_timeout', message });
  expect(await shown(slack)).toMatchObject([{ text: message, ephemeral_to: 'U0REQUESTER' }]);
});

test('without a connection the person is told that the app could not be reached', async () => {
  const slack = await withSlack(closers);
  const command = { role: 'requester', channel: 'audit-trail', text: '/trail-check prod' };
  expect(await control(slack, 'command', command)).toMatchObject({ ok: false, error: 'dispatch_failed' });
});

test('opening the Home tab lets the app publish it', async () => {
  const slack = await withSlack(closers);
  await boltApp(slack, closers, (app) => {
    app.event('app_home_opened', async ({ event, client }) => {
      await client.views.publish({
        user_id: event.user,
        view: { type: 'home', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'Hello' } }] },
      });
    });
  });
  await control(slack, 'home', { role: 'guest' });
  await expect
    .poll(() => read(slack, '/_control/views?role=guest'))
    .toMatchObject({ home: { type: 'home', blocks: [{ type: 'header' }] } });
});
