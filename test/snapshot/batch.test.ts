import { expect, test } from 'vitest';
import { batched } from '../../src/snapshot/batch.ts';

test('what is asked in one turn goes out together, up to the largest batch', async () => {
  const sent: string[][] = [];
  const ask = batched(async (keys) => {
    sent.push(keys);
    return keys.map((key) => key.toUpperCase());
  }, 2);
  expect(await Promise.all(['a', 'b', 'c'].map(ask))).toEqual(['A', 'B', 'C']);
  expect(await ask('d')).toBe('D');
  expect(sent).toEqual([['a', 'b'], ['c'], ['d']]);
});

test('a batch that fails fails for each that asked', async () => {
  const ask = batched(() => Promise.reject(new Error('no')), 10);
  const outcomes = await Promise.allSettled([ask('a'), ask('b')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
