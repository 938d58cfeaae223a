import { WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import { afterEach, describe, expect, test } from 'vitest';
import { createResponseUrl } from '../../../src/sandbox/slack/response-url.ts';
import type { SimulatedSlack } from '../../../src/sandbox/slack/server.ts';
import { createTrigger } from '../../../src/sandbox/slack/triggers.ts';
import { addMessage } from '../../../src/sandbox/slack/workspace.ts';
import { api, control, shown, withSlack } from './support.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const HOME = 'C0AUDITTRAIL';
const RITA = 'U0REQUESTER';
const START = Date.UTC(2026, 10, 21);
const modal = (title: string, extra: object = {}) => ({
  type: 'modal',
  title: { type: 'plain_text', text: title },
  blocks: [],
  ...extra,
});

async function withClock(): Promise<{ slack: SimulatedSlack; wait: (ms: number) => void }> {
  let at = START;
  const slack = await withSlack(closers, { now: () => at });
  return {
    slack,
    wait: (ms) => {
      at += ms;
    },
  };
}

describe('tokens', () => {
  test.each([
    ['no token', 'auth.test', '', 'not_authed'],
    ['a wrong token', 'auth.test', 'xoxb-wrong', 'invalid_auth'],
    ['the app token for a bot method', 'auth.test', 'app', 'not_allowed_token_type'],
    ['the bot token for a connection', 'apps.connections.open', 'bot', 'not_allowed_token_type'],
    ['a method that is none', 'chat.shout', 'bot', 'unknown_method'],
  ])('%s', async (_, method, token, error) => {
    const slack = await withSlack(closers);
    const given = token === 'app' ? slack.appToken : token === 'bot' ? slack.botToken : token;
    expect(await api(slack, method, {}, given)).toMatchObject({ ok: false, error });
  });

  test('auth.test tells who the bot is and which scopes it has', async () => {
    const slack = await withSlack(closers);
    const answer = await new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl }).auth.test();
    expect(answer).toMatchObject({ team_id: 'T0TRAILDEMO', user_id: 'U0TRAILBOT', bot_id: 'B0TRAILBOT' });
    expect(answer.response_metadata?.scopes).toContain('chat:write');
  });
});

