import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAdvanced } from '../../../../src/check/evaluators/event-selectors/as-advanced.ts';
import { hiddenCallers, withoutHiddenCallers } from '../../../../src/check/evaluators/event-selectors/callers.ts';
import { withTypeEvents } from '../../../../src/check/evaluators/event-selectors/data-edits.ts';
import { isEditRefused } from '../../../../src/check/evaluators/event-selectors/edits.ts';
import { recordsDelivery, withoutLogLoop } from '../../../../src/check/evaluators/event-selectors/log-loop.ts';
import { type SelectableEvent, wouldRecord } from '../../../../src/check/evaluators/event-selectors/match.ts';
import { coversNetwork, withNetworkEvents } from '../../../../src/check/evaluators/event-selectors/network.ts';
import type { AdvancedSelector, TrailSelectors } from '../../../../src/check/evaluators/event-selectors/types.ts';
import { fromEvaluator, selectorsState } from '../../../../src/check/selectors.ts';
import { managementEvents, objectEvents, selectorSets } from '../arbitraries.ts';

const RUNS = { numRuns: 1_000 };
const LOG = { bucket: 'arn:aws:s3:::log/', files: 'arn:aws:s3:::log/' };
const KMS = { source: 'kms.amazonaws.com', deniedOnly: true };

const invocations: fc.Arbitrary<SelectableEvent> = fc.record({
  category: fc.constant('Data' as const),
  source: fc.constant('lambda.amazonaws.com'),
  name: fc.constant('Invoke'),
  readOnly: fc.boolean(),
  resourceType: fc.constant('AWS::Lambda::Function'),
  resourceArn: fc.constantFrom('arn:aws:lambda:us-east-1:1:function:a', 'arn:aws:lambda:us-east-1:1:function:a:2'),
});
const callers = fc.constantFrom('arn:aws:iam::1:role/a', 'arn:aws:iam::1:role/b', undefined);
const called = fc
  .tuple(objectEvents, callers)
  .map(([event, userArn]): SelectableEvent => (userArn === undefined ? event : { ...event, userArn }));
const events = fc.oneof(managementEvents, called, invocations);

/** Sets whose selectors may also pick callers. */
const callerSets: fc.Arbitrary<TrailSelectors> = fc
  .tuple(
    selectorSets,
    fc.array(fc.tuple(fc.constantFrom('NotEquals', 'Equals', 'NotStartsWith'), callers), { maxLength: 4 }),
  )
  .map(([set, tests]) => {
    const advanced = set.advancedEventSelectors ?? [];
    if (advanced.length === 0) return set;
    return {
      advancedEventSelectors: advanced.map((selector, at): AdvancedSelector => {
        const [operator, arn] = tests[at] ?? [];
        if (operator === undefined || arn === undefined) return selector;
        const field = { Field: 'userIdentity.arn', [operator]: [arn] };
        return { ...selector, FieldSelectors: [...(selector.FieldSelectors ?? []), field] };
      }),
    };
  });

const isAdvanced = (set: TrailSelectors) => (set.advancedEventSelectors ?? []).length > 0;

/** Selectors of an advanced set that the edit did not touch are the very ones that came in. */
function expectUntouched(before: TrailSelectors, after: TrailSelectors, isTouched: (one: TrailSelectors) => boolean) {
  const kept = new Set(after.advancedEventSelectors);
  for (const selector of before.advancedEventSelectors ?? []) {
    if (!isTouched({ advancedEventSelectors: [selector] })) expect(kept.has(selector)).toBe(true);
  }
}

describe('asAdvanced', () => {
  it('records just what the set recorded', () => {
    fc.assert(
      fc.property(selectorSets, events, (before, event) => {
        const advancedEventSelectors = asAdvanced(before);
        // Nothing recorded and nothing written are told apart by the edits that use it.
        if (advancedEventSelectors.length === 0) expect(wouldRecord(before, event)).toBe(false);
        else expect(wouldRecord({ advancedEventSelectors }, event)).toBe(wouldRecord(before, event));
      }),
      RUNS,
    );
  });
});

