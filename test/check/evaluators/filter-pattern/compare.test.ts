import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, covers } from '../../../../src/check/evaluators/filter-pattern/compare.ts';
import { evaluatePattern, matchesEvent } from '../../../../src/check/evaluators/filter-pattern/evaluate.ts';
import { parsePattern } from '../../../../src/check/evaluators/filter-pattern/parse.ts';
import type { Filter } from '../../../../src/check/evaluators/filter-pattern/types.ts';
import { writePattern } from '../../../../src/check/evaluators/filter-pattern/write.ts';

const TRAILS =
  '{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }';
const ERRORS = '($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")';
const NOISE = '($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket")';
const REFUSED = `{ ${ERRORS} && ${NOISE} }`;
const LOGIN =
  '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }';
const ROOT =
  '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }';
const ROUTES = ['CreateRoute', 'CreateRouteTable', 'ReplaceRoute', 'DeleteRoute'].map(
  (name) => `($.eventName = ${name})`,
);
const EC2 = '($.eventSource = ec2.amazonaws.com)';

describe('compare', () => {
  it.each<[string, string, string, string]>([
    [
      'another order, spacing, quoting and bracketing',
      '{($.eventName="StopLogging")||(($.eventName=StartLogging)||$.eventName = DeleteTrail)||($.eventName="UpdateTrail")||$.eventName=CreateTrail}',
      TRAILS,
      'equal',
    ],
    ['one event more', TRAILS.replace('{', '{ ($.eventName = PutEventSelectors) ||'), TRAILS, 'broader'],
    ['one event less', TRAILS.replace('|| ($.eventName = StopLogging)', ''), TRAILS, 'narrower'],
    ['one event exchanged', TRAILS.replace('StopLogging', 'AddTags'), TRAILS, 'different'],
    [
      'a term more by &&',
      TRAILS.replace('{', '{ $.userIdentity.arn != "*bot*" && (').replace('}', ')}'),
      TRAILS,
      'narrower',
    ],
    ['a wildcard over the names', '{ $.eventName = *Trail || $.eventName = St*Logging }', TRAILS, 'broader'],
    ['every event', '', TRAILS, 'broader'],
    ['the exclusions missing', `{ ${ERRORS} }`, REFUSED, 'broader'],
    ['the || of the old benchmark', REFUSED.replaceAll('&&', '||'), REFUSED, 'broader'],
    ['brackets round the errors', `{ (${ERRORS}) && ${NOISE} }`, REFUSED, 'narrower'],
    ['one error code alone', '{ $.errorCode = "AccessDenied*" }', `{ ${ERRORS} }`, 'narrower'],
    [
      'an exact code for a wildcard',
      '{ $.errorCode = "AccessDenied" || $.errorCode = "*UnauthorizedOperation" }',
      `{ ${ERRORS} }`,
      'narrower',
    ],
    [
      'two clauses of four',
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
      LOGIN,
      'broader',
    ],
    ['MFAUsed = No, which is missing in some events', LOGIN.replace('!= "Yes"', '= "No"'), LOGIN, 'narrower'],
    [
      'root use, bracketed',
      ROOT.replace('&& $.eventType', ') && ($.eventType').replace('{', '{ (').replace('}', ') }'),
      ROOT,
      'equal',
    ],
    ['root use, with services', '{ $.userIdentity.type = Root }', ROOT, 'broader'],
    ['a field that is null for one that is missing', ROOT.replace('NOT EXISTS', 'IS NULL'), ROOT, 'different'],
    [
      'prefix without brackets',
      `{ ${EC2} && ${ROUTES.join(' || ')} }`,
      `{ ${EC2} && (${ROUTES.join(' || ')}) }`,
      'broader',
    ],
    ['prefix missing', `{ ${ROUTES.join(' || ')} }`, `{ ${EC2} && (${ROUTES.join(' || ')}) }`, 'broader'],
    ['numbers', '{ $.a > 3 }', '{ $.a >= 3 && $.a != 3 }', 'equal'],
    ['wildcards that only meet end to end', '{ $.a = a* && $.a = *b }', '{ $.a = a*b }', 'equal'],
    ['wildcards that may share a letter', '{ $.a = ab* && $.a = *bc }', '{ $.a = ab*bc }', 'broader'],
    ['a pattern that nothing meets', '{ $.a = x && $.a = y }', '{ $.a = x && $.a NOT EXISTS }', 'equal'],
    ['the same regular expression', '{ $.a = %x% || $.a = y }', '{ $.a = y || $.a = %x% }', 'equal'],
    ['a regular expression for a text it matches', '{ $.a = %^Stop% }', '{ $.a = StopLogging }', 'broader'],
    ['an element of a list', '{ $.a[*] = x && $.a[*] = y }', '{ $.a[*] = x }', 'narrower'],
  ])('%s', (_, pattern, required, relation) => {
    expect(compare(pattern, required).relation).toBe(relation);
  });

  it('names what is missing and what is too much', () => {
    expect(compare(TRAILS.replace('StopLogging', 'AddTags'), TRAILS)).toEqual({
      relation: 'different',
      missing: ['StopLogging'],
      extra: ['AddTags'],
    });
    expect(compare('{ $.errorCode = "AccessDenied*" }', `{ ${ERRORS} }`).missing).toEqual([
      '$.errorCode = "*UnauthorizedOperation"',
    ]);
  });

  it('does not call a pattern equal that it cannot read', () => {
    expect(compare('ERROR', TRAILS)).toMatchObject({ relation: 'undecided', problem: expect.stringContaining('{') });
  });

  it('gives up on what is too large, and says so', () => {
    const tests = Array.from({ length: 40 }, (_, index) => `($.f${index} = a || $.g${index} = b)`);
    const result = compare(`{ ${tests.join(' && ')} }`, `{ ${[...tests].reverse().join(' && ')} && $.h != c }`);
    expect(result.relation).toBe('undecided');
  });

  it('takes what is given into account', () => {
    const bare = `{ ${ROUTES.join(' || ')} }`;
    const prefixed = `{ ${EC2} && (${ROUTES.join(' || ')}) }`;
    expect(compare(prefixed, bare).relation).toBe('narrower');
    expect(compare(prefixed, bare, `{ ${EC2} }`).relation).toBe('equal');
  });
});

