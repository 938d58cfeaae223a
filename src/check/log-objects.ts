import type { Trail } from '../snapshot/types.ts';
import { type DeliverySnapshot, organizationOf } from './delivery.ts';
import { globRelation } from './evaluators/glob.ts';

/** The folder of a member below that of its organization: twelve digits. */
const MEMBER = '?'.repeat(12);

/**
 * Patterns of the keys under which trails leave log and digest files (`AWSLogs/1/CloudTrail*`); other services leave
 * theirs beside them. Where the id of the organization is not known, any is meant.
 */
export function logPatterns(trails: readonly Trail[], snapshot: DeliverySnapshot): string[] {
  const patterns = trails.flatMap((trail) => {
    const base =
      trail.S3KeyPrefix === undefined || trail.S3KeyPrefix === '' ? 'AWSLogs' : `${trail.S3KeyPrefix}/AWSLogs`;
    const own = `${base}/${trail.owner}/CloudTrail*`;
    if (!trail.IsOrganizationTrail) return [own];
    // Below the organization's id there is a folder for every member.
    return [own, `${base}/${organizationOf(snapshot, trail) ?? 'o-*'}/${MEMBER}/CloudTrail*`];
  });
  return [...new Set(patterns)];
}

/** May a key that begins with this prefix be that of a log or digest file? */
export function mayHoldLogs(prefix: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    if (globRelation(`${prefix}*`, pattern) === 'disjoint') return false;
    // A `?` takes any character; in the place of a member only digits count.
    const [folder = '', members] = pattern.split(MEMBER);
    return members === undefined || !prefix.startsWith(folder) || /^\d*(\/|$)/.test(prefix.slice(folder.length));
  });
}
