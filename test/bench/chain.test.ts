import { describe, expect, test } from 'vitest';
import { longestChain } from '../../bench/chain.ts';

const call = (startedAt: number, endedAt: number) => ({ startedAt, endedAt });

describe('the longest chain of dependent calls', () => {
  test.each([
    ['of nothing is empty', [], 0],
    ['of calls side by side is one', [call(0, 500), call(1, 501), call(3, 499)], 1],
    ['counts calls that follow one another', [call(0, 500), call(500, 1000), call(1010, 1500)], 3],
    ['bears clocks that round', [call(0, 501), call(500, 1000)], 2],
    ['goes around a call that spans others', [call(0, 2000), call(0, 500), call(510, 1010), call(1020, 1500)], 3],
    ['does not count a start before the answer', [call(0, 500), call(400, 900), call(950, 1400)], 2],
  ])('%s', (_case, calls, length) => {
    expect(longestChain(calls)).toHaveLength(length);
  });
});
