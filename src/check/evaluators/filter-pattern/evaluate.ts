import { globMatch } from '../glob.ts';
import { isRecord } from '../values.ts';
import { isSyntaxProblem, parsePattern } from './parse.ts';
import type { Filter, Literal, Step, Test } from './types.ts';

/** Would the filter match this event (parsed JSON)? */
export function evaluatePattern(filter: Filter, event: unknown): boolean {
  if (filter.kind !== 'test') {
    const isMet = (part: Filter) => evaluatePattern(part, event);
    return filter.kind === 'and' ? filter.of.every(isMet) : filter.of.some(isMet);
  }
  return meets(filter.test, valuesAt(event, filter.path)) !== filter.not;
}

/** As {@link evaluatePattern}, from the text; a pattern that does not parse matches nothing. */
export function matchesEvent(pattern: string, event: unknown): boolean {
  const filter = parsePattern(pattern);
  return !isSyntaxProblem(filter) && evaluatePattern(filter, event);
}

/**
 * Do the values at a path (more than one only with `[*]`) meet a test? A missing field meets none; so `!=`, which is
 * the opposite of `=`, matches an event that has no such field.
 */
export function meets(test: Test, values: readonly unknown[]): boolean {
  switch (test.op) {
    case 'exists':
      return values.length > 0;
    case 'is':
      return values.includes(test.value);
    case 'equals':
      return values.some((value) => equals(test.literal, value));
    default:
      return values.some((value) => typeof value === 'number' && ordered(test.op, value, test.number));
  }
}

/** The values at a path; none if there is no such field. */
export function valuesAt(event: unknown, path: readonly Step[]): readonly unknown[] {
  return path.reduce<readonly unknown[]>((values, step) => values.flatMap((value) => stepInto(value, step)), [event]);
}

function stepInto(value: unknown, step: Step): readonly unknown[] {
  if (typeof step === 'string') return isRecord(value) && Object.hasOwn(value, step) ? [value[step]] : [];
  if (!Array.isArray(value)) return [];
  const items: readonly unknown[] = value;
  if (typeof step === 'object') return items;
  return step < items.length ? [items[step]] : [];
}

function equals(literal: Literal, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  if (literal.kind === 'regex') return new RegExp(literal.source).test(String(value));
  if (typeof value === 'number' && !literal.quoted && literal.text !== '' && Number(literal.text) === value)
    return true;
  return globMatch(literal.text.replaceAll('?', '\u0000'), String(value).replaceAll('?', '\u0000'));
}

function ordered(op: '<' | '<=' | '>' | '>=', value: number, bound: number): boolean {
  if (op === '<') return value < bound;
  if (op === '<=') return value <= bound;
  return op === '>' ? value > bound : value >= bound;
}
