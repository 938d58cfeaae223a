/** A string or a number as written in a pattern. `*` in text is a wildcard, quoted or not. */
export type Literal =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'regex'; readonly source: string };

/** What is asked of one field. `!=` is a `not`. */
export type Test =
  | { readonly op: 'equals'; readonly literal: Literal }
  | { readonly op: '<' | '<=' | '>' | '>='; readonly number: number }
  | { readonly op: 'is'; readonly value: null | boolean }
  | { readonly op: 'exists' };

/** `$.userIdentity.type` is `['userIdentity', 'type']`; an index is a number, `[*]` is `{any: true}`. */
export type Step = string | number | { readonly any: true };

/** An `and` of nothing matches every event: that is what the empty pattern means. */
export type Filter =
  | { readonly kind: 'or' | 'and'; readonly of: readonly Filter[] }
  | { readonly kind: 'test'; readonly path: readonly Step[]; readonly not: boolean; readonly test: Test };

export type FieldTest = Extract<Filter, { kind: 'test' }>;

/** Why a text is no JSON filter pattern, and at which character (from 0). */
export type SyntaxProblem = { readonly problem: string; readonly position: number };
