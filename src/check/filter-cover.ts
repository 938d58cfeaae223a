import type { MetricFilter } from '../snapshot/types.ts';
import { compare, covers } from './evaluators/filter-pattern/compare.ts';
import { matchesEvent } from './evaluators/filter-pattern/evaluate.ts';
import { isSyntaxProblem, parsePattern } from './evaluators/filter-pattern/parse.ts';

export interface Wanted {
  /** Every event that matches it must be matched. */
  required: string;
  /** Holds for every event meant, so that a filter need not ask for it: `{ $.eventSource = … }`. */
  given: string;
  /** Texts in use for the same purpose: a filter that means one of them is as good, and `note` says what to know of it. */
  texts: readonly KnownText[];
  /** Events whose absence is worth no more than a note. */
  optional: readonly { pattern: string; note: string }[];
}

export interface KnownText {
  pattern: string;
  note?: string;
}

export type FilterCover =
  | { covered: true; by: MetricFilter[]; notes: string[] }
  /** `undecided`: the patterns are too large to tell. */
  | { covered: false; missed: readonly string[]; undecided: boolean };

/** Do the filters match every event that is wanted? By meaning: one filter alone if there is such a one, or several together. */
export function coverOf(filters: readonly MetricFilter[], wanted: Wanted): FilterCover {
  const { required, given } = wanted;
  const concerned = filters.filter(({ filterPattern }) => touches(filterPattern, required));
  const alone = concerned
    .map((filter) => ({ filter, cover: covers([filter.filterPattern], required, given) }))
    .filter(({ cover }) => cover.covered)
    .map(({ filter, cover }) => ({ filter, known: knownText(filter, cover.extra.length === 0, wanted) }));
  const best = alone.find(({ known }) => known !== undefined) ?? alone[0];
  if (best !== undefined) {
    return { covered: true, by: [best.filter], notes: [...notesOn(best), ...missing(filters, wanted)] };
  }
  const together = covers(
    concerned.map(({ filterPattern }) => filterPattern),
    required,
    given,
  );
  if (!together.covered) return { covered: false, missed: together.missed, undecided: together.undecided };
  const notes = concerned.flatMap((filter) => notesOn({ filter, known: { pattern: required } }));
  return { covered: true, by: concerned, notes: [...notes, ...missing(filters, wanted)] };
}

/** Can one event match both? A filter on other events has no say, and would only make the comparison larger. */
function touches(filter: string, pattern: string): boolean {
  return !isSyntaxProblem(parsePattern(filter)) && covers([], filter, pattern).missed.length > 0;
}

function knownText(filter: MetricFilter, exact: boolean, { required, given, texts }: Wanted): KnownText | undefined {
  if (exact) return { pattern: required };
  return texts.find(({ pattern }) => compare(filter.filterPattern, pattern, given).relation === 'equal');
}

function notesOn({ filter, known }: { filter: MetricFilter; known: KnownText | undefined }): string[] {
  const { filterName, filterPattern } = filter;
  if (matchesEvent(filterPattern, {})) return [`The filter ${filterName} matches nearly every event.`];
  if (known !== undefined) return known.note === undefined ? [] : [known.note];
  return [`The filter ${filterName} matches more than is asked for; Security Hub refuses further terms.`];
}

function missing(filters: readonly MetricFilter[], { optional, given }: Wanted): string[] {
  return optional.flatMap(({ pattern, note }) => {
    const patterns = filters.map(({ filterPattern }) => filterPattern).filter((it) => touches(it, pattern));
    return covers(patterns, pattern, given).covered ? [] : [note];
  });
}
