import { expect, test } from 'vitest';
import { chunks } from '../../src/store/chunks.ts';
import { canonicalText, toJson } from '../../src/store/json.ts';

test.each([
  ['a NUL', { name: 'a\0b' }, { name: 'a\uFFFDb' }],
  ['half an emoji', ['\ud83d'], ['\uFFFD']],
  ['a NUL in a member name', { 'a\0': 1 }, { 'a\uFFFD': 1 }],
  ['a whole emoji', ['🙈'], ['🙈']],
  ['text that only looks like an escape', ['\\u0000'], ['\\u0000']],
  ['nothing', undefined, null],
])('%s becomes JSON that PostgreSQL takes', (_, value, kept) => {
  expect(JSON.parse(toJson(value))).toEqual(kept);
});

test('the canonical text does not depend on the order of members', () => {
  expect(canonicalText({ b: [{ d: 1, c: 2 }], a: null })).toBe(canonicalText({ a: null, b: [{ c: 2, d: 1 }] }));
});

test.each([
  ['by number', Array.from({ length: 600 }, () => 1), [250, 250, 100]],
  ['by size', [100_000, 100_000, 100_000], [2, 1]],
  ['what is too large by itself goes alone', [10, 900_000, 10], [1, 1, 1]],
  ['nothing', [], []],
])('portions are cut %s', (_, sizes, expected) => {
  expect(
    Array.from(
      chunks(sizes, (size) => size),
      (chunk) => chunk.length,
    ),
  ).toEqual(expected);
});
