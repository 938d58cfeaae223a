import { sortedSet } from '../values.ts';
import { clausesOf } from './clauses.ts';
import { isSyntaxProblem, parsePattern } from './parse.ts';
import { searchOutside } from './search.ts';
import type { Filter } from './types.ts';

export type Comparison = {
  /** `undecided`: too large to tell, or the pattern is none (then `problem` says why). */
  readonly relation: 'equal' | 'broader' | 'narrower' | 'different' | 'undecided';
  /** What is asked for and not matched: event names where a part asks for one, otherwise the part's text. */
  readonly missing: readonly string[];
  /** What is matched beyond. */
  readonly extra: readonly string[];
  readonly problem?: string;
};

export type Cover = {
  readonly covered: boolean;
  /** Event names, or parts of the pattern, that no filter matches; also what could not be decided. */
  readonly missed: readonly string[];
  /** What the filters match beyond what is asked. */
  readonly extra: readonly string[];
  /** Some of `missed` is not known to be missed: the patterns are too large to tell. */
  readonly undecided: boolean;
  /** Filters that are no JSON patterns; they match nothing. */
  readonly unreadable: readonly { readonly pattern: string; readonly problem: string }[];
};

/**
 * Compares the meaning of two patterns: which events they match, never how they are written. `given` is a pattern that
 * holds for all events meant, for example the event source where the names alone say enough.
 */
export function compare(pattern: string, required: string, given = ''): Comparison {
  const { covered, missed, extra, undecided, unreadable } = covers([pattern], required, given);
  const problem = unreadable[0]?.problem;
  if (undecided || problem !== undefined) {
    return { relation: 'undecided', missing: missed, extra, ...(problem === undefined ? {} : { problem }) };
  }
  if (covered) return { relation: extra.length === 0 ? 'equal' : 'broader', missing: missed, extra };
  return { relation: extra.length === 0 ? 'narrower' : 'different', missing: missed, extra };
}

/**
 * Do these filters together match every event that the required pattern matches? Throws a TypeError if `required` or
 * `given`, which are ours, do not parse.
 */
export function covers(patterns: readonly string[], required: string, given = ''): Cover {
  const [wanted, world] = [ours(required), ours(given)];
  const parsed = patterns.map((pattern) => ({ pattern, filter: parsePattern(pattern) }));
  const filters = parsed.flatMap(({ filter }) => (isSyntaxProblem(filter) ? [] : [filter]));
  const missing = partsOutside(wanted, filters, world);
  const beyond = filters.flatMap((filter) => partsOutside(filter, [wanted], world));
  return {
    covered: missing.length === 0,
    missed: sortedSet(missing.map(({ name }) => name)),
    extra: sortedSet(beyond.map(({ name }) => name)),
    undecided: [...missing, ...beyond].some(({ possible }) => possible === 'undecided'),
    unreadable: parsed.flatMap(({ pattern, filter }) => {
      return isSyntaxProblem(filter)
        ? [{ pattern, problem: `${filter.problem} (at character ${filter.position})` }]
        : [];
    }),
  };
}

/** The parts of a filter that match an event which none of the others match. Ends at the first that is undecided. */
function partsOutside(filter: Filter, others: readonly Filter[], world: Filter): readonly Part[] {
  const isOutside = searchOutside(filter, world, others);
  const parts: Part[] = [];
  for (const { name, filter: clause } of clausesOf(filter)) {
    const possible = isOutside(clause);
    if (possible !== false) parts.push({ name, possible });
    if (possible === 'undecided') break;
  }
  return parts;
}

type Part = { readonly name: string; readonly possible: true | 'undecided' };

function ours(pattern: string): Filter {
  const filter = parsePattern(pattern);
  if (isSyntaxProblem(filter)) throw new TypeError(`Not a pattern: ${pattern}: ${filter.problem}`);
  return filter;
}
