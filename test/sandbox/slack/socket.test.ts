import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SimulatedSlack } from '../../../src/sandbox/slack/server.ts';
import { api, control, read, withSlack } from './support.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Frame = { type: string; envelope_id?: string; reason?: string; retry_attempt?: number; payload?: unknown };

/** A bare Socket Mode connection: its frames so far, and a way to acknowledge. */
async function connection(slack: SimulatedSlack) {
  const { url } = await api(slack, 'apps.connections.open', {}, slack.appToken);
  const socket = new WebSocket(String(url));
  const frames: Frame[] = [];
  socket.on('message', (data) => frames.push(JSON.parse(String(data)) as Frame));
  await expect.poll(() => frames.length).toBeGreaterThan(0);
  const ack = (frame: Frame | undefined, payload: object = {}) =>
    socket.send(JSON.stringify({ envelope_id: frame?.envelope_id, payload }));
  return { frames, ack, url: String(url), socket };
}

test('an unacknowledged event is sent again with its attempt', async () => {
  const slack = await withSlack(closers);
  const { frames, ack } = await connection(slack);
  await control(slack, 'faults', { kind: 'no-ack-wait' });
  await control(slack, 'home', { role: 'requester' });
  await expect.poll(() => frames.length).toBe(3);
  const [hello, first, second] = frames;
  expect(hello).toMatchObject({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A0TRAILCHECK' } });
  expect(first).toMatchObject({ type: 'events_api', retry_attempt: 0, accepts_response_payload: false });
  expect(second).toMatchObject({ type: 'events_api', retry_attempt: 1, retry_reason: 'timeout' });
  expect(second?.payload).toEqual(first?.payload);
  ack(second);
  await expect.poll(() => read(slack, '/_control/acks')).toMatchObject([{ acked: false }, { acked: true }]);
});

test('an envelope on a connection that breaks is lost to the person, not resent', async () => {
  const slack = await withSlack(closers);
  const { frames } = await connection(slack);
  const typed = control(slack, 'command', { role: 'requester', channel: 'audit-trail', text: '/trail-check prod' });
  await expect.poll(() => frames.length).toBe(2);
  expect(await control(slack, 'faults', { kind: 'drop-sockets' })).toEqual({ ok: true, dropped: 1 });
  expect(await typed).toMatchObject({ ok: false, error: 'dispatch_failed' });
});

test('the eleventh connection is too many', async () => {
  let at = Date.UTC(2026, 10, 21);
  const slack = await withSlack(closers, { now: () => at });
  for (let index = 0; index < 10; index += 1) await connection(slack);
  at += 60_000;
  expect((await connection(slack)).frames).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
});

test('an app set to HTTP is refused a socket, and a ticket works once', async () => {
  const slack = await withSlack(closers, { delivery: { kind: 'http', url: 'http://127.0.0.1:9/slack/events' } });
  const { frames, url } = await connection(slack);
  expect(frames).toMatchObject([{ type: 'disconnect', reason: 'link_disabled' }]);
  const again = new WebSocket(url);
  const failure = await new Promise<Error>((resolve) => again.on('error', resolve));
  expect(failure.message).toContain('403');
});
