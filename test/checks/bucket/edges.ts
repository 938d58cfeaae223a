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

/**
 * The edge cases that all checks of a bucket share. `denials` are parts of the bucket whose refusal must make it
 * unknown, with the IAM action that is to be named; `start` is a snapshot on which the check passes.
 */
export function bucketEdges(
  check: Tested,
  denials: { readonly [Name in PartName]?: string },
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

    it('gives one finding for a bucket shared by several trails and accounts, listing all of them', () => {
      const shared = withTrail(start, { name: 'other', owner: MANAGEMENT });
      const [finding, ...more] = findingsOf(check, shared);
      expect(more).toEqual([]);
      expect(finding?.evidence.trails).toEqual([TRAIL_ARN, expect.stringContaining('trail/other')]);
    });

    it('is unknown, never fail, where the owner is outside the estate', () => {
      const bucket = { Name: BUCKET, region: 'us-east-1', everyAccountListed: true };
      const snapshot = withPart(start, 'bucket', BUCKET, { state: 'read', value: bucket });
      expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'unknown', fix: 'none' });
    });

    it('is unknown, naming the owner, where it is out of reach', () => {
      const snapshot = withAccount(start, { id: ARCHIVE, inScope: false, status: 'unreachable', reason: 'no role' });
      const finding = findingOf(check, snapshot);
      expect(finding).toMatchObject({ verdict: 'unknown', fix: 'none' });
      expect(finding.reason).toContain(ARCHIVE);
    });

    it('is not applicable where the bucket does not exist', () => {
      const snapshot = withBucket(start, { bucket: absent('NoSuchBucket') });
      expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'not-applicable', cause: 'bucket/exists' });
    });

    it('is unknown where the bucket could not be looked for', () => {
      const snapshot = withBucket(start, { bucket: unreachable(ARCHIVE) });
      expect(findingOf(check, snapshot).verdict).toBe('unknown');
    });

    it.each(Object.entries(denials))('is unknown where %s is denied, naming %s', (name, action) => {
      const snapshot = { ...start, [name]: { ...start[name as PartName], [BUCKET]: denied(action, ARCHIVE) } };
      expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'unknown', missingPermission: action, fix: 'none' });
    });
  });
}
