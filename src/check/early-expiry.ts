import type { Json, JsonObject, LifecycleRule } from '../snapshot/types.ts';
import { canonicalLifecycle } from './evaluators/canonical.ts';
import { isRecord } from './evaluators/values.ts';
import { mayHoldLogs } from './log-objects.ts';

/** The least that logs and their old versions are to be kept, in days. */
export interface Least {
  current: number;
  noncurrent: number;
}

/** A rule that throws logs away before that: by days or on a date, and old versions by days. */
export interface EarlyRule {
  index: number;
  /** The rule's ID, or its place where it has none. */
  name: string;
  enabled: boolean;
  current?: { days: number } | { date: string };
  noncurrent?: number;
}

const DAY_MS = 86_400_000;

/**
 * The rules that can match a log or digest file and expire it too early. A tag filter matches none, for CloudTrail tags
 * nothing; a size filter may. On a date everything that is there then expires, and what comes later at once: such a rule
 * is early unless its date is further off than logs are kept.
 */
export function earlyRules(
  rules: readonly LifecycleRule[],
  patterns: readonly string[],
  least: Least,
  now: string,
): EarlyRule[] {
  return rules.flatMap((rule, index) => {
    const [canonical] = rulesOf(canonicalLifecycle({ Rules: [rule] }));
    if (canonical === undefined || !isRecord(canonical.Filter)) return [];
    const { Prefix, Tags } = canonical.Filter;
    if (Array.isArray(Tags) && Tags.length > 0) return [];
    if (!mayHoldLogs(String(Prefix), patterns)) return [];
    const current = earlyExpiration(canonical.Expiration, least.current, now);
    const days = isRecord(canonical.NoncurrentVersionExpiration)
      ? canonical.NoncurrentVersionExpiration.NoncurrentDays
      : undefined;
    const noncurrent = typeof days === 'number' && days < least.noncurrent ? days : undefined;
    if (current === undefined && noncurrent === undefined) return [];
    const name = typeof rule.ID === 'string' && rule.ID !== '' ? rule.ID : `rule ${index + 1}`;
    return [
      {
        index,
        name,
        enabled: canonical.Status === 'Enabled',
        ...(current === undefined ? {} : { current }),
        ...(noncurrent === undefined ? {} : { noncurrent }),
      },
    ];
  });
}

function earlyExpiration(expiration: unknown, least: number, now: string): EarlyRule['current'] {
  if (!isRecord(expiration)) return undefined;
  const { Days: days, Date: date } = expiration;
  if (typeof days === 'number') return days < least ? { days } : undefined;
  if (typeof date !== 'string') return undefined;
  return Date.parse(date) < Date.parse(now) + least * DAY_MS ? { date } : undefined;
}

/** The rule with its early expiry raised, and nothing else changed. */
export function raised(rule: LifecycleRule, early: EarlyRule, least: Least): LifecycleRule {
  const { current, noncurrent } = early;
  const { Date: _, ...expiration } = objectAt(rule.Expiration);
  const older = objectAt(rule.NoncurrentVersionExpiration);
  return {
    ...rule,
    ...(current === undefined ? {} : { Expiration: { ...expiration, Days: least.current } }),
    ...(noncurrent === undefined
      ? {}
      : { NoncurrentVersionExpiration: { ...older, NoncurrentDays: least.noncurrent } }),
  };
}

function objectAt(member: Json | undefined): JsonObject {
  return typeof member === 'object' && member !== null && !Array.isArray(member) ? member : {};
}

function rulesOf({ Rules }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>[] {
  return (Array.isArray(Rules) ? Rules : []).filter(isRecord);
}
