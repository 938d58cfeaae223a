import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/archive-account.ts';
import type { Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  BUCKET,
  emptySnapshot,
  healthySnapshot,
  MANAGEMENT,
  withAccount,
  withBucket,
  withOrganization,
  withTrail,
} from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, findingsOf, fixOf } from './support.ts';

const STRANGER = '999999999999';
const ownedBy = (owner: string) => withBucket(healthySnapshot(), { owner });
const declared = (...accounts: string[]) => ({ settings: { archive_accounts: accounts } });

/** The organization trail of the management account and nothing else, its bucket in `owner`. */
function organizationTrail(owner: string): Snapshot {
  const estate = withOrganization(withAccount(healthySnapshot(), { id: MANAGEMENT }));
  const trail = withTrail({ ...estate, trail: {} }, { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true });
  return withBucket(trail, { owner });
}

bucketEdges(check, {});

describe('bucket/archive-account', () => {
  it.each<[string, Snapshot, Parameters<typeof findingOf>[2]]>([
    ['bucket in a declared archive account', healthySnapshot(), declared(ARCHIVE)],
    [
      'bucket in the archive account of the estate',
      ownedBy(ACCOUNT),
      { estate: { archive: { bucket: BUCKET, account: ACCOUNT } } },
    ],
    [
      'Bucket in an account outside the estate, listed in archive_accounts: pass',
      ownedBy(STRANGER),
      declared(STRANGER),
    ],
    ["The archive account's own trail writing to its own bucket: pass", ownedBy(ACCOUNT), declared(ACCOUNT)],
    ['none declared: not the account of the trail', healthySnapshot(), {}],
    [
      'none declared: it also receives the logs of other accounts',
      withTrail(ownedBy(ACCOUNT), { name: 'other', owner: ARCHIVE }),
      {},
    ],
    ['organization trail, bucket in another account', organizationTrail(ARCHIVE), {}],
  ])('passes: %s', (_, snapshot, given) => {
    expect(findingOf(check, snapshot, given).verdict).toBe('pass');
  });

  it.each<[string, Snapshot, Parameters<typeof findingOf>[2]]>([
    ['none declared: the account of the trail', ownedBy(ACCOUNT), {}],
    ['declared, and the bucket is elsewhere', healthySnapshot(), declared(MANAGEMENT)],
    [
      'Organization trail of the management account, bucket in the management account: fail',
      organizationTrail(MANAGEMENT),
      {},
    ],
  ])('fails: %s', (_, snapshot, given) => {
    expect(findingOf(check, snapshot, given)).toMatchObject({ verdict: 'fail', fix: 'manual' });
  });

  it('Estate of one account: not-applicable', () => {
    const alone = withBucket(withTrail(emptySnapshot()), { owner: ACCOUNT });
    expect(findingOf(check, alone).verdict).toBe('not-applicable');
  });

  it('counts the accounts of the organization, not only those in play', () => {
    const alone = withBucket(withTrail(emptySnapshot()), { owner: ACCOUNT });
    const member = withOrganization(alone, { accounts: [{ Id: ACCOUNT }, { Id: ARCHIVE }] });
    expect(findingOf(check, member).verdict).toBe('fail');
  });

  it('is unknown where the owner is outside the estate', () => {
    expect(findingOf(check, ownedBy(STRANGER))).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining(STRANGER),
    });
  });

  it('Several buckets: one finding each', () => {
    const second = withTrail(healthySnapshot(), { name: 'second', S3BucketName: 'second' });
    expect(findingsOf(check, withBucket(second, { name: 'second' }))).toHaveLength(2);
  });

  it('guides to the archive, and keeps the old bucket', () => {
    const proposal = fixOf(check, ownedBy(ACCOUNT));
    expect(proposal.kind).toBe('manual');
    expect(JSON.stringify(proposal)).toContain('Keep the old bucket');
  });
});
