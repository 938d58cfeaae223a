import type { App, BlockAction, SlackViewAction, ViewResponseAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SimulatedSlack } from '../../../src/sandbox/slack/server.ts';
import { createTrigger } from '../../../src/sandbox/slack/triggers.ts';
import { api, boltApp, control, read, shown, withSlack } from './support.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const RITA = 'U0REQUESTER';
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (value: string, text: string) => ({ text: plain(text), value });

let slack: SimulatedSlack;
let actions: BlockAction[];
let views: SlackViewAction[];
/** What the app answers to a submission. */
let answer: ViewResponseAction | undefined;

beforeEach(async () => {
  slack = await withSlack(closers);
  actions = [];
  views = [];
  answer = undefined;
  await boltApp(slack, closers, (app: App) => {
    app.action(/.*/, async ({ ack, body }) => {
      await ack();
      if (body.type === 'block_actions') actions.push(body);
    });
    app.view({ type: 'view_submission', callback_id: /.*/ }, async ({ ack, body }) => {
      views.push(body);
      await (answer ? ack(answer) : ack());
    });
    app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack, body }) => {
      views.push(body);
      await ack();
    });
  });
});

async function posted(...elements: object[]): Promise<string> {
  const blocks = [{ type: 'actions', block_id: 'row', elements }];
  const { ts } = await api(slack, 'chat.postMessage', { channel: 'C0AUDITTRAIL', text: 'x', blocks });
  return String(ts);
}

const click = (body: object) => control(slack, 'click', { role: 'requester', channel: 'audit-trail', ...body });
const top = async () => (await read(slack, '/_control/views?role=requester')) as { modal: { id: string } | null };

const modal = (title: string, extra: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  callback_id: title,
  title: plain(title),
  submit: plain('Send'),
  blocks: [],
  ...extra,
});

async function open(view: ModalView): Promise<void> {
  const opened = await api(slack, 'views.open', { trigger_id: createTrigger(slack.workspace, RITA), view });
  expect(opened).toMatchObject({ ok: true });
}

describe('a click sends what Slack would send for', () => {
  const options = [option('a', 'Alpha'), option('b', 'Beta')];
  test.each<[string, object, object, object]>([
    [
      'a button',
      { type: 'button', text: plain('Go'), value: 'f1' },
      { label: 'Go' },
      { value: 'f1', text: { text: 'Go' } },
    ],
    ['an overflow entry', { type: 'overflow', options }, { label: 'Beta' }, { selected_option: options[1] }],
    [
      'a select by value',
      { type: 'static_select', options },
      { action_id: 'it', option: 'a' },
      { selected_option: options[0] },
    ],
    ['a radio button', { type: 'radio_buttons', options }, { label: 'Alpha' }, { selected_option: options[0] }],
    [
      'a checkbox',
      { type: 'checkboxes', options, initial_options: [options[0]] },
      { label: 'Beta' },
      { selected_options: options },
    ],
    ['a person', { type: 'users_select' }, { action_id: 'it', value: 'approver' }, { selected_user: 'U0APPROVER1' }],
    [
      'a channel',
      { type: 'channels_select' },
      { action_id: 'it', value: '#general' },
      { selected_channel: 'C0GENERAL000' },
    ],
    ['a date', { type: 'datepicker' }, { action_id: 'it', value: '2026-12-01' }, { selected_date: '2026-12-01' }],
  ])('%s', async (_, element, how, sent) => {
    const ts = await posted({ ...element, action_id: 'it' });
    expect(await click({ ts, ...how })).toEqual({ ok: true });
    expect(actions).toMatchObject([
      {
        user: { id: RITA, team_id: 'T0TRAILDEMO' },
        channel: { id: 'C0AUDITTRAIL', name: 'audit-trail' },
        container: { type: 'message', message_ts: ts, is_ephemeral: false },
        message: { ts, bot_id: 'B0TRAILBOT' },
        response_url: expect.stringContaining(slack.url),
        trigger_id: expect.any(String),
        actions: [{ block_id: 'row', action_id: 'it', ...sent }],
      },
    ]);
  });
});

