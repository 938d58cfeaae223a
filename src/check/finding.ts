import { createHash } from 'node:crypto';
import type { JsonObject } from '../snapshot/types.ts';

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';
export type Verdict = 'pass' | 'fail' | 'unknown' | 'not-applicable' | 'exempt';
/** What kind of fix a failing finding has; `none` unless it fails. */
export type FixClass = 'auto' | 'auto-second-approver' | 'manual' | 'none';
export type Risk = 'safe' | 'cost' | 'disruptive' | 'irreversible';

/** Control ids by published standard: `{cis_5.0: ['3.1'], security_hub: ['CloudTrail.1']}`. */
export type Controls = { readonly [standard: string]: readonly string[] };

/** One check's verdict on one resource, in the shape of `scan --format json`. */
export interface Finding {
  /** Stable: the same check on the same resource has the same id in every run and on every machine. */
  id: string;
  check: string;
  /** The account that owns the resource. */
  account: string;
  /** Empty for what has no region. */
  region: string;
  /** ARN of the resource; for account-scope checks the account's root ARN. */
  resource: string;
  verdict: Verdict;
  severity: Severity;
  title: string;
  /** What was seen, in AWS's words. */
  evidence: JsonObject;
  /** One sentence: why fail, unknown or not-applicable. */
  reason?: string;
  /** The first of `missingPermissions`. */
  missingPermission?: string;
  /** IAM actions whose absence made it unknown. */
  missingPermissions: string[];
  /** ARN of the trail (or id of the account) the verdict comes from. */
  inheritedFrom?: string;
  /** Id of the check that is the cause, so that a report shows one line. */
  cause?: string;
  notes: string[];
  controls: Controls;
  /** The effective class of this finding. */
  fix: FixClass;
  risk?: Risk;
  /** Approvals needed. */
  people?: number;
  exemption?: { until: string; reason: string; underlying: Verdict };
}

/**
 * The stable identity of a finding: the first 16 hex digits of SHA-256 over check, owner account, region and resource
 * ARN. This is the only place that makes one.
 */
export function findingId(check: string, account: string, region: string, resource: string): string {
  return createHash('sha256').update([check, account, region, resource].join('\n')).digest('hex').slice(0, 16);
}
