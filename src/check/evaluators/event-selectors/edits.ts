import { isOpen } from './match.ts';
import { recorded, recordsAllManagement } from './recording.ts';
import type { AdvancedSelector, BasicSelector, FieldSelector, TrailSelectors } from './types.ts';

/** Quotas of one trail. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html */
const MAX_BASIC_SELECTORS = 5;
const MAX_DATA_RESOURCES = 250;
const MAX_ADVANCED_VALUES = 500;

/**
 * The whole new set (PutEventSelectors replaces everything) and whether it says anything new, or why there is none.
 * Selectors that are not part of the edit are the very objects that came in.
 */
export type SelectorsEdit =
  | { readonly selectors: TrailSelectors; readonly changed: boolean }
  | { readonly problem: string };

/** Tells the refusal from the new set. */
export function isEditRefused(edit: SelectorsEdit): edit is { readonly problem: string } {
  return 'problem' in edit;
}

/**
 * Adds what is missing for all read and write management events. Excluded sources stay excluded, data selectors stay
 * as they are, and the kind of the set (basic or advanced) is kept.
 */
export function withAllManagementEvents(selectors: TrailSelectors): SelectorsEdit {
  if (recordsAllManagement(recorded(selectors))) return { selectors, changed: false };
  if (isAdvanced(selectors)) return withinLimits({ advancedEventSelectors: widenAdvanced(advancedOf(selectors)) });
  return withinLimits({ eventSelectors: widenBasic(basicOf(selectors)) });
}

/** A set is of one kind or the other; the kind is kept unless an edit cannot be said in it. */
export function isAdvanced({ advancedEventSelectors }: TrailSelectors): boolean {
  return (advancedEventSelectors ?? []).length > 0;
}

export function advancedOf({ advancedEventSelectors }: TrailSelectors): readonly AdvancedSelector[] {
  return advancedEventSelectors ?? [];
}

/** A trail without any selectors has the default one; adding to nothing would take its management events away. */
export function basicOf({ eventSelectors = [] }: TrailSelectors): readonly BasicSelector[] {
  return eventSelectors.length > 0
    ? eventSelectors
    : [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] }];
}

function widenBasic(selectors: readonly BasicSelector[]): readonly BasicSelector[] {
  const hasData = ({ DataResources = [] }: BasicSelector) => DataResources.length > 0;
  // Widening the mode of a selector with data resources would record (and bill) more of those.
  const plain = selectors.findIndex((it) => it.IncludeManagementEvents !== false && !hasData(it));
  if (plain >= 0) return selectors.map((it, at) => (at === plain ? { ...it, ReadWriteType: 'All' } : it));
  const silent = selectors.findIndex((it) => it.ReadWriteType === 'All' || it.ReadWriteType === undefined);
  if (silent >= 0) return selectors.map((it, at) => (at === silent ? { ...it, IncludeManagementEvents: true } : it));
  const own = { ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [] };
  return [...selectors, { ...own, ExcludeManagementEventSources: [] }];
}

function widenAdvanced(selectors: readonly AdvancedSelector[]): readonly AdvancedSelector[] {
  const fieldsOf = ({ FieldSelectors }: AdvancedSelector) => FieldSelectors ?? [];
  const isHalf = (selector: AdvancedSelector) => {
    const fields = fieldsOf(selector);
    return (
      fields.some(({ Field, Equals }) => Field === 'eventCategory' && Equals?.includes('Management')) &&
      fields.some(({ Field }) => Field === 'readOnly') &&
      fields.every((it) => it.Field === 'eventCategory' || it.Field === 'readOnly' || isOpenSource(it))
    );
  };
  const isOpenSource = (field: FieldSelector) => field.Field === 'eventSource' && isOpen(field);
  const half = selectors.findIndex(isHalf);
  if (half < 0) {
    const all: FieldSelector = { Field: 'eventCategory', Equals: ['Management'] };
    return [...selectors, { Name: 'All management events', FieldSelectors: [all] }];
  }
  return selectors.map((it, at) => {
    if (at !== half) return it;
    return { ...it, FieldSelectors: fieldsOf(it).filter(({ Field }) => Field !== 'readOnly') };
  });
}

/** The new set, unless CloudTrail would refuse it for its size. */
export function withinLimits(selectors: TrailSelectors): SelectorsEdit {
  const { eventSelectors: basic = [], advancedEventSelectors: advanced = [] } = selectors;
  const resources = basic
    .flatMap(({ DataResources = [] }) => DataResources)
    .flatMap(({ Values = [] }) => Values).length;
  const values = advanced
    .flatMap(({ FieldSelectors }) => FieldSelectors ?? [])
    .flatMap(({ Field: _, ...operators }) => Object.values(operators))
    .reduce((sum, list) => sum + (list?.length ?? 0), 0);
  const over = (count: number, limit: number, what: string) =>
    `The trail would need ${count} ${what}; CloudTrail takes ${limit}. Remove or combine some of them first.`;
  if (basic.length > MAX_BASIC_SELECTORS)
    return { problem: over(basic.length, MAX_BASIC_SELECTORS, 'event selectors') };
  if (resources > MAX_DATA_RESOURCES) return { problem: over(resources, MAX_DATA_RESOURCES, 'data resources') };
  if (values > MAX_ADVANCED_VALUES) {
    return { problem: over(values, MAX_ADVANCED_VALUES, 'values in advanced event selectors') };
  }
  return { selectors, changed: true };
}