describe('withTypeEvents and withNetworkEvents', () => {
  const edits = fc.constantFrom(
    (set: TrailSelectors) =>
      withTypeEvents(set, { type: 'AWS::Lambda::Function', mode: 'all', resources: 'all', value: 'arn:aws:lambda' }),
    (set: TrailSelectors) =>
      withTypeEvents(set, {
        type: 'AWS::Lambda::Function',
        mode: 'all',
        resources: ['arn:aws:lambda:us-east-1:1:function:a'],
        value: 'arn:aws:lambda',
      }),
    (set: TrailSelectors) => withNetworkEvents(set, KMS),
  );

  it('lose no event, take nothing in but what was asked for, and change nothing the second time', () => {
    fc.assert(
      fc.property(selectorSets, edits, events, (before, edit, event) => {
        const once = edit(before);
        if (isEditRefused(once)) return;
        if (wouldRecord(before, event)) expect(wouldRecord(once.selectors, event)).toBe(true);
        else if (event.source !== 'lambda.amazonaws.com') expect(wouldRecord(once.selectors, event)).toBe(false);
        expectUntouched(before, once.selectors, () => false);
        expect(edit(once.selectors)).toEqual({ selectors: once.selectors, changed: false });
      }),
      RUNS,
    );
  });

  it('record network events of the service once added', () => {
    fc.assert(
      fc.property(selectorSets, (before) => {
        const edit = withNetworkEvents(before, KMS);
        expect(isEditRefused(edit) || coversNetwork(edit.selectors, KMS)).toBe(true);
      }),
    );
  });
});

describe('withoutLogLoop', () => {
  const isDelivery = (event: SelectableEvent) =>
    event.name === 'PutObject' && event.resourceArn?.startsWith(LOG.bucket);
  const isLogRead = (event: SelectableEvent) => event.readOnly && event.resourceArn?.startsWith(LOG.bucket);

  it('loses deliveries of logs and nothing else, takes nothing in, and changes nothing the second time', () => {
    fc.assert(
      fc.property(callerSets, fc.boolean(), events, (before, allowReads, event) => {
        const once = withoutLogLoop(before, [LOG], allowReads);
        if (isEditRefused(once)) return;
        const meant = isDelivery(event) || (!allowReads && isLogRead(event));
        if (!meant) expect(wouldRecord(once.selectors, event)).toBe(wouldRecord(before, event));
        else if (wouldRecord(once.selectors, event)) expect(wouldRecord(before, event)).toBe(true);
        expect(recordsDelivery(once.selectors, LOG, allowReads)).toBe(false);
        expectUntouched(before, once.selectors, (one) => recordsDelivery(one, LOG, allowReads));
        expect(withoutLogLoop(once.selectors, [LOG], allowReads)).toEqual({
          selectors: once.selectors,
          changed: false,
        });
      }),
      RUNS,
    );
  });
});

describe('withoutHiddenCallers', () => {
  const allowed = ['arn:aws:iam::1:role/a'];

  it('loses no event, hides nobody, and changes nothing the second time', () => {
    fc.assert(
      fc.property(callerSets, events, (before, event) => {
        const once = withoutHiddenCallers(before, allowed);
        if (wouldRecord(before, event)) expect(wouldRecord(once.selectors, event)).toBe(true);
        expect(hiddenCallers(once.selectors, allowed)).toEqual([]);
        expect(isAdvanced(once.selectors)).toBe(isAdvanced(before));
        expectUntouched(before, once.selectors, (one) => hiddenCallers(one, allowed).length > 0);
        expect(withoutHiddenCallers(once.selectors, allowed)).toEqual({ selectors: once.selectors, changed: false });
      }),
      RUNS,
    );
  });
});

describe('a set that is put back', () => {
  it('is the one that was read, in canonical form', () => {
    fc.assert(
      fc.property(callerSets, (before) => {
        const saved = fromEvaluator(before);
        expect(selectorsState(JSON.parse(JSON.stringify(saved)))).toEqual(selectorsState(saved));
      }),
    );
  });
});
