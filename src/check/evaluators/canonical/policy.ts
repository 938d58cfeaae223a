import { isPolicyError, parsePolicy } from '../policy/parse.ts';
import type { Condition, Listed, PrincipalId, Statement } from '../policy/types.ts';
import { sortedSet } from '../values.ts';
import { canonicalJson, canonicalOrder } from './json.ts';

export type CanonicalStatement = {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly principal?: Listed<string>;
  readonly action: Listed<string>;
  readonly resource?: Listed<string>;
  readonly conditions?: readonly { readonly test: string; readonly key: string; readonly values: readonly string[] }[];
};

/** `text` instead of statements: no policy; such documents are equal only if their text is. */
export type CanonicalPolicy =
  | { readonly version: string; readonly id?: string; readonly statements: readonly CanonicalStatement[] }
  | { readonly text: string };

/**
 * The form in which two policies are compared: AWS sorts actions, writes one-element lists as scalars, account ids as
 * root ARNs, principals in any order. Sets are sorted, an account's root ARN is its id, action names and condition
 * keys are in lower case, empty defaults are gone, and the order of statements is lost. Takes text, parsed JSON, or a
 * canonical policy (which comes back as it is). No policy at all (undefined or empty text) has no statements.
 */
export function canonicalPolicy(policy: unknown): CanonicalPolicy {
  if (isCanonical(policy)) return policy;
  if (policy === undefined || policy === '') return { version: '2008-10-17', statements: [] };
  const parsed = parsePolicy(policy);
  if (isPolicyError(parsed)) return { text: typeof policy === 'string' ? policy : canonicalJson(policy) };
  const id = parsed.raw.Id;
  const statements = canonicalOrder(parsed.statements.map(canonicalStatement));
  return { version: parsed.version, ...(typeof id === 'string' && id !== '' ? { id } : {}), statements };
}

/** One statement in canonical form, with its Sid if it has one. */
export function canonicalStatement(statement: Statement): CanonicalStatement {
  const { sid, effect, principal, action, resource, conditions } = statement;
  return {
    ...(sid === undefined ? {} : { sid }),
    effect,
    ...(principal === undefined ? {} : { principal: setOf(principal, canonicalPrincipal) }),
    action: setOf(action, (name) => name.toLowerCase()),
    ...(resource === undefined ? {} : { resource: setOf(resource, (arn) => arn) }),
    ...(conditions.length === 0 ? {} : { conditions: canonicalConditions(conditions) }),
  };
}

/** `AWS:123456789012` for an account, however it is written; otherwise kind and id. */
export function canonicalPrincipal({ kind, id }: PrincipalId): string {
  const account = kind === 'AWS' ? /^arn:[^:]+:iam::(\d{12}):root$/.exec(id)?.[1] : undefined;
  return `${kind}:${account ?? id}`;
}

function setOf<T>({ not, values }: Listed<T>, write: (value: T) => string): Listed<string> {
  return { not, values: sortedSet(values.map(write)) };
}

function canonicalConditions(conditions: readonly Condition[]): NonNullable<CanonicalStatement['conditions']> {
  return canonicalOrder(
    conditions.map(({ operator, set, ifExists, key, values }) => ({
      test: `${set === undefined ? '' : `${set}:`}${operator}${ifExists ? ':ifexists' : ''}`,
      key,
      values: sortedSet(operator === 'bool' || operator === 'null' ? values.map((it) => it.toLowerCase()) : values),
    })),
  );
}

function isCanonical(policy: unknown): policy is CanonicalPolicy {
  if (typeof policy !== 'object' || policy === null) return false;
  return ('statements' in policy && 'version' in policy) || ('text' in policy && Object.keys(policy).length === 1);
}
