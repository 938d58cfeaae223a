import { canonicalJson, sha256Hex } from '../../check/evaluators/canonical.ts';
import type { Finding } from '../../check/finding.ts';
import { SEVERITIES } from '../summary.ts';

/** AWS's names for when something last happened (`LatestDeliveryTime`): they move on by themselves. */
const LATEST_TIME = /^Latest\w*Time$/;

/**
 * What an accepted risk, or a snooze, is bound to: the evidence of the finding. Everything in it counts but the times
 * that AWS moves on by itself, of which only counts whether there is one. So a trail that was stopped once more
 * (`StopLoggingTime`) is another finding, and one that failed to deliver once more is the same.
 */
export function fingerprintOf(evidence: Finding['evidence']): string {
  const members = Object.entries(evidence).map(([name, value]): [string, unknown] => [
    name,
    LATEST_TIME.test(name) ? timeless(value) : value,
  ]);
  return sha256Hex(canonicalJson(Object.fromEntries(members)));
}

function timeless(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'number') return 'a time';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, timeless(member)]));
}

/**
 * Why a failing finding is no longer the one that people decided about, if it is not (decision 35). Whether other
 * evidence is worse cannot be told for every check, so any other evidence is; and so is a graver severity.
 */
export function worseThan(
  decided: { fingerprint: string; severity: string },
  { evidence, severity }: Pick<Finding, 'evidence' | 'severity'>,
): string | undefined {
  if (fingerprintOf(evidence) !== decided.fingerprint) return 'What was seen has changed.';
  const graver = SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1).every((each) => each !== decided.severity);
  return graver ? `It is ${severity} now; it was ${decided.severity}.` : undefined;
}