describe('a click is refused', () => {
  test('where labels repeat, unless the value tells them apart', async () => {
    const button = (value: string) => ({ type: 'button', action_id: `go-${value}`, text: plain('Go'), value });
    const ts = await posted(button('1'), button('2'));
    expect(await click({ ts, label: 'Go' })).toMatchObject({
      error: 'ambiguous',
      message: expect.stringContaining('go-2'),
    });
    expect(await click({ ts, label: 'Go', value: '2' })).toEqual({ ok: true });
    expect(actions[0]?.actions).toMatchObject([{ value: '2' }]);
  });

  test('on a message somebody else alone sees, or with nobody to do it', async () => {
    const blocks = [{ type: 'actions', elements: [{ type: 'button', text: plain('Go') }] }];
    const args = { channel: 'C0AUDITTRAIL', user: 'U0APPROVER1', text: 'x', blocks };
    const { message_ts } = await api(slack, 'chat.postEphemeral', args);
    expect(await click({ ts: message_ts, label: 'Go' })).toMatchObject({ error: 'message_not_found' });
    expect(await click({ role: 'nobody', ts: message_ts, label: 'Go' })).toMatchObject({
      error: 'user_not_found',
      message: expect.stringContaining('approver2 (U0APPROVER2)'),
    });
    expect(await click({ role: 'guest', channel: 'general', label: 'Go' })).toMatchObject({ error: 'view_not_found' });
    expect(await click({ role: 'approver', ts: message_ts, label: 'Go' })).toEqual({ ok: true });
    expect(actions[0]).toMatchObject({ container: { is_ephemeral: true } });
    expect(actions[0]?.message).toBeUndefined();
  });
});

test('state of inputs in a message goes with the next click', async () => {
  const options = [option('a', 'Alpha'), option('b', 'Beta')];
  const ts = await posted(
    { type: 'static_select', action_id: 'pick', options },
    { type: 'button', action_id: 'go', text: plain('Go') },
  );
  await click({ ts, label: 'Beta' });
  await click({ ts, label: 'Go' });
  expect(actions[1]).toMatchObject({
    state: { values: { row: { pick: { type: 'static_select', selected_option: option('b', 'Beta') } } } },
  });
});

