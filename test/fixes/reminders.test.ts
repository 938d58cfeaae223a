import { expect, test } from 'vitest';
import { nextReminder } from '../../src/fixes/reminders.ts';

const HOUR = 3_600_000;
const FROM = new Date('2026-11-02T09:00:00Z');
const at = (hours: number) => new Date(FROM.getTime() + hours * HOUR);

test.each([
  ['is the first that is still to come', [1, 4], 24, 2, 4],
  ['is none after the last', [1, 4], 24, 5, undefined],
  ['is none when the request has expired', [1, 4], 2, 1, undefined],
  ['is none where the policy wants none', [], 24, 0, undefined],
  ['is in order, whatever the order in the file', [4, 1], 24, 0, 1],
])('the next reminder %s', (_, remind, expires, after, wanted) => {
  const policies = [{ remind: remind.map((hours) => hours * HOUR), expires: expires * HOUR }];
  expect(nextReminder(policies, FROM, at(after))).toEqual(wanted === undefined ? null : at(wanted));
});

test('several policies remind at the times of each, until the first of them expires, five times at most', () => {
  const policies = [
    { remind: [1, 2, 3].map((hours) => hours * HOUR), expires: 24 * HOUR },
    { remind: [2, 5, 6, 30].map((hours) => hours * HOUR), expires: 48 * HOUR },
  ];
  const times: (Date | null)[] = [];
  for (let last = FROM; times.length < 9; ) {
    const next = nextReminder(policies, FROM, last);
    times.push(next);
    if (next === null) break;
    last = next;
  }
  expect(times).toEqual([at(1), at(2), at(3), at(5), at(6), null]);
});
