import type { MetricFilter } from '../snapshot/types.ts';
import { covers } from './evaluators/filter-pattern/compare.ts';
import { matchesEvent } from './evaluators/filter-pattern/evaluate.ts';
import { isSyntaxProblem, parsePattern } from './evaluators/filter-pattern/parse.ts';

export interface Wanted {
  pattern: string;
  /** Holds for every event meant, so that a filter need not ask for it: `{ $.eventSource = … }`. */
  given: string;
}

export type FilterCover =
  | { covered: true; by: MetricFilter[]; notes: string[] }
  /** `undecided`: the patterns are too large to tell. */
  | { covered: false; missed: readonly string[]; undecided: boolean };

/** Do the filters match every event that is wanted? By meaning: one filter alone if there is such a one, or several together. */
export function coverOf(filters: readonly MetricFilter[], { pattern, given }: Wanted): FilterCover {
  const concerned = filters.filter(({ filterPattern }) => touches(filterPattern, pattern));
  const alone = concerned
    .map((filter) => ({ filter, cover: covers([filter.filterPattern], pattern, given) }))
    .filter(({ cover }) => cover.covered);
  const best = alone.find(({ cover }) => cover.extra.length === 0) ?? alone[0];
  if (best !== undefined) {
    return { covered: true, by: [best.filter], notes: notesOn(best.filter, best.cover.extra.length > 0) };
  }
  const together = covers(
    concerned.map(({ filterPattern }) => filterPattern),
    pattern,
    given,
  );
  if (!together.covered) return { covered: false, missed: together.missed, undecided: together.undecided };
  return { covered: true, by: concerned, notes: concerned.flatMap((filter) => notesOn(filter, false)) };
}

/** Can one event match both? A filter on other events has no say, and would only make the comparison larger. */
function touches(filter: string, pattern: string): boolean {
  return !isSyntaxProblem(parsePattern(filter)) && covers([], filter, pattern).missed.length > 0;
}

function notesOn({ filterName, filterPattern }: MetricFilter, broader: boolean): string[] {
  if (matchesEvent(filterPattern, {})) return [`The filter ${filterName} matches nearly every event.`];
  return broader
    ? [`The filter ${filterName} matches more than is asked for; Security Hub refuses further terms.`]
    : [];
}
