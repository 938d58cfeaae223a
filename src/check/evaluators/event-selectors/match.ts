import { type Rule, rulesOf } from './rules.ts';
import type { Category, FieldSelector, TrailSelectors } from './types.ts';

/** What the selectors look at in an event. Fields that an event does not have are left out. */
export type SelectableEvent = {
  readonly category: Category;
  /** `s3.amazonaws.com` */
  readonly source: string;
  readonly name: string;
  readonly readOnly: boolean;
  readonly resourceType?: string;
  readonly resourceArn?: string;
  readonly userArn?: string;
};

/** Would a logging trail with these selectors record this event? */
export function wouldRecord(selectors: TrailSelectors, event: SelectableEvent): boolean {
  return rulesOf(selectors).some((rule) => recordsEvent(rule, event));
}

/** Does one rule record the event? */
export function recordsEvent(rule: Rule, event: SelectableEvent): boolean {
  if (rule.category !== event.category) return false;
  if (!rule.modes.includes(event.readOnly ? 'read' : 'write')) return false;
  if (rule.category === 'Data' && !rule.resourceTypes.some((type) => type === event.resourceType)) return false;
  return rule.tests.every((test) => holds(test, fieldOf(event, test.Field)));
}

/**
 * One field: Equals, StartsWith and EndsWith are joined by or, the three negated operators by and, and both groups by
 * and. A field that the event lacks meets only the negated ones.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
 */
export function holds(test: FieldSelector, value: string | undefined): boolean {
  const { Equals, StartsWith, EndsWith, NotEquals, NotStartsWith, NotEndsWith } = test;
  const is = value ?? null;
  const among = (values: readonly string[] | undefined) => is !== null && (values ?? []).includes(is);
  const begins = (values: readonly string[] | undefined) => (values ?? []).some((it) => is?.startsWith(it) ?? false);
  const ends = (values: readonly string[] | undefined) => (values ?? []).some((it) => is?.endsWith(it) ?? false);
  if (among(NotEquals) || begins(NotStartsWith) || ends(NotEndsWith)) return false;
  return isOpen(test) || among(Equals) || begins(StartsWith) || ends(EndsWith);
}

/** No positive operator: everything is taken that is not excluded. */
export function isOpen({ Equals = [], StartsWith = [], EndsWith = [] }: FieldSelector): boolean {
  return Equals.length + StartsWith.length + EndsWith.length === 0;
}

/** What an event says for a field of advanced selectors. */
export function fieldOf(event: SelectableEvent, field: string | undefined): string | undefined {
  switch (field) {
    case 'eventSource':
      return event.source;
    case 'eventName':
      return event.name;
    case 'resources.ARN':
      return event.resourceArn;
    case 'userIdentity.arn':
      return event.userArn;
    default:
      return undefined;
  }
}