describe('messages', () => {
  test.each([
    ['an unknown channel', { channel: 'C404', text: 'a' }, 'channel_not_found'],
    ['nothing to say', { channel: HOME }, 'no_text'],
    ['too long a text', { channel: HOME, text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['blocks that are no JSON', { channel: HOME, text: 'a', blocks: '[{' }, 'invalid_blocks_format'],
    ['wrong blocks', { channel: HOME, text: 'a', blocks: [{ type: 'nothing' }] }, 'invalid_blocks'],
    ['a thread that is none', { channel: HOME, text: 'a', thread_ts: '1.000001' }, 'thread_not_found'],
    [
      'metadata without payload',
      { channel: HOME, text: 'a', metadata: { event_type: 'a' } },
      'invalid_metadata_schema',
    ],
  ])('refuses %s', async (_, args, error) => {
    const slack = await withSlack(closers);
    expect(await api(slack, 'chat.postMessage', args)).toMatchObject({ ok: false, error });
    expect(await shown(slack)).toEqual([]);
  });

  test('says where blocks are wrong, in the words of Slack', async () => {
    const slack = await withSlack(closers);
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3001) } }];
    expect(await api(slack, 'chat.postMessage', { channel: HOME, text: 'a', blocks })).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: {
        messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
      },
    });
    expect(await api(slack, 'blocks.validate', { blocks })).toMatchObject({
      error: 'invalid_blocks',
      errors: [{ pointer: '/blocks/0/text/text', code: 'too_long' }],
    });
    expect(await api(slack, 'blocks.validate', { blocks: [] })).toMatchObject({ ok: true });
  });

  test('keeps blocks an update does not name, and drops those it empties', async () => {
    const slack = await withSlack(closers);
    const blocks = [{ type: 'divider' }];
    const { ts } = await api(slack, 'chat.postMessage', { channel: HOME, text: 'a', blocks });
    await api(slack, 'chat.update', { channel: HOME, ts, text: 'b' });
    expect(await shown(slack)).toMatchObject([{ ts, text: 'b', blocks: [{ type: 'divider' }] }]);
    await api(slack, 'chat.update', { channel: HOME, ts, text: 'c', blocks: [] });
    expect(await shown(slack)).toMatchObject([{ ts, text: 'c', blocks: [] }]);
  });

  test("updates and deletes only the bot's own, lasting messages", async () => {
    const slack = await withSlack(closers);
    const theirs = await control(slack, 'message', { role: 'requester', channel: 'audit-trail', text: 'hello' });
    const whisper = await api(slack, 'chat.postEphemeral', { channel: HOME, user: RITA, text: 'only you' });
    const update = (ts: unknown) => api(slack, 'chat.update', { channel: HOME, ts, text: 'x' });
    expect(await update(theirs.ts)).toMatchObject({ error: 'cant_update_message' });
    expect(await update(whisper.message_ts)).toMatchObject({ error: 'message_not_found' });
    expect(await update('1.000001')).toMatchObject({ error: 'message_not_found' });
    expect(await api(slack, 'chat.delete', { channel: HOME, ts: theirs.ts })).toMatchObject({
      error: 'cant_delete_message',
    });
    const own = await api(slack, 'chat.postMessage', { channel: HOME, text: 'own' });
    const long = { channel: HOME, ts: own.ts, text: 'x'.repeat(4001) };
    expect(await api(slack, 'chat.update', long)).toMatchObject({ error: 'msg_too_long' });
    expect(await update(own.ts)).toMatchObject({ ok: true, text: 'x' });
  });

  test('posts to a public channel without being a member, but reads none', async () => {
    const slack = await withSlack(closers);
    expect(await api(slack, 'chat.postMessage', { channel: '#general', text: 'a' })).toMatchObject({ ok: true });
    const general = { channel: 'C0GENERAL000' };
    expect(await api(slack, 'conversations.history', general)).toMatchObject({ error: 'not_in_channel' });
  });

  test('history gives roots newest first, replies the thread, metadata only on request', async () => {
    const slack = await withSlack(closers);
    const metadata = { event_type: 'finding', event_payload: { id: 'f1' } };
    const first = await api(slack, 'chat.postMessage', { channel: HOME, text: '1', metadata });
    const second = await api(slack, 'chat.postMessage', { channel: HOME, text: '2' });
    const reply = await api(slack, 'chat.postMessage', { channel: HOME, text: 'r', thread_ts: first.ts });
    await api(slack, 'chat.postEphemeral', { channel: HOME, user: RITA, text: 'whisper' });

    const plain = await api(slack, 'conversations.history', { channel: HOME });
    expect(plain.messages).toMatchObject([{ ts: second.ts }, { ts: first.ts, reply_count: 1 }]);
    expect(JSON.stringify(plain)).not.toContain('event_payload');
    const all = await api(slack, 'conversations.history', { channel: HOME, include_all_metadata: true });
    expect(all.messages).toMatchObject([{ ts: second.ts }, { ts: first.ts, metadata }]);
    expect(await api(slack, 'conversations.replies', { channel: HOME, ts: first.ts })).toMatchObject({
      messages: [{ ts: first.ts }, { ts: reply.ts, thread_ts: first.ts }],
    });
    expect(await api(slack, 'conversations.history', { channel: HOME, limit: 1 })).toMatchObject({ has_more: true });
    expect(await api(slack, 'chat.postMessage', { channel: HOME, text: 'r', thread_ts: reply.ts })).toMatchObject({
      error: 'cannot_reply_to_message',
    });
  });

  test('a deleted root with replies stays as a tombstone', async () => {
    const slack = await withSlack(closers);
    const { ts } = await api(slack, 'chat.postMessage', { channel: HOME, text: 'root' });
    await api(slack, 'chat.postMessage', { channel: HOME, text: 'reply', thread_ts: ts });
    await api(slack, 'chat.delete', { channel: HOME, ts });
    expect(await shown(slack)).toMatchObject([{ text: 'This message was deleted.' }, { text: 'reply' }]);
    expect(await api(slack, 'chat.update', { channel: HOME, ts, text: 'x' })).toMatchObject({
      error: 'message_not_found',
    });
  });

  test('a message to a person goes into their direct messages', async () => {
    const slack = await withSlack(closers);
    const opened = await api(slack, 'conversations.open', { users: RITA });
    const posted = await api(slack, 'chat.postMessage', { channel: RITA, text: 'hello' });
    expect(opened).toMatchObject({ ok: true, channel: { id: posted.channel } });
  });

  test('an ephemeral message needs someone in the channel', async () => {
    const slack = await withSlack(closers);
    const whisper = (user: string) => api(slack, 'chat.postEphemeral', { channel: 'C0GENERAL000', user, text: 'a' });
    expect(await whisper('U0GUEST0001')).toMatchObject({ error: 'user_not_in_channel' });
    expect(await whisper('U404')).toMatchObject({ error: 'user_not_found' });
  });
});

