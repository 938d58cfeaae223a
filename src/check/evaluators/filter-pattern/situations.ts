import { canonicalJson } from '../canonical/json.ts';
import { meets } from './evaluate.ts';
import type { FieldTest, Filter, Literal, Step, Test } from './types.ts';

/** One way in which a field can be: for each test on it (by its text) whether it is met. */
export type Situation = ReadonlyMap<string, boolean>;

export type Field = { readonly key: string; readonly situations: readonly Situation[] };

/** More regular expressions on one field than this are not told apart. */
const MAX_REGEXES = 4;

export function fieldKey(path: readonly Step[]): string {
  return canonicalJson(path);
}

export function testKey(test: Test): string {
  return canonicalJson(test);
}

/**
 * The fields that filters look at, the most used first, each with all situations in which an event can put the tests on
 * it. They are found by trying values: missing, null, true, false, an object, every number and text of the tests and
 * what lies beside them, and texts that two wildcards match at once. Not tried: three wildcards that only meet
 * together, and one field inside another. Regular expressions are taken as met or not, whatever the text.
 */
export function fieldsOf(filters: readonly Filter[]): readonly Field[] {
  const byField = new Map<string, { readonly path: readonly Step[]; readonly tests: Test[] }>();
  for (const { path, test } of filters.flatMap(testsOf)) {
    const key = fieldKey(path);
    const field = byField.get(key) ?? { path, tests: [] };
    byField.set(key, field);
    field.tests.push(test);
  }
  return [...byField]
    .sort(([, a], [, b]) => b.tests.length - a.tests.length)
    .map(([key, { path, tests }]) => ({ key, situations: situationsOf(path, tests) }));
}

function testsOf(filter: Filter): readonly FieldTest[] {
  return filter.kind === 'test' ? [filter] : filter.of.flatMap(testsOf);
}

function situationsOf(path: readonly Step[], repeated: readonly Test[]): readonly Situation[] {
  const tests = new Map(repeated.map((test) => [testKey(test), test]));
  const distinct = [...tests.values()];
  const values = [null, true, false, {}, ...numbersFor(distinct), ...textsFor(distinct)];
  const single = values.map((value) => [value]);
  const isMany = path.some((step) => typeof step === 'object');
  const pairs = isMany ? values.flatMap((one) => values.map((other) => [one, other])) : [];
  const tried = [[], ...single, ...pairs].map((held) => judge(tests, (test) => meets(test, held)));
  const regexes = distinct.filter((test) => literalOf(test)?.kind === 'regex').slice(0, MAX_REGEXES);
  const assumed = subsets(regexes).map((met) => {
    return judge(tests, (test) => met.includes(test) || (!regexes.includes(test) && meets(test, ['\u0001'])));
  });
  const all = regexes.length === 0 ? tried : [...tried, ...assumed];
  return [...new Map(all.map((situation) => [JSON.stringify([...situation]), situation])).values()];
}

function judge(tests: ReadonlyMap<string, Test>, met: (test: Test) => boolean): Situation {
  return new Map(Array.from(tests, ([key, test]) => [key, met(test)]));
}

function numbersFor(tests: readonly Test[]): readonly number[] {
  const bounds = tests.flatMap((test) => {
    if ('number' in test) return [test.number];
    const literal = literalOf(test);
    const number = literal?.kind === 'text' && literal.text !== '' ? Number(literal.text) : Number.NaN;
    return Number.isFinite(number) ? [number] : [];
  });
  const sorted = [...new Set(bounds)].sort((a, b) => a - b);
  const between = sorted.slice(1).map((bound, index) => (bound + (sorted[index] ?? bound)) / 2);
  const [first, last] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  return [...sorted, ...between, first - 1, last + 1];
}

function textsFor(tests: readonly Test[]): readonly string[] {
  const globs = tests.map(literalOf).flatMap((literal) => (literal?.kind === 'text' ? [literal.text] : []));
  const wild = globs.filter((glob) => glob.includes('*'));
  const shortest = globs.map((glob) => glob.replaceAll('*', ''));
  const longer = wild.map((glob) => glob.replaceAll('*', '\u0001'));
  const together = wild.flatMap((glob) => shortest.map((text) => glob.replaceAll('*', text)));
  const bare = wild.map((glob) => glob.replaceAll('*', ''));
  const joined = bare.flatMap((one) => bare.flatMap((other) => overlaps(one, other)));
  return ['\u0001', '', ...shortest, ...longer, ...together, ...joined];
}

/** The texts that begin with the one and end with the other, sharing what lies between: `ab`, `bc` give `abc`. */
function overlaps(one: string, other: string): readonly string[] {
  const shared = Array.from({ length: Math.min(one.length, other.length) }, (_, index) => other.slice(0, index + 1));
  return shared.filter((part) => one.endsWith(part)).map((part) => one + other.slice(part.length));
}

function literalOf(test: Test): Literal | undefined {
  return test.op === 'equals' ? test.literal : undefined;
}

function subsets<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: 2 ** items.length }, (_, bits) =>
    items.filter((_item, index) => (bits >> index) % 2 === 1),
  );
}
