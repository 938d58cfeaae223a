import { coversData } from './data.ts';
import { advancedOf, basicOf, isAdvanced, type SelectorsEdit, withinLimits } from './edits.ts';
import { recorded } from './recording.ts';
import type { AdvancedSelector, BasicSelector, FieldSelector, Mode, TrailSelectors } from './types.ts';

const S3_OBJECT = 'AWS::S3::Object';
const BASIC_MODES = { read: 'ReadOnly', write: 'WriteOnly', all: 'All' } as const;

/** What to add of the data events of S3 objects. */
export type ObjectEvents = {
  readonly mode: Mode;
  readonly partition: string;
  /** Names. Their own deliveries are never added. */
  readonly logBuckets: readonly string[];
  /** Names of the buckets asked for, or all there are. */
  readonly buckets?: 'all' | readonly string[];
  /** Names of buckets that need not be recorded. */
  readonly exempt?: readonly string[];
};

/**
 * Adds read or write data events of S3 objects. Advanced: a selector that leaves the log buckets out, and for writes a
 * second one for the log buckets without PutObject, so that a delivery does not record itself and a deletion of logs is
 * still recorded. Basic selectors cannot leave out a bucket: they get `arn:<partition>:s3` in a selector of that mode.
 */
export function withObjectEvents(selectors: TrailSelectors, wanted: ObjectEvents): SelectorsEdit {
  const { mode, partition, buckets = 'all' } = wanted;
  const arn = (name: string) => `arn:${partition}:s3:::${name}/`;
  const logs = wanted.logBuckets.map(arn);
  const exempt = [...logs, ...(wanted.exempt ?? []).map(arn)];
  const isCovered = (resource: string) =>
    coversData(recorded(selectors), { type: S3_OBJECT, mode, resource, exempt }).covered === 'all';
  if (buckets === 'all') {
    if (isCovered('all')) return { selectors, changed: false };
    if (!isAdvanced(selectors)) return withBasic(selectors, mode, S3_OBJECT, [`arn:${partition}:s3`]);
    return withAdvanced(selectors, objectSelectors(mode, logs, exempt));
  }
  const missing = buckets.map(arn).filter((bucket) => !isCovered(bucket));
  if (missing.length === 0) return { selectors, changed: false };
  if (!isAdvanced(selectors)) return withBasic(selectors, mode, S3_OBJECT, missing);
  const listed: FieldSelector = { Field: 'resources.ARN', StartsWith: missing };
  return withAdvanced(selectors, [
    { Name: `S3 object ${mode}s in listed buckets`, FieldSelectors: [...dataFields(S3_OBJECT, mode), listed] },
  ]);
}

/**
 * Adds the data events of a type: all of it, or of the resources given by ARN. A basic set takes `value` (for a whole
 * service `arn:<partition>:lambda`) or the ARNs.
 */
export function withTypeEvents(
  selectors: TrailSelectors,
  {
    type,
    mode,
    resources,
    value,
  }: {
    readonly type: string;
    readonly mode: Mode | 'all';
    readonly resources: 'all' | readonly string[];
    /** What stands for the whole service in a basic set. */
    readonly value: string;
  },
): SelectorsEdit {
  const modes = mode === 'all' ? (['read', 'write'] as const) : [mode];
  const isCovered = (resource: string) =>
    modes.every((it) => coversData(recorded(selectors), { type, mode: it, resource }).covered === 'all');
  const missing = (resources === 'all' ? ['all'] : resources).filter((resource) => !isCovered(resource));
  if (missing.length === 0) return { selectors, changed: false };
  if (!isAdvanced(selectors)) return withBasic(selectors, mode, type, resources === 'all' ? [value] : missing);
  const name = `${type.split('::').slice(1).join(' ')}${mode === 'all' ? '' : ` ${mode}s`}`;
  // A version or an alias of a function has its ARN and a colon before its name.
  const listed: FieldSelector = {
    Field: 'resources.ARN',
    Equals: missing,
    StartsWith: missing.map((arn) => `${arn}:`),
  };
  return withAdvanced(selectors, [
    { Name: name, FieldSelectors: [...dataFields(type, mode), ...(resources === 'all' ? [] : [listed])] },
  ]);
}

/** The fields of an advanced selector for the data events of a type. */
export function dataFields(type: string, mode: Mode | 'all'): readonly FieldSelector[] {
  return [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: [type] },
    ...(mode === 'all' ? [] : [{ Field: 'readOnly', Equals: [mode === 'read' ? 'true' : 'false'] }]),
  ];
}

/** The set with advanced selectors behind those it has. */
export function withAdvanced(selectors: TrailSelectors, added: readonly AdvancedSelector[]): SelectorsEdit {
  return withinLimits({ advancedEventSelectors: [...advancedOf(selectors), ...added] });
}

/** Into a selector of just this mode that has no resources of the type, else a selector of its own. */
function withBasic(
  selectors: TrailSelectors,
  mode: Mode | 'all',
  Type: string,
  Values: readonly string[],
): SelectorsEdit {
  const added = { Type, Values };
  const ReadWriteType = BASIC_MODES[mode];
  const basic: readonly BasicSelector[] = basicOf(selectors);
  const index = basic.findIndex((it) => {
    const hasType = (it.DataResources ?? []).some((resource) => resource.Type === Type);
    return (it.ReadWriteType ?? 'All') === ReadWriteType && !hasType;
  });
  if (index < 0) {
    const own = { ReadWriteType, IncludeManagementEvents: false, DataResources: [added] };
    return withinLimits({ eventSelectors: [...basic, own] });
  }
  return withinLimits({
    eventSelectors: basic.map((it, at) =>
      at === index ? { ...it, DataResources: [...(it.DataResources ?? []), added] } : it,
    ),
  });
}

function objectSelectors(mode: Mode, logs: readonly string[], exempt: readonly string[]): readonly AdvancedSelector[] {
  const fields = dataFields(S3_OBJECT, mode);
  if (exempt.length === 0) return [{ Name: `S3 object ${mode}s`, FieldSelectors: fields }];
  const outside: FieldSelector = { Field: 'resources.ARN', NotStartsWith: exempt };
  const rest = { Name: `S3 object ${mode}s outside log buckets`, FieldSelectors: [...fields, outside] };
  if (mode === 'read' || logs.length === 0) return [rest];
  const inside: FieldSelector = { Field: 'resources.ARN', StartsWith: logs };
  const deliveries: FieldSelector = { Field: 'eventName', NotEquals: ['PutObject'] };
  return [
    rest,
    { Name: 'S3 object writes in log buckets but deliveries', FieldSelectors: [...fields, inside, deliveries] },
  ];
}
