import { type Field, fieldKey, fieldsOf, type Situation, testKey } from './situations.ts';
import type { Filter } from './types.ts';

/** Steps after which the search gives up; patterns met in practice take a few hundred. */
const MAX_STEPS = 20_000;

/**
 * Prepares the question: is there an event that a clause matches, `world` too, and none of `unmatched`? The clauses
 * must be parts of `whole`. The search goes through the situations of one field after the other and turns back as soon
 * as the outcome is settled; it gives `undecided` when the patterns are too large.
 */
export function searchOutside(
  whole: Filter,
  world: Filter,
  unmatched: readonly Filter[],
): (clause: Filter) => boolean | 'undecided' {
  const all = fieldsOf([whole, world, ...unmatched]);
  const [always, unwanted] = [keyed(world), unmatched.map(keyed)];
  return (clause) => {
    const wanted = [keyed(clause), always];
    const used = new Set([...wanted, ...unwanted].flatMap(fieldKeys));
    return search(
      all.filter(({ key }) => used.has(key)),
      wanted,
      unwanted,
    );
  };
}

function search(fields: readonly Field[], wanted: readonly Keyed[], unwanted: readonly Keyed[]): boolean | 'undecided' {
  const settled = new Map<string, Situation>();
  let steps = 0;
  return settle(0);

  function settle(depth: number): boolean | 'undecided' {
    if (++steps > MAX_STEPS) return 'undecided';
    const asked = wanted.map((filter) => outcome(filter, settled));
    const refused = unwanted.map((filter) => outcome(filter, settled));
    if (asked.includes(false) || refused.includes(true)) return false;
    const field = fields[depth];
    if (field === undefined || (asked.every((it) => it === true) && refused.every((it) => it === false))) return true;
    let result: boolean | 'undecided' = false;
    for (const situation of field.situations) {
      settled.set(field.key, situation);
      result = settle(depth + 1);
      if (result !== false) break;
    }
    settled.delete(field.key);
    return result;
  }
}

/** A filter whose fields and tests are looked up by key; made once, for the search asks often. */
type Keyed =
  | { readonly kind: 'test'; readonly field: string; readonly test: string; readonly not: boolean }
  | { readonly kind: 'or' | 'and'; readonly of: readonly Keyed[] };

function keyed(filter: Filter): Keyed {
  if (filter.kind !== 'test') return { kind: filter.kind, of: filter.of.map(keyed) };
  return { kind: 'test', field: fieldKey(filter.path), test: testKey(filter.test), not: filter.not };
}

function fieldKeys(filter: Keyed): readonly string[] {
  return filter.kind === 'test' ? [filter.field] : filter.of.flatMap(fieldKeys);
}

/** What is known of a filter when only some fields are settled. */
function outcome(filter: Keyed, settled: ReadonlyMap<string, Situation>): boolean | undefined {
  if (filter.kind === 'test') {
    const met = settled.get(filter.field)?.get(filter.test);
    return met === undefined ? undefined : met !== filter.not;
  }
  const parts = filter.of.map((part) => outcome(part, settled));
  const decisive = filter.kind === 'or';
  if (parts.includes(decisive)) return decisive;
  return parts.includes(undefined) ? undefined : !decisive;
}
