import { canonicalJson } from '../canonical/json.ts';
import { canonicalPrincipal, canonicalStatement } from '../canonical/policy.ts';
import { globRelation } from '../glob.ts';
import { operatorOf } from './operators.ts';
import { isStar } from './principal.ts';
import type { Condition, Statement } from './types.ts';

/**
 * Does the existing statement already do all that the wanted one asks: the same meaning under whatever Sid, or an
 * Allow that is wider in principals, actions, resources or conditions? May say no to what is implied in ways more
 * intricate than that; never yes wrongly.
 */
export function grants(existing: Statement, wanted: Statement): boolean {
  if (meaningOf(existing) === meaningOf(wanted)) return true;
  if (existing.effect !== 'Allow' || wanted.effect !== 'Allow') return false;
  return (
    coversPrincipals(existing, wanted) &&
    coversAll(existing.action, wanted.action, (name) => name.toLowerCase()) &&
    existing.resource !== undefined &&
    wanted.resource !== undefined &&
    coversAll(existing.resource, wanted.resource, (arn) => arn) &&
    existing.conditions.every((condition) => wanted.conditions.some((other) => isImpliedBy(condition, other)))
  );
}

/** A statement's meaning as text: canonical, without the Sid. */
export function meaningOf(statement: Statement): string {
  return canonicalJson({ ...canonicalStatement(statement), sid: undefined });
}

function coversPrincipals({ principal: existing }: Statement, { principal: wanted }: Statement): boolean {
  if (existing === undefined || wanted === undefined || existing.not || wanted.not) return false;
  const names = new Set(existing.values.map(canonicalPrincipal));
  return existing.values.some(isStar) || wanted.values.every((id) => names.has(canonicalPrincipal(id)));
}

function coversAll(
  existing: { readonly not: boolean; readonly values: readonly string[] },
  wanted: { readonly not: boolean; readonly values: readonly string[] },
  write: (value: string) => string,
): boolean {
  if (existing.not || wanted.not) return false;
  return wanted.values.every((target) =>
    existing.values.some((pattern) => globRelation(write(pattern), write(target)) === 'covers'),
  );
}

/** Whatever meets the other condition meets this one too. */
function isImpliedBy(condition: Condition, other: Condition): boolean {
  if (condition.key !== other.key || condition.set !== other.set) return false;
  if (other.ifExists && !condition.ifExists) return false;
  const known = operatorOf(condition.operator);
  if (known === undefined || known.negated || condition.operator === 'null') {
    return condition.operator === other.operator && sameValues(condition.values, other.values);
  }
  if (condition.operator !== other.operator && other.operator !== 'stringequals') return false;
  return other.values.every((value) => condition.values.some((wanted) => known.compare(wanted, value)));
}

function sameValues(one: readonly string[], other: readonly string[]): boolean {
  return canonicalJson([...new Set(one)].sort()) === canonicalJson([...new Set(other)].sort());
}
