import type { JsonObject, LifecycleRule } from '../snapshot/types.ts';
import { canonicalLifecycle } from './evaluators/canonical.ts';
import { isRecord } from './evaluators/values.ts';

/** Storage classes that are an archive: cheap to keep, dear or slow to read. */
const ARCHIVES = new Set(['GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE']);

/** What enabled lifecycle rules decide for all objects under one prefix. */
export interface Retention {
  /** Logs are archived or expire some day. */
  current: boolean;
  /** So do old versions. */
  noncurrent: boolean;
}

/**
 * What the rules say about everything under `prefix`. A rule counts if it is enabled, reaches the whole prefix, and
 * picks objects neither by tag nor by size. A fixed date is no retention: it says nothing of logs yet to come.
 * `storageClass` counts as an archive too.
 */
export function retentionOf(
  lifecycle: { Rules: LifecycleRule[] } | undefined,
  prefix: string,
  storageClass: string,
): Retention {
  const { Rules } = canonicalLifecycle(lifecycle);
  const rules = (Array.isArray(Rules) ? Rules : []).filter(isRecord).filter((rule) => covers(rule, prefix));
  const archives = (transitions: unknown, days: string) =>
    Array.isArray(transitions) &&
    transitions.filter(isRecord).some((it) => {
      const to = String(it.StorageClass);
      return typeof it[days] === 'number' && (ARCHIVES.has(to) || to === storageClass);
    });
  const expires = (expiration: unknown, days: string) => isRecord(expiration) && typeof expiration[days] === 'number';
  return {
    current: rules.some((it) => archives(it.Transitions, 'Days') || expires(it.Expiration, 'Days')),
    noncurrent: rules.some(
      (it) =>
        archives(it.NoncurrentVersionTransitions, 'NoncurrentDays') ||
        expires(it.NoncurrentVersionExpiration, 'NoncurrentDays'),
    ),
  };
}

function covers({ Status, Filter }: Readonly<Record<string, unknown>>, prefix: string): boolean {
  if (Status !== 'Enabled' || !isRecord(Filter)) return false;
  const { Prefix, Tags, ...others } = Filter;
  const all = Object.keys(others).length === 0 && Array.isArray(Tags) && Tags.length === 0;
  return all && prefix.startsWith(String(Prefix));
}

/** Does a rule act on a fixed date? Such a rule cannot be put back from a plan, which holds texts only. */
export function actsOnDate(rule: LifecycleRule): boolean {
  const parts = [rule.Expiration, ...(Array.isArray(rule.Transitions) ? rule.Transitions : [])];
  return parts.some((part) => isRecord(part) && part.Date !== undefined);
}

/** The rule with its old-style prefix as a filter: S3 takes no mixture of the two. */
export function withFilter(rule: LifecycleRule): LifecycleRule {
  const { Prefix, ...rest } = rule;
  const filter: JsonObject = { Prefix: typeof Prefix === 'string' ? Prefix : '' };
  return rule.Filter === undefined ? { ...rest, Filter: filter } : rest;
}
