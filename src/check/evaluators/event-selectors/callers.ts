import { canonicalJson } from '../canonical/json.ts';
import { globMatch } from '../glob.ts';
import { type Rule, rulesOf } from './rules.ts';
import { type AdvancedSelector, type FieldSelector, OPERATORS, type TrailSelectors } from './types.ts';

/** Fields that pick events by who called. */
const CALLER_FIELDS = new Set(['userIdentity.arn', 'sessionCredentialFromConsole']);
/** Operators that leave their values out; the others leave out everybody else. */
const LEAVING_OUT = ['NotEquals', 'NotStartsWith', 'NotEndsWith'] as const;

/**
 * How selectors pick callers, in words (`userIdentity.arn NotEquals arn:…`): those left out unless they are allowed
 * (ARNs, or patterns with `*`), and every way of recording only some.
 */
export function hiddenCallers(selectors: TrailSelectors, allowed: readonly string[]): string[] {
  return rulesOf(selectors).flatMap((rule) => hiddenIn(rule, allowed));
}

/**
 * Of what is hidden, that which no rule of these sets records without looking at the caller: same category, type and
 * mode, and no test that the hiding rule has not.
 */
export function hiddenForGood(
  selectors: TrailSelectors,
  sets: readonly TrailSelectors[],
  allowed: readonly string[],
): string[] {
  const others = sets.flatMap(rulesOf);
  return rulesOf(selectors).flatMap((rule) => {
    const hidden = hiddenIn(rule, allowed);
    return hidden.length > 0 && isRecordedBeside(rule, others) ? [] : hidden;
  });
}

/** The set without the caller fields that hide somebody; principals allowed to be left out stay left out. */
export function withoutHiddenCallers(
  selectors: TrailSelectors,
  allowed: readonly string[],
): { readonly selectors: TrailSelectors; readonly changed: boolean } {
  const advanced = selectors.advancedEventSelectors ?? [];
  const after = advanced.map((selector) => showCallers(selector, allowed));
  if (after.every((selector, at) => selector === advanced[at])) return { selectors, changed: false };
  return { selectors: { advancedEventSelectors: after }, changed: true };
}

function hiddenIn({ tests }: Rule, allowed: readonly string[]): string[] {
  return tests.filter(isCallerTest).flatMap((test) =>
    OPERATORS.flatMap((operator) => {
      const values = (test[operator] ?? []).filter((value) => !mayStay(test, operator, value, allowed));
      return values.length === 0 ? [] : [`${test.Field} ${operator} ${values.join(', ')}`];
    }),
  );
}

function isRecordedBeside(rule: Rule, others: readonly Rule[]): boolean {
  const known = new Set(rule.tests.filter((test) => !isCallerTest(test)).map(canonicalJson));
  const wider = others.filter(
    ({ category, tests }) => category === rule.category && tests.every((test) => known.has(canonicalJson(test))),
  );
  const types = rule.resourceTypes.length === 0 ? [undefined] : rule.resourceTypes;
  return rule.modes.every((mode) =>
    types.every((type) =>
      wider.some(
        ({ modes, resourceTypes }) => modes.includes(mode) && (type === undefined || resourceTypes.includes(type)),
      ),
    ),
  );
}

function showCallers(selector: AdvancedSelector, allowed: readonly string[]): AdvancedSelector {
  const fields = selector.FieldSelectors ?? [];
  const after = fields.flatMap((field): FieldSelector[] => {
    if (!isCallerTest(field)) return [field];
    const kept = OPERATORS.map(
      (operator) =>
        [operator, (field[operator] ?? []).filter((value) => mayStay(field, operator, value, allowed))] as const,
    ).filter(([, values]) => values.length > 0);
    const before = OPERATORS.reduce((sum, operator) => sum + (field[operator] ?? []).length, 0);
    if (kept.reduce((sum, [, values]) => sum + values.length, 0) === before) return [field];
    return kept.length === 0 ? [] : [{ Field: field.Field, ...Object.fromEntries(kept) }];
  });
  const same = after.length === fields.length && after.every((field, at) => field === fields[at]);
  return same ? selector : { ...selector, FieldSelectors: after };
}

function isCallerTest({ Field }: FieldSelector): boolean {
  return Field !== undefined && CALLER_FIELDS.has(Field);
}

/** Only a principal that is left out can be excused: who is singled out hides all the others. */
function mayStay(
  { Field }: FieldSelector,
  operator: (typeof OPERATORS)[number],
  value: string,
  allowed: readonly string[],
): boolean {
  if (Field !== 'userIdentity.arn' || !LEAVING_OUT.some((it) => it === operator)) return false;
  return allowed.some((pattern) => pattern === value || globMatch(pattern, value));
}
