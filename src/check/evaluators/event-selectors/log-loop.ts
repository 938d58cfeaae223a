import { asAdvanced } from './as-advanced.ts';
import { coversData } from './data.ts';
import { type SelectorsEdit, withinLimits } from './edits.ts';
import { holds, isOpen } from './match.ts';
import { recorded } from './recording.ts';
import { type Rule, rulesOf } from './rules.ts';
import type { AdvancedSelector, FieldSelector, TrailSelectors } from './types.ts';

const S3_OBJECT = 'AWS::S3::Object';

/** A delivery of CloudTrail as an event: the service is no principal with an ARN. */
const DELIVERY: { [field: string]: string | undefined } = {
  eventName: 'PutObject',
  eventSource: 's3.amazonaws.com',
  eventType: 'AwsApiCall',
};

/** Where logs arrive. */
export type LogTarget = {
  /** What the ARNs of all objects of the bucket begin with. */
  readonly bucket: string;
  /** What the ARNs of log files begin with. */
  readonly files: string;
};

/** Would deliveries to the target be recorded, or, where they are not wanted either, reads of the files there? */
export function recordsDelivery(selectors: TrailSelectors, target: LogTarget, allowReads: boolean): boolean {
  return rulesOf(selectors).some((rule) => loops(rule, target, allowReads));
}

/**
 * The set without deliveries: each selector that would record one leaves the log buckets out, and a second one keeps
 * what it recorded there but PutObject (and reads, unless they are allowed), so that a deletion of logs is still
 * recorded. Basic selectors cannot leave out a bucket, so that their set becomes the equivalent advanced one.
 */
export function withoutLogLoop(
  selectors: TrailSelectors,
  targets: readonly LogTarget[],
  allowReads: boolean,
): SelectorsEdit {
  const looping = targets.filter((target) => recordsDelivery(selectors, target, allowReads));
  if (looping.length === 0) return { selectors, changed: false };
  const buckets = [...new Set(looping.map(({ bucket }) => bucket))];
  const after: AdvancedSelector[] = [];
  for (const selector of asAdvanced(selectors)) {
    const rules = rulesOf({ advancedEventSelectors: [selector] });
    if (!rules.some((rule) => looping.some((target) => loops(rule, target, allowReads)))) {
      after.push(selector);
      continue;
    }
    if ((fieldOf(selector, 'resources.ARN')?.EndsWith ?? []).length > 0) {
      const problem = `The selector ${selector.Name ?? ''} picks objects by the end of their names. Leave the log buckets out of it by hand.`;
      return { problem };
    }
    after.push(...outside(selector, buckets), ...inside(selector, buckets, allowReads));
  }
  if (after.length === 0) {
    return { problem: 'The trail records nothing but deliveries of logs, and a trail has to record something.' };
  }
  return withinLimits({ advancedEventSelectors: after });
}

function loops(rule: Rule, { files }: LogTarget, allowReads: boolean): boolean {
  const touches = (mode: 'read' | 'write') =>
    coversData({ ...recorded(), rules: [rule] }, { type: S3_OBJECT, mode, resource: files }).covered !== 'none';
  const others = rule.tests.filter(({ Field }) => Field !== 'resources.ARN');
  const takesDelivery = others.every((test) => holds(test, DELIVERY[test.Field ?? '']));
  return (takesDelivery && touches('write')) || (!allowReads && touches('read'));
}

/** The selector without the buckets; nothing where it was about them alone. */
function outside(selector: AdvancedSelector, buckets: readonly string[]): AdvancedSelector[] {
  const field = fieldOf(selector, 'resources.ARN');
  const { Equals = [], StartsWith = [], NotStartsWith = [] } = field ?? {};
  const isOutside = (value: string) => !buckets.some((bucket) => value.startsWith(bucket));
  const kept = { Equals: Equals.filter(isOutside), StartsWith: StartsWith.filter(isOutside) };
  const open = field === undefined || isOpen(field);
  if (!open && kept.Equals.length + kept.StartsWith.length === 0) return [];
  const within = open
    ? buckets
    : buckets.filter((bucket) => kept.StartsWith.some((prefix) => bucket.startsWith(prefix)));
  const out = [...new Set([...NotStartsWith, ...within])];
  return [withField(selector, 'resources.ARN', { ...field, ...kept, NotStartsWith: out })];
}

/** What the selector recorded in the buckets, without deliveries. */
function inside(selector: AdvancedSelector, buckets: readonly string[], allowReads: boolean): AdvancedSelector[] {
  const field = fieldOf(selector, 'resources.ARN');
  const { Equals = [], StartsWith = [], NotStartsWith = [] } = field ?? {};
  const open = field === undefined || isOpen(field);
  const shown = buckets.filter((bucket) => !NotStartsWith.some((out) => bucket.startsWith(out)));
  const isInside = (value: string) => shown.some((bucket) => value.startsWith(bucket));
  const prefixes = open
    ? shown
    : [
        ...StartsWith.filter(isInside),
        ...shown.filter((bucket) => StartsWith.some((prefix) => bucket.startsWith(prefix))),
      ];
  const kept = { Equals: Equals.filter(isInside), StartsWith: [...new Set(prefixes)] };
  if (kept.Equals.length + kept.StartsWith.length === 0) return [];
  const narrowed = withField(selector, 'resources.ARN', { ...field, ...kept });
  const named = fieldOf(selector, 'eventName');
  const names = (named?.Equals ?? []).filter((name) => name !== DELIVERY.eventName);
  const listsNames = named !== undefined && (named.Equals ?? []).length > 0;
  const otherWays = (named?.StartsWith ?? []).length + (named?.EndsWith ?? []).length > 0;
  if (listsNames && names.length === 0 && !otherWays) return [];
  const refused = listsNames && !otherWays ? (named?.NotEquals ?? []) : [...(named?.NotEquals ?? []), 'PutObject'];
  const undelivered = withField(narrowed, 'eventName', {
    ...named,
    Equals: names,
    NotEquals: [...new Set(refused)],
  });
  const rest = { ...undelivered, Name: `${selector.Name ?? 'S3 objects'}: log buckets but deliveries`.slice(0, 1000) };
  if (allowReads) return [rest];
  const modes = rulesOf({ advancedEventSelectors: [selector] }).flatMap((rule) => rule.modes);
  return modes.includes('write') ? [withField(rest, 'readOnly', { Equals: ['false'] })] : [];
}

function fieldOf(selector: AdvancedSelector, name: string): FieldSelector | undefined {
  return (selector.FieldSelectors ?? []).find(({ Field }) => Field === name);
}

/** The selector with one field put; operators without values are left out, and a field without operators too. */
function withField(selector: AdvancedSelector, name: string, operators: Partial<FieldSelector>): AdvancedSelector {
  const { Field: _, ...given } = operators;
  const lists = Object.entries(given).filter(([, values]) => (values ?? []).length > 0);
  const field: FieldSelector = { Field: name, ...Object.fromEntries(lists) };
  const fields = selector.FieldSelectors ?? [];
  if (lists.length === 0) return { ...selector, FieldSelectors: fields.filter(({ Field }) => Field !== name) };
  const known = fields.some(({ Field }) => Field === name);
  return {
    ...selector,
    FieldSelectors: known ? fields.map((it) => (it.Field === name ? field : it)) : [...fields, field],
  };
}
