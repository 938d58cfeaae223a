import { operatorOf } from './operators.ts';
import type { Condition, Verdict } from './types.ts';
import { hasVariables, substitute } from './variables.ts';
import { every, opposite, some, verdictOf } from './verdict.ts';

/**
 * The values of the condition keys in a request, by key in lower case. An empty list: the key is known to be absent.
 * A key that is not listed, or undefined: its value is not known.
 */
export type Context = Readonly<Record<string, readonly string[] | undefined>>;

/** Do all conditions of a statement hold? */
export function evaluateConditions(conditions: readonly Condition[], context: Context, version: string): Verdict {
  return every(conditions.map((condition) => evaluateCondition(condition, context, version)));
}

/**
 * One condition. Its values are joined by or (for a negated operator: none may fit). An absent key fails a positive
 * operator and meets a negated one, an IfExists and a ForAllValues.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function evaluateCondition(condition: Condition, context: Context, version: string): Verdict {
  const { operator, set, ifExists, key, values } = condition;
  const given = Object.hasOwn(context, key) ? context[key] : undefined;
  if (given === undefined) return 'maybe';
  if (operator === 'null')
    return some(values.map((it) => verdictOf((it.toLowerCase() === 'true') === (given.length === 0))));
  const known = operatorOf(operator);
  if (known === undefined) return 'maybe';
  if (given.length === 0) return verdictOf(set === undefined ? ifExists || known.negated : ifExists || set === 'all');
  const verdicts = given.map((value) => {
    const fits = some(values.map((wanted) => compare(known.compare, wanted, value)));
    return known.negated ? opposite(fits) : fits;
  });
  const all = set === 'all' || (set === undefined && known.negated);
  return all ? every(verdicts) : some(verdicts);

  function compare(test: (wanted: string, given: string) => boolean, wanted: string, value: string): Verdict {
    if (!hasVariables(version, wanted)) return verdictOf(test(wanted, value));
    const filled = substitute(wanted, context);
    if (filled === 'unknown') return 'maybe';
    return verdictOf(filled !== undefined && test(filled, value));
  }
}