describe('people and groups', () => {
  test.each([
    ['users.info', { user: 'U0GUEST0001' }, { user: { is_restricted: true, is_email_confirmed: true } }],
    ['users.info', { user: 'U404' }, { error: 'user_not_found' }],
    ['users.lookupByEmail', { email: 'amal@trail-demo.example' }, { user: { id: 'U0APPROVER1' } }],
    ['users.lookupByEmail', { email: 'x@x.example' }, { error: 'users_not_found' }],
    ['usergroups.list', {}, { usergroups: [{ id: 'S0TRAILAPPR', handle: 'trail-approvers' }] }],
    ['usergroups.users.list', { usergroup: 'S0TRAILAPPR' }, { users: ['U0APPROVER1', 'U0APPROVER2'] }],
    ['usergroups.users.list', { usergroup: 'S404' }, { error: 'no_such_subteam' }],
    ['conversations.info', { channel: 'C0AUDITLOG00' }, { channel: { name: 'audit-log', is_private: true } }],
    ['conversations.list', {}, { channels: [{ name: 'audit-trail' }, { name: 'general', is_member: false }] }],
    [
      'conversations.members',
      { channel: 'C0AUDITLOG00' },
      { members: [RITA, 'U0APPROVER1', 'U0APPROVER2', 'U0TRAILBOT'] },
    ],
  ])('%s %j', async (method, args, expected) => {
    const slack = await withSlack(closers);
    expect(await api(slack, method, args)).toMatchObject(expected);
  });
});

