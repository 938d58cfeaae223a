import { expect, test } from 'vitest';
import { median, percentile, round } from '../../bench/statistics.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test.each([
  [0.5, 50],
  [0.99, 99],
  [1, 100],
  [0, 1],
])('percentile %d of 1 to 100 is %d', (share, value) => {
  expect(percentile(hundred, share)).toBe(value);
});

test('of no values there is no percentile', () => {
  expect(percentile([], 0.99)).toBeUndefined();
});

test('the median does not mind the order', () => {
  expect(median([9, 1, 5])).toBe(5);
});

test('rounds to digits', () => {
  expect(round(1.2345, 2)).toBe(1.23);
});
