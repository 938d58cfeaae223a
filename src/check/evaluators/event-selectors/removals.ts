import type { SelectorsEdit } from './edits.ts';
import { rulesOf } from './rules.ts';
import type { TrailSelectors } from './types.ts';
import { type AdvancedSelector, type BasicSelector, type FieldSelector, type Mode, OPERATORS } from './types.ts';

/** Event sources by mode. */
export type SourcesByMode = { readonly [mode in Mode]: readonly string[] };

/**
 * The whole set without these exclusions of event sources, each only where the selector records that mode. Everything
 * else in it stays, and so does the kind of the set.
 */
export function withoutExclusions(selectors: TrailSelectors, sources: SourcesByMode): SelectorsEdit {
  const dropped = (one: TrailSelectors): readonly string[] => {
    const rule = rulesOf(one).find(({ category }) => category === 'Management');
    return (rule?.modes ?? []).flatMap((mode) => sources[mode]);
  };
  const advanced = selectors.advancedEventSelectors ?? [];
  if (advanced.length > 0) {
    const after = advanced.map((it) => includeInAdvanced(it, dropped({ advancedEventSelectors: [it] })));
    return { selectors: { advancedEventSelectors: after }, changed: after.some((it, at) => it !== advanced[at]) };
  }
  const basic = selectors.eventSelectors ?? [];
  const after = basic.map((it) => includeInBasic(it, dropped({ eventSelectors: [it] })));
  return { selectors: { eventSelectors: after }, changed: after.some((it, at) => it !== basic[at]) };
}

/**
 * The whole set without management events; data and network events stay as they are. A trail must record something,
 * so a set of which nothing would be left is refused.
 */
export function withoutManagement(selectors: TrailSelectors): SelectorsEdit {
  const advanced = selectors.advancedEventSelectors ?? [];
  const nothing = { problem: 'It records nothing but management events, and a trail has to record something.' };
  if (advanced.length > 0) {
    const after = advanced.filter((it) => !isManagement({ advancedEventSelectors: [it] }));
    if (after.length === 0) return nothing;
    return { selectors: { advancedEventSelectors: after }, changed: after.length < advanced.length };
  }
  const basic = selectors.eventSelectors ?? [];
  const after = basic.flatMap((it): readonly BasicSelector[] => {
    if (it.IncludeManagementEvents === false) return [it];
    if ((it.DataResources ?? []).length === 0) return [];
    return [{ ...it, IncludeManagementEvents: false, ExcludeManagementEventSources: [] }];
  });
  const records = rulesOf({ eventSelectors: after }).some(({ category }) => category !== 'Management');
  if (after.length === 0 || !records) return nothing;
  return { selectors: { eventSelectors: after }, changed: basic.some((it) => !after.includes(it)) };
}

function isManagement(one: TrailSelectors): boolean {
  return rulesOf(one).some(({ category }) => category === 'Management');
}

function includeInBasic(selector: BasicSelector, sources: readonly string[]): BasicSelector {
  const excluded = selector.ExcludeManagementEventSources ?? [];
  const kept = excluded.filter((source) => !sources.includes(source));
  return kept.length === excluded.length ? selector : { ...selector, ExcludeManagementEventSources: kept };
}

function includeInAdvanced(selector: AdvancedSelector, sources: readonly string[]): AdvancedSelector {
  const fields = selector.FieldSelectors ?? [];
  const after = fields.flatMap((field): readonly FieldSelector[] => {
    const excluded = field.NotEquals ?? [];
    if (field.Field !== 'eventSource' || !excluded.some((source) => sources.includes(source))) return [field];
    const { NotEquals: _, ...rest } = field;
    const kept = excluded.filter((source) => !sources.includes(source));
    const next: FieldSelector = kept.length === 0 ? rest : { ...rest, NotEquals: kept };
    // A field without any operator is refused.
    return OPERATORS.some((operator) => (next[operator] ?? []).length > 0) ? [next] : [];
  });
  return after.length === fields.length && after.every((field, at) => field === fields[at])
    ? selector
    : { ...selector, FieldSelectors: after };
}
