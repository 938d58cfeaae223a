import { sortedSet } from '../values.ts';
import { holds, isOpen } from './match.ts';
import type { Recording } from './recording.ts';
import type { Rule } from './rules.ts';
import type { FieldSelector, Mode } from './types.ts';

export type DataQuestion = {
  /** `AWS::S3::Object`, `AWS::Lambda::Function`, … */
  readonly type: string;
  readonly mode: Mode;
  /** One resource (for S3 objects: the ARN of the bucket), or all there are. */
  readonly resource: string;
  /** ARNs of what may be left out (for S3 objects: of buckets). */
  readonly exempt?: readonly string[];
};

export type DataCoverage =
  | { readonly covered: 'all' }
  | { readonly covered: 'partly'; readonly why: readonly string[] }
  | { readonly covered: 'none' };

/**
 * Are the data events of a type recorded, for one resource or for `all`? Rules are a union: what one leaves out by ARN
 * another may take in. A rule narrowed by anything but the ARN (eventName, userIdentity.arn, …) covers a part only.
 */
export function coversData(recording: Recording, { type, mode, resource, exempt = [] }: DataQuestion): DataCoverage {
  const rules = recording.rules.filter(
    (rule) => rule.category === 'Data' && rule.modes.includes(mode) && rule.resourceTypes.includes(type),
  );
  if (type !== 'AWS::S3::Object' && resource !== 'all') return coversOne(rules, resource);
  const target = resource === 'all' ? '' : objectsOf(resource);
  const touching = rules.filter((rule) => rule.tests.every((test) => mayTouch(test, target)));
  if (touching.length === 0) return { covered: 'none' };
  const whole = touching.filter((rule) => narrowings(rule).length === 0);
  const exemptions = type === 'AWS::S3::Object' ? exempt.map(objectsOf) : exempt;
  return isCovered(target, whole, exemptions)
    ? { covered: 'all' }
    : { covered: 'partly', why: sortedSet(touching.flatMap((rule) => reasons(rule, exemptions))) };
}

/** What the ARNs of all objects of a bucket begin with; the slash keeps `name` from standing for `name-2` too. */
function objectsOf(bucketArn: string): string {
  return bucketArn.includes('/') ? bucketArn : `${bucketArn}/`;
}

/** A resource that has no resources below it, such as a function. */
function coversOne(rules: readonly Rule[], arn: string): DataCoverage {
  const touching = rules.filter((rule) => arnTests(rule).every((test) => holds(test, arn)));
  if (touching.length === 0) return { covered: 'none' };
  const isWhole = ({ tests }: Rule) => tests.every(({ Field }) => Field === 'resources.ARN');
  return touching.some(isWhole)
    ? { covered: 'all' }
    : { covered: 'partly', why: sortedSet(touching.flatMap((rule) => narrowings(rule))) };
}

/** Does some rule take in everything below the prefix, what it leaves out being exempt or taken in by another? */
function isCovered(prefix: string, rules: readonly Rule[], exempt: readonly string[]): boolean {
  if (exempt.some((it) => prefix.startsWith(it))) return true;
  return rules.some((rule) => {
    const tests = arnTests(rule);
    if (!tests.every((test) => isOpen(test) || (test.StartsWith ?? []).some((it) => prefix.startsWith(it))))
      return false;
    const out = tests.flatMap(leftOut);
    if (out.some((it) => prefix.startsWith(it))) return false;
    const holes = out.filter((it) => it.startsWith(prefix));
    // A hole inside another hole says nothing more; each hole is longer than the prefix, so this ends.
    const outermost = holes.filter((it) => !holes.some((other) => other !== it && it.startsWith(other)));
    return outermost.every((hole) => isCovered(hole, rules, exempt));
  });
}

function arnTests({ tests }: Rule): readonly FieldSelector[] {
  return tests.filter(({ Field }) => Field === 'resources.ARN');
}

function leftOut({ NotStartsWith = [], NotEquals = [] }: FieldSelector): readonly string[] {
  return [...NotStartsWith, ...NotEquals];
}

/** Could the rule record anything below the prefix? Endings cannot be ruled out. */
function mayTouch(test: FieldSelector, prefix: string): boolean {
  if (test.Field !== 'resources.ARN') return true;
  if ((test.NotStartsWith ?? []).some((it) => prefix.startsWith(it))) return false;
  if (isOpen(test) || (test.EndsWith ?? []).length > 0) return true;
  const meets = (it: string) => it.startsWith(prefix) || prefix.startsWith(it);
  return (test.StartsWith ?? []).some(meets) || (test.Equals ?? []).some((it) => it.startsWith(prefix));
}

/** Fields that cut out a part of every resource's events. */
function narrowings({ tests }: Rule): readonly string[] {
  return tests.flatMap((test) => {
    if (test.Field !== 'resources.ARN') return [`narrowed by ${test.Field}`];
    const endings = (test.EndsWith ?? []).length > 0 || (test.NotEndsWith ?? []).length > 0;
    return endings ? ['narrowed by the ending of resources.ARN'] : [];
  });
}

function reasons(rule: Rule, exempt: readonly string[]): readonly string[] {
  const tests = arnTests(rule);
  const only = tests.flatMap(({ Equals = [], StartsWith = [] }) => [...Equals, ...StartsWith]);
  const out = tests.flatMap(leftOut).filter((it) => !exempt.some((prefix) => it.startsWith(prefix)));
  return [
    ...narrowings(rule),
    ...(only.length > 0 ? [`only resources ${only.join(', ')}`] : []),
    ...(out.length > 0 ? [`leaves out ${out.join(', ')}`] : []),
  ];
}
