import { describe, expect, it } from 'vitest';
import type { AnyCheck } from '../../../src/posture/catalogue.ts';
import type { PartName, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ARCHIVE,
  absent,
  BUCKET,
  denied,
  healthySnapshot,
  MANAGEMENT,
  TRAIL_ARN,
  unreachable,
  withAccount,
  withBucket,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf } from './support.ts';

type Tested = Parameters<typeof findingOf>[0] & Pick<AnyCheck, 'id'>;

/** The IAM action that is to be named where a part is refused, and the edge case of the catalogue that says so. */
type Denial = string | { action: string; edge: string };

/**
 * The edge cases that all checks of a bucket share. `denials` are parts of the bucket whose refusal must make it
 * unknown; `start` is a snapshot on which the check passes.
 */
export function bucketEdges(
  check: Tested,
  denials: { readonly [Name in PartName]?: Denial },
  start: Snapshot = healthySnapshot(),
): void {
  describe(`${check.id}, as every check of a bucket`, () => {
    it('passes on a healthy bucket, at its owner', () => {
      expect(findingOf(check, start)).toMatchObject({
        verdict: 'pass',
        account: ARCHIVE,
        region: 'us-east-1',
        resource: `arn:aws:s3:::${BUCKET}`,
      });
    });

    it('Bucket shared by several trails and accounts: one finding, listing all of them', () => {
      const shared = withTrail(start, { name: 'other', owner: MANAGEMENT });
      const [finding, ...more] = findingsOf(check, shared);
      expect(more).toEqual([]);
      expect(finding?.evidence.trails).toEqual([TRAIL_ARN, expect.stringContaining('trail/other')]);
    });

    it('Bucket owned by an account outside the estate or out of reach: unknown, naming the owner if known; never fail', () => {
      const bucket = { Name: BUCKET, region: 'us-east-1', everyAccountListed: true };
      const outside = withPart(start, 'bucket', BUCKET, { state: 'read', value: bucket });
      expect(findingOf(check, outside)).toMatchObject({ verdict: 'unknown', fix: 'none' });
      const beyond = withAccount(start, { id: ARCHIVE, inScope: false, status: 'unreachable', reason: 'no role' });
      const finding = findingOf(check, beyond);
      expect(finding).toMatchObject({ verdict: 'unknown', fix: 'none' });
      expect(finding.reason).toContain(ARCHIVE);
    });

    it('Bucket does not exist: not-applicable here, bucket/exists fails', () => {
      const snapshot = withBucket(start, { bucket: absent('NoSuchBucket') });
      expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'not-applicable', cause: 'bucket/exists' });
    });

    it('is unknown where the bucket could not be looked for', () => {
      const snapshot = withBucket(start, { bucket: unreachable(ARCHIVE) });
      expect(findingOf(check, snapshot).verdict).toBe('unknown');
    });

    const refused = Object.entries(denials).map(([name, denial]) => {
      const action = typeof denial === 'string' ? denial : denial.action;
      return [typeof denial === 'string' ? `${name} denied, naming ${action}` : denial.edge, name, action] as const;
    });
    it.each(refused)('is unknown: %s', (_, name, action) => {
      const snapshot = { ...start, [name]: { ...start[name as PartName], [BUCKET]: denied(action, ARCHIVE) } };
      expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'unknown', missingPermission: action, fix: 'none' });
    });
  });
}
