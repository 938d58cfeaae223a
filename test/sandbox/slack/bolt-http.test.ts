import { createServer } from 'node:http';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { afterEach, expect, test } from 'vitest';
import { signed } from '../../../src/sandbox/slack/delivery/http.ts';
import type { SimulatedSlack } from '../../../src/sandbox/slack/server.ts';
import { control, read, shown, withSlack } from './support.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A real Bolt app behind HTTP, and the workspace that posts to it. */
async function overHttp(use: (app: App) => void): Promise<{ slack: SimulatedSlack; appUrl: string }> {
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${port}/slack/events`;
  const slack = await withSlack(closers, { delivery: { kind: 'http', url: appUrl }, signingSecret: 'shared-secret' });
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logLevel: LogLevel.ERROR });
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const app = new App({ token: slack.botToken, receiver, clientOptions, logLevel: LogLevel.ERROR, convoStore: false });
  use(app);
  await receiver.start(port);
  closers.unshift(() => receiver.stop());
  return { slack, appUrl };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

const COMMAND = { role: 'requester', channel: 'audit-trail', text: '/trail-check prod & <b>' };

test('commands, clicks and events reach the real Bolt over signed HTTP', async () => {
  const { slack } = await overHttp((app) => {
    app.command('/trail-check', async ({ ack, command, respond }) => {
      await ack(`Got ${command.text}`);
      await respond({ text: 'Whisper', blocks: [{ type: 'actions', elements: [button] }] });
    });
    app.action('go', async ({ ack, respond }) => {
      await ack();
      await respond({ text: 'Done', replace_original: true });
    });
    app.event('app_mention', async ({ event, say }) => {
      await say({ text: `Heard <@${event.user}>`, thread_ts: event.ts });
    });
  });
  expect(await slack.verifyUrl()).toBe(true);
  expect(await control(slack, 'command', COMMAND)).toEqual({ ok: true });
  await expect.poll(() => shown(slack)).toMatchObject([{ text: 'Got prod &amp; &lt;b&gt;' }, { text: 'Whisper' }]);
  const whisper = (await shown(slack))[1];
  expect(await control(slack, 'click', { role: 'approver', ts: whisper?.ts, label: 'Go' })).toMatchObject({
    error: 'message_not_found',
  });
  expect(await control(slack, 'click', { role: 'requester', ts: whisper?.ts, label: 'Go' })).toEqual({ ok: true });
  await expect.poll(async () => (await shown(slack))[1]).toMatchObject({ ts: whisper?.ts, text: 'Done' });
  const said = await control(slack, 'message', { role: 'guest', channel: 'audit-trail', text: '@trail-check hello' });
  await expect
    .poll(() => shown(slack, `thread=${said.ts}`))
    .toMatchObject([{ text: '<@U0TRAILBOT> hello' }, { text: 'Heard <@U0GUEST0001>', thread_ts: said.ts }]);
});

test('Bolt refuses what is not signed with the shared secret', async () => {
  const seen: string[] = [];
  const { slack, appUrl } = await overHttp((app) => {
    app.command('/trail-check', async ({ ack, command }) => {
      seen.push(command.text);
      await ack();
    });
  });
  const body = new URLSearchParams({ command: '/trail-check', text: 'forged', user_id: 'U0APPROVER1' }).toString();
  const post = async (headers: Record<string, string>) => {
    const form = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
    return (await fetch(appUrl, { method: 'POST', headers: form, body })).status;
  };
  const now = Date.now();
  expect(await post({})).toBe(401);
  expect(await post(signed('another-secret', now, body))).toBe(401);
  expect(await post(signed(slack.signingSecret, now, `${body}&x=1`))).toBe(401);
  expect(await post(signed(slack.signingSecret, now - 10 * 60_000, body))).toBe(401);
  expect(seen).toEqual([]);
  expect(await post(signed(slack.signingSecret, now, body))).toBe(200);
  expect(seen).toEqual(['forged']);
});

test('an app that answers with an error is one that could not be reached', async () => {
  const { slack } = await overHttp(() => undefined);
  const answer = await control(slack, 'command', COMMAND);
  expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('/trail-check failed with the error') });
  expect(await read(slack, '/_control/acks')).toMatchObject([{ acked: false }]);
});

const button = { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } } as const;
