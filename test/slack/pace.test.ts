import { expect, test } from 'vitest';
import { createPace, type Sending } from '../../src/slack/delivery/pace.ts';
import { testClock } from '../support/store.ts';

const update = (key: string, fleeting = false): Sending => ({ kind: 'update', key, channel: 'C1', fleeting });
const post = (channel: string): Sending => ({ kind: 'post', key: 'k', channel, fleeting: false });

test('one message is updated every 1.2 s at most, another one at once', () => {
  const clock = testClock();
  const pace = createPace(clock.now);
  pace.sent(update('a'));
  expect(pace.wait(update('a'))).toBe(1_200);
  expect(pace.wait(update('b'))).toBe(0);
  clock.advance(1_200);
  expect(pace.wait(update('a'))).toBe(0);
});

test('progress is updated every 3 s, and leaves half of what Slack allows in a minute to results', () => {
  const clock = testClock();
  const pace = createPace(clock.now);
  for (let sent = 0; sent < 25; sent++) {
    expect(pace.wait(update(`run ${sent}`, true))).toBe(0);
    pace.sent(update(`run ${sent}`, true));
    clock.advance(1_000);
  }
  expect(pace.wait(update('run 24', true))).toBe(35_000);
  expect(pace.wait(update('fix'))).toBe(0);
  expect(pace.wait(update('run 24'))).toBe(200);
  clock.advance(35_000);
  expect(pace.wait(update('run 24', true))).toBe(0);
});

test('posts come in bursts of three, then one in 1.1 s on average, for each channel', () => {
  const clock = testClock();
  const pace = createPace(clock.now);
  for (let sent = 0; sent < 3; sent++) {
    expect(pace.wait(post('C1'))).toBe(0);
    pace.sent(post('C1'));
  }
  expect(pace.wait(post('C1'))).toBe(3_300);
  expect(pace.wait(post('C2'))).toBe(0);
});

test('what Slack asks to wait for holds for posts of that channel, and for updates everywhere', () => {
  const clock = testClock();
  const pace = createPace(clock.now);
  pace.limited(post('C1'), 5_000);
  expect([pace.wait(post('C1')), pace.wait(post('C2')), pace.wait(update('a'))]).toEqual([5_000, 0, 0]);
  pace.limited(update('a'), 7_000);
  expect(pace.wait({ ...update('b'), channel: 'C2' })).toBe(7_000);
});
