import { sortedSet } from '../values.ts';
import { isOpen } from './match.ts';
import { type Rule, rulesOf } from './rules.ts';
import type { Mode, TrailSelectors } from './types.ts';

/**
 * What is recorded of the management events of one mode: all; all but some event sources; a part that cannot be put as
 * a list of sources (`why` says how it is narrowed); none.
 */
export type ManagementCoverage =
  | { readonly covered: 'all' }
  | { readonly covered: 'excluded'; readonly excludedSources: readonly string[] }
  | { readonly covered: 'partly'; readonly why: readonly string[] }
  | { readonly covered: 'none' };

/** What one trail (or several together) records. `rules` is the input of {@link coversData}. */
export type Recording = {
  readonly management: { readonly [mode in Mode]: ManagementCoverage };
  readonly rules: readonly Rule[];
};

/**
 * Which events do these selectors record? One evaluator for basic and advanced selectors and for the default of a trail
 * that never had any. Several sets (the trails that cover one account) are judged as their union.
 */
export function recorded(...sets: readonly TrailSelectors[]): Recording {
  const rules = sets.flatMap(rulesOf);
  return { management: { read: managementOf(rules, 'read'), write: managementOf(rules, 'write') }, rules };
}

/** Are read and write management events recorded, sources left out aside? That is judged by another check. */
export function recordsAllManagement({ management }: Recording): boolean {
  return [management.read, management.write].every(({ covered }) => covered === 'all' || covered === 'excluded');
}

function managementOf(rules: readonly Rule[], mode: Mode): ManagementCoverage {
  const covering = rules.filter(({ category, modes }) => category === 'Management' && modes.includes(mode));
  if (covering.length === 0) return { covered: 'none' };
  const exclusions = covering.map(excludedSources).filter((sources) => sources !== undefined);
  const [first, ...others] = exclusions;
  if (first === undefined) return { covered: 'partly', why: sortedSet(covering.flatMap(narrowings)) };
  // A narrow rule beside a broad one may still record a source that the broad one leaves out, wholly or not; only a
  // whole exclusion in every broad rule counts.
  const left = first.filter((source) => others.every((sources) => sources.includes(source)));
  return left.length === 0 ? { covered: 'all' } : { covered: 'excluded', excludedSources: sortedSet(left) };
}

/** The sources a management rule leaves out; undefined if it is narrowed in any other way. */
function excludedSources({ tests }: Rule): readonly string[] | undefined {
  const plain = tests.every(
    (test) => test.Field === 'eventSource' && isOpen(test) && !test.NotStartsWith?.length && !test.NotEndsWith?.length,
  );
  return plain ? tests.flatMap(({ NotEquals = [] }) => NotEquals) : undefined;
}

function narrowings({ tests }: Rule): readonly string[] {
  return tests.map(({ Field }) => `narrowed by ${Field}`);
}
