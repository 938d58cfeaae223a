import type { FieldTest, Filter } from './types.ts';
import { writeClause } from './write.ts';

/** Beyond this many a pattern is taken as one clause; CloudWatch's 1,024 characters rarely reach it. */
const MAX_CLAUSES = 128;

/** A part of a filter that can be looked at by itself, and its name for people. */
export type Clause = { readonly name: string; readonly filter: Filter };

/**
 * The filter as alternatives (disjunctive normal form). An alternative that asks for one event is named after it, any
 * other by its tests.
 */
export function clausesOf(filter: Filter): readonly Clause[] {
  const clauses = normalForm(filter);
  if (clauses === undefined) return [{ name: 'the whole pattern', filter }];
  return clauses.map((tests) => ({ name: nameOf(tests), filter: { kind: 'and', of: tests } }));
}

function normalForm(filter: Filter): readonly (readonly FieldTest[])[] | undefined {
  if (filter.kind === 'test') return [[filter]];
  const parts = filter.of.map(normalForm);
  let clauses: readonly (readonly FieldTest[])[] = filter.kind === 'or' ? [] : [[]];
  for (const part of parts) {
    if (part === undefined) return undefined;
    clauses =
      filter.kind === 'or'
        ? [...clauses, ...part]
        : clauses.flatMap((tests) => part.map((more) => [...tests, ...more]));
    if (clauses.length > MAX_CLAUSES) return undefined;
  }
  return clauses;
}

function nameOf(tests: readonly FieldTest[]): string {
  const names = tests.flatMap(({ path, not, test }) => {
    const named = !not && path.length === 1 && path[0] === 'eventName' && test.op === 'equals';
    return named && test.literal.kind === 'text' && !test.literal.text.includes('*') ? [test.literal.text] : [];
  });
  return names[0] ?? writeClause(tests);
}