describe('views', () => {
  const open = (slack: SimulatedSlack, trigger_id: string, view: object, method = 'views.open') =>
    api(slack, method, { trigger_id, view });

  test('a trigger opens one view, within three seconds', async () => {
    const { slack, wait } = await withClock();
    const late = createTrigger(slack.workspace, RITA);
    wait(3001);
    expect(await open(slack, late, modal('Late'))).toMatchObject({ error: 'expired_trigger_id' });
    const fresh = createTrigger(slack.workspace, RITA);
    expect(await open(slack, fresh, modal('x'.repeat(25)))).toMatchObject({ error: 'invalid_arguments' });
    expect(await open(slack, fresh, modal('Review'))).toMatchObject({ ok: true, view: { title: { text: 'Review' } } });
    expect(await open(slack, fresh, modal('Again'))).toMatchObject({ error: 'exchanged_trigger_id' });
    expect(await open(slack, '1.2.3', modal('Forged'))).toMatchObject({ error: 'invalid_trigger_id' });
  });

  test('three modals stand on each other, not four', async () => {
    const slack = await withSlack(closers);
    const push = (title: string, method = 'views.push') =>
      open(slack, createTrigger(slack.workspace, RITA), modal(title), method);
    expect(await push('None below')).toMatchObject({ error: 'not_found' });
    expect(await push('1', 'views.open')).toMatchObject({ ok: true });
    expect(await push('2')).toMatchObject({ ok: true });
    expect(await push('3')).toMatchObject({ ok: true });
    expect(await push('4')).toMatchObject({ error: 'push_limit_reached' });
  });

  test('an update with an old hash, of a closed view or with a taken external id is refused', async () => {
    const slack = await withSlack(closers);
    const first = await open(slack, createTrigger(slack.workspace, RITA), modal('A', { external_id: 'one' }));
    const view = first.view as { id: string; hash: string };
    const update = (args: object) => api(slack, 'views.update', { view: modal('B', { external_id: 'one' }), ...args });
    expect(await update({ view_id: view.id, hash: view.hash })).toMatchObject({ ok: true });
    expect(await update({ view_id: view.id, hash: view.hash })).toMatchObject({ error: 'hash_conflict' });
    expect(await update({ external_id: 'one' })).toMatchObject({ ok: true });
    const other = createTrigger(slack.workspace, 'U0APPROVER1');
    expect(await open(slack, other, modal('C', { external_id: 'one' }))).toMatchObject({
      error: 'duplicate_external_id',
    });
    await control(slack, 'close', { role: 'requester' });
    expect(await update({ view_id: view.id })).toMatchObject({ error: 'not_found' });
  });

  test('a Home tab is published for a person, with a hash against races', async () => {
    const slack = await withSlack(closers);
    const publish = (args: object) =>
      api(slack, 'views.publish', { user_id: RITA, view: { type: 'home', blocks: [] }, ...args });
    const first = await publish({});
    const { hash } = first.view as { hash: string };
    expect(await publish({ hash })).toMatchObject({ ok: true });
    expect(await publish({ hash })).toMatchObject({ error: 'hash_conflict' });
    expect(await publish({ user_id: 'U404' })).toMatchObject({ error: 'user_not_found' });
    expect(await publish({ view: modal('x') })).toMatchObject({ error: 'invalid_arguments' });
  });
});

describe('rates', () => {
  test('one message a second in a channel after a burst, counted for each channel', async () => {
    const { slack, wait } = await withClock();
    const post = (channel = HOME) => api(slack, 'chat.postMessage', { channel, text: 'a' });
    for (let sent = 0; sent < 5; sent += 1) expect(await post()).toMatchObject({ ok: true });
    expect(await post()).toMatchObject({ error: 'ratelimited', status: 429, wait: '1' });
    expect(await post('C0AUDITLOG00')).toMatchObject({ ok: true });
    wait(1000);
    expect(await post()).toMatchObject({ ok: true });
    expect(await post()).toMatchObject({ error: 'ratelimited' });
  });

  test.each([
    ['usergroups.users.list', { usergroup: 'S0TRAILAPPR' }, 20],
    ['chat.update', { channel: HOME, ts: '1.000001', text: 'a' }, 50],
  ])('%s is limited to its tier', async (method, args, allowed) => {
    const { slack, wait } = await withClock();
    for (let made = 0; made < allowed; made += 1) expect(await api(slack, method, args)).toMatchObject({ status: 200 });
    wait(20_000);
    expect(await api(slack, method, args)).toMatchObject({ status: 429, wait: '40' });
    wait(40_000);
    expect(await api(slack, method, args)).toMatchObject({ status: 200 });
  });

  test("Slack's own client reads the time to wait", async () => {
    const slack = await withSlack(closers);
    await control(slack, 'faults', { kind: 'rate-limit', method: 'chat.postMessage', retryAfter: 7 });
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, rejectRateLimitedCalls: true });
    const refused = client.chat.postMessage({ channel: HOME, text: 'a' });
    await expect(refused).rejects.toBeInstanceOf(WebAPIRateLimitedError);
    await expect(refused).rejects.toMatchObject({ retryAfter: 7 });
    expect(await client.chat.postMessage({ channel: HOME, text: 'a' })).toMatchObject({ ok: true });
  });

  test('a 500 is retried by the client and then goes through', async () => {
    const slack = await withSlack(closers);
    await control(slack, 'faults', { kind: 'http-500', method: 'chat.postMessage' });
    const client = new WebClient(slack.botToken, {
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 1, minTimeout: 1 },
    });
    expect(await client.chat.postMessage({ channel: HOME, text: 'a' })).toMatchObject({ ok: true });
  });
});