describe('a modal', () => {
  const inputs = modal('Inputs', {
    notify_on_close: true,
    private_metadata: 'kept',
    blocks: [
      { type: 'input', block_id: 'mail', label: plain('Mail'), element: { type: 'email_text_input', action_id: 'it' } },
      {
        type: 'input',
        block_id: 'who',
        label: plain('Who'),
        optional: true,
        element: { type: 'multi_users_select', action_id: 'it' },
      },
      {
        type: 'input',
        block_id: 'tick',
        label: plain('Tick'),
        optional: true,
        element: { type: 'checkboxes', action_id: 'it', options: [option('1', 'One'), option('2', 'Two')] },
      },
      { type: 'actions', block_id: 'row', elements: [{ type: 'button', action_id: 'more', text: plain('More') }] },
    ],
  });

  test('is submitted with values in the shape of each element', async () => {
    await open(inputs);
    const values = { Mail: 'a@b.example', Who: ['approver', 'guest'], tick: ['Two'] };
    expect(await control(slack, 'submit', { role: 'requester', values })).toEqual({ ok: true });
    expect(views).toMatchObject([
      {
        type: 'view_submission',
        user: { id: RITA },
        view: {
          callback_id: 'Inputs',
          private_metadata: 'kept',
          state: {
            values: {
              mail: { it: { type: 'email_text_input', value: 'a@b.example' } },
              who: { it: { type: 'multi_users_select', selected_users: ['U0APPROVER1', 'U0GUEST0001'] } },
              tick: { it: { type: 'checkboxes', selected_options: [option('2', 'Two')] } },
            },
          },
        },
      },
    ]);
    expect(await top()).toMatchObject({ modal: null });
  });

  test.each([
    [{ Mail: 'no address' }, { response_action: 'errors', errors: { mail: 'Enter a valid email address.' } }],
    [{}, { response_action: 'errors', errors: { mail: 'Please complete this required field.' } }],
    [{ Colour: 'red' }, { ok: false, error: 'input_not_found', message: expect.stringContaining('mail / Mail / it') }],
    [{ tick: ['Three'] }, { ok: false, error: 'option_not_found', message: expect.stringContaining('"Two" (2)') }],
  ])('with %j does not reach the app', async (values, expected) => {
    await open(inputs);
    expect(await control(slack, 'submit', { role: 'requester', values })).toMatchObject(expected);
    expect(views).toEqual([]);
  });

  test('sends a click in it with the view, and keeps what was entered over an update', async () => {
    await open(inputs);
    expect(await click({ label: 'More' })).toEqual({ ok: true });
    expect(actions).toMatchObject([{ container: { type: 'view' }, view: { callback_id: 'Inputs' } }]);
    expect(actions[0]?.message).toBeUndefined();
    answer = { response_action: 'errors', errors: { mail: 'Unknown' } };
    await control(slack, 'submit', { role: 'requester', values: { Mail: 'a@b.example' } });
    const { modal: shownModal } = await top();
    const update = { view_id: shownModal?.id, view: { ...inputs, title: plain('Again') } };
    expect(await api(slack, 'views.update', update)).toMatchObject({
      view: { state: { values: { mail: { it: { value: 'a@b.example' } } } } },
    });
  });

  test('tells the app when it is closed, if the app asked', async () => {
    await open(inputs);
    expect(await control(slack, 'close', { role: 'requester' })).toEqual({ ok: true });
    expect(views).toMatchObject([{ type: 'view_closed', is_cleared: false, view: { callback_id: 'Inputs' } }]);
    expect(await control(slack, 'close', { role: 'requester' })).toMatchObject({ error: 'view_not_found' });
  });

  test('is replaced, covered or cleared as the app answers', async () => {
    await open(modal('First'));
    const send = () => control(slack, 'submit', { role: 'requester', values: {} });
    answer = { response_action: 'update', view: modal('Second') };
    expect(await send()).toEqual({ ok: true, response_action: 'update' });
    expect(await top()).toMatchObject({ modal: { callback_id: 'Second' } });
    answer = { response_action: 'push', view: modal('Third') };
    expect(await send()).toEqual({ ok: true, response_action: 'push' });
    expect(await top()).toMatchObject({ modal: { callback_id: 'Third' } });
    answer = undefined;
    expect(await click({ label: 'Send' })).toEqual({ ok: true });
    expect(await top()).toMatchObject({ modal: { callback_id: 'Second' } });
    answer = { response_action: 'clear' };
    expect(await send()).toEqual({ ok: true, response_action: 'clear' });
    expect(await top()).toMatchObject({ modal: null });
  });

  test.each<[string, ViewResponseAction]>([
    ['errors on blocks that are none', { response_action: 'errors', errors: { nowhere: 'x' } }],
    ['a view over the limits', { response_action: 'update', view: modal('x'.repeat(25)) }],
  ])('stays open on %s', async (_, given) => {
    await open(modal('First'));
    answer = given;
    expect(await control(slack, 'submit', { role: 'requester', values: {} })).toMatchObject({
      ok: false,
      error: 'invalid_ack',
      message: expect.stringContaining('We had some trouble connecting'),
    });
    expect(await top()).toMatchObject({ modal: { callback_id: 'First' } });
  });

  test('stays open when the app does not answer in time', async () => {
    await open(modal('First'));
    await control(slack, 'faults', { kind: 'no-ack-wait' });
    expect(await control(slack, 'submit', { role: 'requester', values: {} })).toEqual({
      ok: false,
      error: 'operation_timeout',
      message: 'trail-check did not respond in time.',
    });
    expect(await top()).toMatchObject({ modal: { callback_id: 'First' } });
    await expect.poll(() => views.length).toBe(1);
  });
});

