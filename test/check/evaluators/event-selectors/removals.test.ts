import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEditRefused } from '../../../../src/check/evaluators/event-selectors/edits.ts';
import { wouldRecord } from '../../../../src/check/evaluators/event-selectors/match.ts';
import { recorded } from '../../../../src/check/evaluators/event-selectors/recording.ts';
import { withoutExclusions, withoutManagement } from '../../../../src/check/evaluators/event-selectors/removals.ts';
import type { TrailSelectors } from '../../../../src/check/evaluators/event-selectors/types.ts';
import { managementEvents, objectEvents, selectorSets } from '../arbitraries.ts';

const SOURCES = ['kms.amazonaws.com', 'rdsdata.amazonaws.com'];
const dropped = fc.record({ read: fc.subarray(SOURCES), write: fc.subarray(SOURCES) });
const isAdvanced = (set: TrailSelectors) => (set.advancedEventSelectors ?? []).length > 0;

describe('withoutExclusions', () => {
  it('loses no event, leaves data events alone, keeps the kind of the set, and changes nothing the second time', () => {
    fc.assert(
      fc.property(selectorSets, dropped, managementEvents, objectEvents, (before, sources, management, object) => {
        const once = withoutExclusions(before, sources);
        if (isEditRefused(once)) throw new Error(once.problem);
        if (wouldRecord(before, management)) expect(wouldRecord(once.selectors, management)).toBe(true);
        expect(wouldRecord(once.selectors, object)).toBe(wouldRecord(before, object));
        expect(isAdvanced(once.selectors)).toBe(isAdvanced(before));
        expect(withoutExclusions(once.selectors, sources)).toEqual({ selectors: once.selectors, changed: false });
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves none of the sources out where it was asked to record them', () => {
    fc.assert(
      fc.property(selectorSets, dropped, (before, sources) => {
        const edit = withoutExclusions(before, sources);
        if (isEditRefused(edit)) throw new Error(edit.problem);
        const { management } = recorded(edit.selectors);
        for (const mode of ['read', 'write'] as const) {
          const coverage = management[mode];
          const left = coverage.covered === 'excluded' ? coverage.excludedSources : [];
          expect(left.filter((source) => sources[mode].includes(source))).toEqual([]);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('withoutManagement', () => {
  it('records no management event any more, every other event as before, or refuses', () => {
    fc.assert(
      fc.property(selectorSets, managementEvents, objectEvents, (before, management, object) => {
        const once = withoutManagement(before);
        if (isEditRefused(once)) {
          expect(wouldRecord(before, object)).toBe(false);
          return;
        }
        expect(wouldRecord(once.selectors, management)).toBe(false);
        expect(wouldRecord(once.selectors, object)).toBe(wouldRecord(before, object));
        expect(isAdvanced(once.selectors)).toBe(isAdvanced(before));
        expect(withoutManagement(once.selectors)).toEqual({ selectors: once.selectors, changed: false });
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses the default set, which is management events alone', () => {
    expect(withoutManagement({})).toEqual({ problem: expect.stringContaining('has to record something') });
  });
});
