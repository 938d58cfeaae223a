import type { AdvancedSelector, BasicSelector, FieldSelector, TrailSelectors } from '../event-selectors/types.ts';
import { OPERATORS } from '../event-selectors/types.ts';
import { sortedSet } from '../values.ts';
import { canonicalOrder } from './json.ts';

/**
 * The form in which two sets of event selectors are compared: defaults filled in, lists as sets, the order of
 * selectors lost. A trail that never had a set equals one with the default set, which is how AWS shows it.
 * Idempotent.
 */
export function canonicalSelectors(selectors: TrailSelectors): TrailSelectors {
  const advanced = selectors.advancedEventSelectors ?? [];
  if (advanced.length > 0) return { advancedEventSelectors: canonicalOrder(advanced.map(canonicalAdvanced)) };
  const basic = selectors.eventSelectors ?? [];
  return { eventSelectors: canonicalOrder((basic.length > 0 ? basic : [{}]).map(canonicalBasic)) };
}

function canonicalBasic(selector: BasicSelector): BasicSelector {
  const byType = new Map<string, string[]>();
  for (const { Type: type = '', Values: values = [] } of selector.DataResources ?? []) {
    byType.set(type, [...(byType.get(type) ?? []), ...values]);
  }
  return {
    ReadWriteType: selector.ReadWriteType ?? 'All',
    IncludeManagementEvents: selector.IncludeManagementEvents ?? true,
    DataResources: sortedSet(byType.keys())
      .map((Type) => ({ Type, Values: sortedSet(byType.get(Type) ?? []) }))
      .filter(({ Values }) => Values.length > 0),
    ExcludeManagementEventSources: sortedSet(selector.ExcludeManagementEventSources ?? []),
  };
}

function canonicalAdvanced(selector: AdvancedSelector): AdvancedSelector {
  const name = selector.Name ?? '';
  return {
    ...(name === '' ? {} : { Name: name }),
    FieldSelectors: canonicalOrder((selector.FieldSelectors ?? []).map(canonicalField)),
  };
}

function canonicalField(field: FieldSelector): FieldSelector {
  const operators = OPERATORS.map((operator) => [operator, sortedSet(field[operator] ?? [])] as const);
  return { Field: field.Field, ...Object.fromEntries(operators.filter(([, values]) => values.length > 0)) };
}