describe('covers', () => {
  const half = '{ $.eventName = CreateTrail || $.eventName = UpdateTrail || $.eventName = DeleteTrail }';

  it('counts several filters together', () => {
    expect(covers([half], TRAILS)).toMatchObject({ covered: false, missed: ['StartLogging', 'StopLogging'] });
    expect(covers([half, '{ $.eventName = "*Logging" }'], TRAILS)).toMatchObject({ covered: true, missed: [] });
  });

  it('sees that two halves by another field make a whole', () => {
    const halves = [
      '{ $.eventName = StopLogging && $.errorCode NOT EXISTS }',
      '{ $.eventName = StopLogging && $.errorCode EXISTS }',
    ];
    expect(covers(halves, '{ $.eventName = StopLogging }').covered).toBe(true);
    expect(covers(halves.slice(1), '{ $.eventName = StopLogging }').covered).toBe(false);
  });

  it('leaves out filters that are no JSON patterns, and names them', () => {
    const result = covers(['[a, b]', half], TRAILS);
    expect(result.missed).toEqual(['StartLogging', 'StopLogging']);
    expect(result.unreadable).toEqual([{ pattern: '[a, b]', problem: expect.stringContaining('character 0') }]);
    expect(covers([], TRAILS).covered).toBe(false);
  });
});

describe('comparison agrees with evaluation', () => {
  const text = fc.constantFrom('a', 'ab', 'b', 'a*', '*b', '*', '1');
  const test: fc.Arbitrary<Filter> = fc.record({
    kind: fc.constant('test' as const),
    path: fc.constantFrom(['x'], ['y'], ['u', 'z']),
    not: fc.boolean(),
    test: fc.oneof(
      {
        weight: 4,
        arbitrary: text.map((it) => ({
          op: 'equals' as const,
          literal: { kind: 'text' as const, text: it, quoted: true },
        })),
      },
      { weight: 1, arbitrary: fc.constant({ op: 'exists' as const }) },
    ),
  });
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      test,
      fc.record({
        kind: fc.constantFrom('or' as const, 'and' as const),
        of: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
      }),
    ),
  }));
  const value = fc.constantFrom('a', 'ab', 'b', 'aab', 'c', '1', 1, null, true);
  const events = fc.record(
    { x: value, y: value, u: fc.record({ z: value }, { requiredKeys: [] }) },
    { requiredKeys: [] },
  );

  it('on random patterns and events', () => {
    fc.assert(
      fc.property(filter, filter, fc.array(events, { minLength: 20, maxLength: 20 }), (one, other, seen) => {
        const { relation } = compare(writePattern(one), writePattern(other));
        for (const event of seen) {
          const [left, right] = [evaluatePattern(one, event), evaluatePattern(other, event)];
          if (relation === 'equal') expect(left).toBe(right);
          if (relation === 'broader' && right) expect(left).toBe(true);
          if (relation === 'narrower' && left) expect(right).toBe(true);
        }
        const all = ['a', 'ab', 'b', 'aab', 'c', '1', 1, null, undefined];
        const everything = all.flatMap((x) =>
          all.flatMap((y) =>
            all.map((z) => ({
              ...(x === undefined ? {} : { x }),
              ...(y === undefined ? {} : { y }),
              u: z === undefined ? {} : { z },
            })),
          ),
        );
        const differs = everything.some((event) => evaluatePattern(one, event) !== evaluatePattern(other, event));
        expect(relation === 'equal').toBe(!differs);
      }),
      { numRuns: 150 },
    );
  });

  it('what is written reads back as the same', () => {
    fc.assert(
      fc.property(filter, events, (it, event) => {
        const read = parsePattern(writePattern(it));
        expect('problem' in read ? read : evaluatePattern(read, event)).toBe(evaluatePattern(it, event));
        expect(matchesEvent(writePattern(it), event)).toBe(evaluatePattern(it, event));
      }),
    );
  });
});
