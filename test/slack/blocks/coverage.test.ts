import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Cell, MatrixRow } from '../../../src/posture/coverage/matrix.ts';
import { coverageMessage } from '../../../src/slack/blocks/coverage.ts';
import { draw, expectPostable } from './draw.ts';

const cell = (covered: Cell['covered'], more: Partial<Cell> = {}): Cell => ({
  covered,
  inherited: false,
  trails: [],
  ...more,
});

function row(account: string, name: string, each: Cell): MatrixRow {
  return { account, name, cells: { managementRead: each, managementWrite: each, dataEvents: each, insights: each } };
}

it('shows each account against what its trails record, inherited as inherited', () => {
  const message = coverageMessage({
    target: 'prod',
    rows: [row('444444444444', 'data', cell('none')), row('333333333333', 'web', cell('all', { inherited: true }))],
    excluded: [{ account: '555555555555', name: 'staging', why: 'not part of this target' }],
    notes: [],
  });
  expectPostable(message);
  expect(draw(message)).toMatchSnapshot();
});

it('takes three thousand accounts with any names', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constant('<!channel> *x* `y`'));
  const cells = fc.record({
    covered: fc.constantFrom('all', 'partly', 'none', 'unknown' as const),
    inherited: fc.boolean(),
    detail: text,
    trails: fc.constant<string[]>([]),
  });
  fc.assert(
    fc.property(text, text, cells, fc.integer({ min: 0, max: 3000 }), (target, name, each, count) => {
      const rows = Array.from({ length: count }, () => row('444444444444', name, each));
      const excluded = rows.map(({ account }) => ({ account, name, why: name }));
      expectPostable(coverageMessage({ target, rows, excluded, notes: [name] }));
    }),
    { numRuns: 30 },
  );
});
