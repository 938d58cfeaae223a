import { coversData } from './data.ts';
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

/**
 * Adds write data events of all S3 objects. Advanced: two selectors, all buckets but the log buckets, and the log
 * buckets without PutObject, so that a delivery does not record itself and a deletion of logs is still recorded.
 * Basic selectors cannot leave out a bucket: they get `arn:<partition>:s3` in a selector for writes alone.
 */
export function withS3WriteEvents(
  selectors: TrailSelectors,
  { partition, logBuckets }: { readonly partition: string; readonly logBuckets: readonly string[] },
): SelectorsEdit {
  const exempt = logBuckets.map((bucket) => `arn:${partition}:s3:::${bucket}/`);
  const question = { type: 'AWS::S3::Object', mode: 'write', resource: 'all', exempt } as const;
  if (coversData(recorded(selectors), question).covered === 'all') return { selectors, changed: false };
  if (isAdvanced(selectors)) {
    return withinLimits({ advancedEventSelectors: [...advancedOf(selectors), ...s3WriteSelectors(exempt)] });
  }
  const added = { Type: 'AWS::S3::Object', Values: [`arn:${partition}:s3`] };
  const basic = basicOf(selectors);
  const index = basic.findIndex(({ ReadWriteType, DataResources = [] }) => {
    return ReadWriteType === 'WriteOnly' && !DataResources.some(({ Type }) => Type === added.Type);
  });
  if (index < 0) {
    const own = { ReadWriteType: 'WriteOnly', IncludeManagementEvents: false, DataResources: [added] };
    return withinLimits({ eventSelectors: [...basic, own] });
  }
  return withinLimits({
    eventSelectors: basic.map((it, at) =>
      at === index ? { ...it, DataResources: [...(it.DataResources ?? []), added] } : it,
    ),
  });
}

function isAdvanced({ advancedEventSelectors }: TrailSelectors): boolean {
  return (advancedEventSelectors ?? []).length > 0;
}

function advancedOf({ advancedEventSelectors }: TrailSelectors): readonly AdvancedSelector[] {
  return advancedEventSelectors ?? [];
}

/** A trail without any selectors has the default one; adding to nothing would take its management events away. */
function basicOf({ eventSelectors = [] }: TrailSelectors): readonly BasicSelector[] {
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

function s3WriteSelectors(logBuckets: readonly string[]): readonly AdvancedSelector[] {
  const writes: readonly FieldSelector[] = [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
    { Field: 'readOnly', Equals: ['false'] },
  ];
  if (logBuckets.length === 0) return [{ Name: 'S3 object writes', FieldSelectors: writes }];
  const outside: FieldSelector = { Field: 'resources.ARN', NotStartsWith: logBuckets };
  const inside: FieldSelector = { Field: 'resources.ARN', StartsWith: logBuckets };
  const deliveries: FieldSelector = { Field: 'eventName', NotEquals: ['PutObject'] };
  return [
    { Name: 'S3 object writes outside log buckets', FieldSelectors: [...writes, outside] },
    { Name: 'S3 object writes in log buckets but deliveries', FieldSelectors: [...writes, inside, deliveries] },
  ];
}

function withinLimits(selectors: TrailSelectors): SelectorsEdit {
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