describe('the page', () => {
  const state = async (user: string) => (await read(slack, `/_page/state?user=${user}`)) as Record<string, unknown>;

  test('shows each person only what is theirs to see', async () => {
    const whisper = { channel: 'C0AUDITTRAIL', user: RITA, text: 'only you' };
    await api(slack, 'chat.postEphemeral', whisper);
    expect(await state(RITA)).toMatchObject({
      me: RITA,
      team: { id: 'T0TRAILDEMO' },
      bot: { user_id: 'U0TRAILBOT', name: 'trail-check' },
      channels: [
        { name: 'audit-trail' },
        { name: 'general' },
        { name: 'audit-log' },
        { kind: 'im', name: 'trail-check' },
      ],
      messages: { C0AUDITTRAIL: [{ text: 'only you' }] },
      home: null,
      modals: [],
    });
    expect(await state('U0GUEST0001')).toMatchObject({
      channels: [{ name: 'audit-trail' }, { kind: 'im' }],
      messages: { C0AUDITTRAIL: [] },
    });
  });

  test('acts, submits and closes for a person', async () => {
    const act = async (what: string, body: object) =>
      (
        await fetch(`${slack.url}/_page/${what}`, { method: 'POST', body: JSON.stringify({ user: RITA, ...body }) })
      ).json();
    const ts = await posted({ type: 'button', action_id: 'go', text: plain('Go'), value: 'mine' });
    const container = { type: 'message', channel: 'C0AUDITTRAIL', ts };
    const action = { type: 'button', block_id: 'row', action_id: 'go', value: 'forged' };
    expect(await act('action', { container, action })).toEqual({ ok: true });
    expect(actions[0]?.actions).toMatchObject([{ value: 'mine' }]);

    const block = {
      type: 'input',
      block_id: 'n',
      label: plain('N'),
      element: { type: 'plain_text_input', action_id: 'i' },
    };
    await open(modal('Page', { blocks: [block] } as Partial<ModalView>));
    const view_id = (await top()).modal?.id;
    const values = { n: { i: { type: 'plain_text_input', value: 'typed' } }, alien: { x: { value: 'y' } } };
    answer = { response_action: 'errors', errors: { n: 'Not yet' } };
    expect(await act('submit', { view_id, state: { values } })).toEqual({
      ok: true,
      response_action: 'errors',
      errors: { n: 'Not yet' },
    });
    expect(views[0]?.view.state.values).toEqual({ n: { i: { type: 'plain_text_input', value: 'typed' } } });
    expect(await act('close', { view_id })).toEqual({ ok: true });
    expect(await act('message', { channel: 'C0GENERAL000', text: 'hello' })).toMatchObject({ ok: true });
    expect(await act('command', { channel: 'C0GENERAL000', text: '/deploy' })).toMatchObject({
      ok: false,
      message: '/deploy is not a valid command.',
    });
  });

  test('hears of every change', async () => {
    const response = await fetch(`${slack.url}/_page/stream`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader?.read();
    await api(slack, 'chat.postMessage', { channel: 'C0AUDITTRAIL', text: 'news' });
    const second = await reader?.read();
    await reader?.cancel();
    const seq = (chunk: typeof first) => Number(/"seq":(\d+)/.exec(String(chunk?.value))?.[1]);
    expect(seq(second)).toBe(seq(first) + 1);
  });

  test('is served without a bundler and without what lies beside it', async () => {
    const get = async (path: string) => fetch(slack.url + path);
    const script = await get('/dom.ts');
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(await script.text()).not.toMatch(/: (Child|Node)\b/);
    expect((await get('/..%2fserver.ts')).status).toBe(404);
    expect((await get('/nothing.css')).status).toBe(404);
  });
});

test('what people write is escaped, and the app hears it where its bot is', async () => {
  await control(slack, 'message', { role: 'requester', channel: 'dm', text: '<!channel> & co' });
  expect(await shown(slack)).toMatchObject([{ channel: 'D0REQUESTER', text: '&lt;!channel&gt; &amp; co', user: RITA }]);
  await expect.poll(() => read(slack, '/_control/acks')).toMatchObject([{ kind: 'events_api', type: 'message' }]);
});
