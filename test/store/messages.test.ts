import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  channelsWaiting,
  claimMessage,
  findMessage,
  messageFailed,
  messageShown,
  messagesAbout,
  NOTHING_TO_SHOW,
  repairMessages,
  type Saying,
} from '../../src/store/messages.ts';
import type { Store } from '../../src/store/store.ts';
import { STORE_KINDS, storesOn, testClock } from '../support/store.ts';

describe.each(STORE_KINDS)('on %s', (kind) => {
  const clock = testClock();
  let stores: Awaited<ReturnType<typeof storesOn>>;
  let store: Store;
  let close: () => Promise<void>;

  beforeAll(async () => {
    stores = await storesOn(kind);
    ({ store, close } = await stores.open({ now: clock.now }));
  });
  afterAll(async () => {
    await close?.();
    await stores?.stop();
  });

  const say = (key: string, channel: string, rest: Partial<Saying> = {}) =>
    store.transaction((tx) => tx.say({ key, channel, subject: { kind: 'run', id: key }, ...rest }));
  const claim = (channel: string) => store.transaction((tx) => claimMessage(tx, channel));
  const shown = (key: string, version: number, ts: string | null = `ts of ${key}`) =>
    store.transaction((tx) => messageShown(tx, key, { version, ts }));

  test('what is said again before it is shown is shown once, in its last version', async () => {
    await say('a1', 'C-coalesce');
    await say('a1', 'C-coalesce');
    await say('a1', 'C-coalesce');
    expect(await claim('C-coalesce')).toMatchObject({ key: 'a1', wantedVersion: 3 });
    await shown('a1', 3);
    expect(await claim('C-coalesce')).toBeUndefined();
    expect(await findMessage(store.query, 'a1')).toMatchObject({ ts: 'ts of a1', shownVersion: 3 });
  });

  test('what is said while it is delivered is delivered anew, and the posted message is kept', async () => {
    await say('b1', 'C-meanwhile');
    const first = await claim('C-meanwhile');
    await say('b1', 'C-meanwhile');
    await shown('b1', first?.wantedVersion ?? 0);
    expect(await claim('C-meanwhile')).toMatchObject({ key: 'b1', wantedVersion: 2, ts: 'ts of b1' });
    await shown('b1', 2, null);
    expect(await findMessage(store.query, 'b1')).toMatchObject({ ts: 'ts of b1', shownVersion: 2 });
  });

  test('a channel is served in order, by one process at a time', async () => {
    await say('c1', 'C-order');
    await say('c2', 'C-order');
    const claims = await Promise.all([claim('C-order'), claim('C-order'), claim('C-order')]);
    expect(claims.flatMap((message) => message?.key ?? [])).toEqual(['c1']);
    await shown('c1', 1);
    expect((await claim('C-order'))?.key).toBe('c2');
  });

  test('a decision and the first message of a run do not wait behind the thread of another', async () => {
    await say('p1', 'C-decided');
    await claim('C-decided');
    await shown('p1', 1);
    for (const key of ['p2', 'p3']) await say(key, 'C-decided', { threadKey: 'p1' });
    await say('p4', 'C-decided', { threadKey: 'p1', subject: { kind: 'fix', id: 'fix-1' } });
    await say('p5', 'C-decided');
    for (const key of ['p4', 'p5', 'p2', 'p3']) {
      expect(await claim('C-decided')).toMatchObject({ key });
      await shown(key, 1);
    }
  });

  test('an update that never ends does not keep the others waiting', async () => {
    await say('d1', 'C-fair');
    await say('d2', 'C-fair');
    await claim('C-fair');
    await say('d1', 'C-fair');
    clock.advance(1);
    await shown('d1', 1);
    expect((await claim('C-fair'))?.key).toBe('d2');
    await shown('d2', 1);
    expect((await claim('C-fair'))?.key).toBe('d1');
  });

  test('a thread waits until its first message is posted', async () => {
    await say('e2', 'C-thread', { threadKey: 'e1' });
    expect(await claim('C-thread')).toBeUndefined();
    await say('e1', 'C-thread');
    expect((await claim('C-thread'))?.key).toBe('e1');
    await shown('e1', 1);
    expect((await claim('C-thread'))?.key).toBe('e2');
  });

  test('a claim whose process died can be claimed again', async () => {
    await say('f1', 'C-died');
    expect((await claim('C-died'))?.key).toBe('f1');
    clock.advance(29_999);
    expect(await claim('C-died')).toBeUndefined();
    clock.advance(1);
    expect(await channelsWaiting(store.query, clock.now())).toContain('C-died');
    expect((await claim('C-died'))?.key).toBe('f1');
  });

  test('after an error it is tried later, or not until it is said anew', async () => {
    await say('g1', 'C-error');
    await claim('C-error');
    const retryAt = new Date(clock.now().getTime() + 5000);
    await store.transaction((tx) => messageFailed(tx, 'g1', { error: 'ratelimited', retryAt }));
    expect(await claim('C-error')).toBeUndefined();
    clock.advance(5000);
    expect((await claim('C-error'))?.error).toBe('ratelimited');
    await store.transaction((tx) => messageFailed(tx, 'g1', { error: 'channel_not_found' }));
    expect(await claim('C-error')).toBeUndefined();
    await say('g1', 'C-error');
    expect((await claim('C-error'))?.key).toBe('g1');
  });

  test('what Slack refused is tried again after growing waits, for a week, and by one process', async () => {
    await say('r1', 'C-repair');
    const repair = () => store.transaction(repairMessages);
    const refuse = () => store.transaction((tx) => messageFailed(tx, 'r1', { error: 'is_archived' }));
    const seconds: number[] = [];
    for (let tries = 0; tries < 6; tries++) {
      await refuse();
      expect(await claim('C-repair')).toBeUndefined();
      let waited = 0;
      while ((await repair()) === 0) {
        clock.advance(5_000);
        waited += 5;
      }
      seconds.push(waited);
      expect(await repair()).toBe(0);
      expect(await claim('C-repair')).toMatchObject({ key: 'r1' });
    }
    expect(seconds).toEqual([30, 30, 60, 120, 240, 480]);
    await refuse();
    clock.advance(7 * 24 * 3_600_000);
    expect(await repair()).toBe(0);
    await say('r1', 'C-repair');
    expect(await claim('C-repair')).toMatchObject({ key: 'r1' });
  });

  test('what is about nothing any more is not tried again', async () => {
    await say('n1', 'C-nothing');
    await store.transaction((tx) => messageFailed(tx, 'n1', { error: NOTHING_TO_SHOW }));
    clock.advance(3_600_000);
    expect(await store.transaction(repairMessages)).toBe(0);
  });

  test('of what is only updated the newest comes first, and a thread is told in its order', async () => {
    for (const key of ['o1', 'o2', 'o3']) await say(key, 'C-newest', { subject: { kind: 'check', id: key } });
    const order: string[] = [];
    const next = async () => {
      const claimed = await claim('C-newest');
      if (claimed === undefined) return;
      order.push(claimed.key);
      await shown(claimed.key, claimed.wantedVersion);
    };
    for (let at = 0; at < 3; at++) await next();
    await store.transaction(async (tx) => {
      for (const key of ['o1', 'o2', 'o3']) {
        await tx.say({ key, channel: 'C-newest', subject: { kind: 'check', id: key } });
      }
    });
    for (let at = 0; at < 3; at++) await next();
    expect(order).toEqual(['o1', 'o2', 'o3', 'o3', 'o2', 'o1']);
  });

  test('everything about a subject is found', async () => {
    const subject = { kind: 'fix', id: 'tc-1' };
    await say('h1', 'C-subject', { subject, user: 'U1' });
    await say('h2', 'C-elsewhere', { subject });
    expect((await messagesAbout(store.query, subject)).map(({ key, user }) => [key, user])).toEqual([
      ['h1', 'U1'],
      ['h2', null],
    ]);
  });
});
