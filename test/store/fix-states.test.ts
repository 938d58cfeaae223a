import { expect, test } from 'vitest';
import { FIX_MOVES, FIX_STATES, type FixState, isFixState, OPEN_STATES } from '../../src/store/fix-states.ts';

function reachable(from: FixState): Set<FixState> {
  const seen = new Set<FixState>([from]);
  for (const state of seen) for (const next of FIX_MOVES[state]) seen.add(next);
  return seen;
}

test('every state can be reached from the first', () => {
  expect([...reachable('proposed')].sort()).toEqual([...FIX_STATES].sort());
});

test.each(OPEN_STATES)('from %s there is a way out', (state) => {
  expect(FIX_STATES.some((end) => FIX_MOVES[end].length === 0 && reachable(state).has(end))).toBe(true);
});

test('nothing is applied but what was approved', () => {
  const before = FIX_STATES.filter((state) => FIX_MOVES[state].includes('applying'));
  expect(before).toEqual(['approved']);
});

test('what was applied is not decided on again', () => {
  for (const state of reachable('verifying')) expect(['pending', 'approved', 'applying']).not.toContain(state);
});

test('a state is known by its name', () => {
  expect(isFixState('partly-applied')).toBe(true);
  expect(isFixState('done')).toBe(false);
});
