import type { AdvancedSelector, BasicSelector, Category, FieldSelector, Mode, TrailSelectors } from './types.ts';

/**
 * One selector of either kind, in one shape: it records an event if the category, the mode and the resource type are
 * its own and every test holds.
 */
export type Rule = {
  readonly category: Category;
  readonly modes: readonly Mode[];
  /** Of data events only. */
  readonly resourceTypes: readonly string[];
  readonly tests: readonly FieldSelector[];
};

const BOTH: readonly Mode[] = ['read', 'write'];
const CATEGORIES: readonly Category[] = ['Management', 'Data', 'NetworkActivity'];
/** Said by the category, mode and type of the rule; everything else narrows it. */
const STRUCTURAL = new Set(['eventCategory', 'readOnly', 'resources.type']);

/** All that a trail's selectors record, as a union of rules. */
export function rulesOf(selectors: TrailSelectors): readonly Rule[] {
  const advanced = selectors.advancedEventSelectors ?? [];
  if (advanced.length > 0) return advanced.flatMap(rulesOfAdvanced);
  const basic = selectors.eventSelectors ?? [];
  return (basic.length > 0 ? basic : [{}]).flatMap(rulesOfBasic);
}

function rulesOfBasic(selector: BasicSelector): readonly Rule[] {
  const { ReadWriteType: type } = selector;
  const modes: readonly Mode[] = type === 'ReadOnly' ? ['read'] : type === 'WriteOnly' ? ['write'] : BOTH;
  const excluded = selector.ExcludeManagementEventSources ?? [];
  const management: Rule = {
    category: 'Management',
    modes,
    resourceTypes: [],
    tests: excluded.length === 0 ? [] : [{ Field: 'eventSource', NotEquals: excluded }],
  };
  const data = (selector.DataResources ?? []).flatMap(({ Type: resourceType, Values: values = [] }): Rule[] => {
    if (resourceType === undefined || values.length === 0) return [];
    const tests = values.some(isWholeService) ? [] : [basicArnTest(resourceType, values)];
    return [{ category: 'Data', modes, resourceTypes: [resourceType], tests }];
  });
  return selector.IncludeManagementEvents === false ? data : [management, ...data];
}

/** `arn:aws:s3`, the older `arn:aws:s3:::`, `arn:aws:lambda`, `arn:aws:dynamodb`: all resources of the service. */
function isWholeService(value: string): boolean {
  return /^arn:[^:]+:[^:]+:*$/.test(value);
}

function basicArnTest(resourceType: string, values: readonly string[]): FieldSelector {
  const Field = 'resources.ARN';
  if (resourceType === 'AWS::S3::Object') {
    // A bucket without a slash means that bucket, not every bucket whose name begins like it.
    return { Field, StartsWith: values.map((value) => (value.includes('/') ? value : `${value}/`)) };
  }
  // A function is recorded under any of its versions and aliases, a table under its streams and indexes.
  return { Field, Equals: values, StartsWith: values.flatMap((value) => [`${value}:`, `${value}/`]) };
}

function rulesOfAdvanced(selector: AdvancedSelector): readonly Rule[] {
  const fields = selector.FieldSelectors ?? [];
  const equals = (name: string) => fields.find(({ Field }) => Field === name)?.Equals;
  const modes = equals('readOnly');
  const rule = {
    modes: modes === undefined ? BOTH : BOTH.filter((mode) => modes.includes(mode === 'read' ? 'true' : 'false')),
    resourceTypes: equals('resources.type') ?? [],
    tests: fields.filter(({ Field }) => Field !== undefined && !STRUCTURAL.has(Field)),
  };
  return CATEGORIES.filter((category) => equals('eventCategory')?.includes(category)).map((category) => ({
    category,
    ...rule,
  }));
}