describe('response URLs', () => {
  const post = async (slack: SimulatedSlack, path: string, body: object) =>
    (await fetch(slack.url + path, { method: 'POST', body: JSON.stringify(body) })).status;

  test('work five times', async () => {
    const slack = await withSlack(closers);
    const path = createResponseUrl(slack.workspace, RITA, HOME);
    for (let use = 1; use <= 5; use += 1) expect(await post(slack, path, { text: `${use}` })).toBe(200);
    expect(await post(slack, path, { text: '6' })).toBe(404);
    expect((await shown(slack)).map(({ text, ephemeral_to }) => [text, ephemeral_to])).toEqual(
      ['1', '2', '3', '4', '5'].map((text) => [text, RITA]),
    );
  });

  test('work for thirty minutes', async () => {
    const { slack, wait } = await withClock();
    const path = createResponseUrl(slack.workspace, RITA, HOME);
    wait(30 * 60_000);
    expect(await post(slack, path, { text: 'in time', response_type: 'in_channel' })).toBe(200);
    wait(1);
    expect(await post(slack, path, { text: 'late' })).toBe(404);
    expect(await shown(slack)).toMatchObject([{ text: 'in time', ephemeral_to: null }]);
  });

  test('replace and delete what was clicked, ephemeral or not', async () => {
    const slack = await withSlack(closers);
    const whisper = addMessage(slack.workspace, {
      channel: HOME,
      user: 'U0TRAILBOT',
      username: 'trail-check',
      is_bot: true,
      text: 'Approve?',
      ephemeral_to: RITA,
    });
    const path = createResponseUrl(slack.workspace, RITA, HOME, whisper.ts);
    expect(await post(slack, path, { replace_original: true, text: 'Approved' })).toBe(200);
    expect(await shown(slack)).toMatchObject([{ ts: whisper.ts, text: 'Approved', ephemeral_to: RITA }]);
    expect(await post(slack, path, { text: 'a', blocks: [{ type: 'nothing' }] })).toBe(400);
    expect(await post(slack, path, { delete_original: true })).toBe(200);
    expect(await shown(slack)).toEqual([]);
  });
});

test('a file is uploaded in three steps by the real client', async () => {
  const slack = await withSlack(closers);
  const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
  const content = 'account,verdict\n111111111111,fail\n';
  await client.filesUploadV2({ channel_id: HOME, filename: 'findings.csv', content, initial_comment: 'All findings' });
  expect(await shown(slack)).toMatchObject([{ text: 'All findings\n📄 findings.csv', user: 'U0TRAILBOT' }]);
});

test('a reaction stands on the message, once', async () => {
  const slack = await withSlack(closers);
  const { ts } = await api(slack, 'chat.postMessage', { channel: HOME, text: 'a' });
  const react = () => api(slack, 'reactions.add', { channel: HOME, timestamp: ts, name: 'eyes' });
  expect(await react()).toMatchObject({ ok: true });
  expect(await react()).toMatchObject({ error: 'already_reacted' });
});

test('arguments come as a form, as JSON or as multipart, the token also in the body', async () => {
  const slack = await withSlack(closers);
  const url = `${slack.apiUrl}chat.postMessage`;
  const json = { channel: HOME, text: 'json', blocks: [{ type: 'divider' }] };
  const headers = { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json; charset=utf-8' };
  await fetch(url, { method: 'POST', headers, body: JSON.stringify(json) });
  const form = new FormData();
  for (const [name, value] of Object.entries({ channel: HOME, text: 'multipart', token: slack.botToken })) {
    form.set(name, value);
  }
  await fetch(url, { method: 'POST', body: form });
  expect(await shown(slack)).toMatchObject([{ text: 'json', blocks: [{ type: 'divider' }] }, { text: 'multipart' }]);
});
