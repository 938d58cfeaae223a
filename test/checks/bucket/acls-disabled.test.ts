import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/acls-disabled.ts';
import type { BucketGrant, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ARCHIVE,
  absent,
  allBlocked,
  BUCKET,
  denied,
  OWNER_ID,
  read,
  TRAIL_ARN,
  withBucket,
  withPart,
} from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf, planOf, withAcl } from './support.ts';

const group = (path: string, Permission = 'READ'): BucketGrant => ({
  Grantee: { Type: 'Group', URI: `http://acs.amazonaws.com/groups/${path}` },
  Permission,
});
const to = (ID: string, Permission = 'READ'): BucketGrant => ({ Grantee: { Type: 'CanonicalUser', ID }, Permission });
const ALL = group('global/AllUsers');
const OTHER = to('b'.repeat(64));
const CLOUDFRONT = to('c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0', 'FULL_CONTROL');
const OWN = { Grantee: { Type: 'CanonicalUser', ID: OWNER_ID }, Permission: 'FULL_CONTROL' };
const NONE = absent('NoSuchPublicAccessBlockConfiguration');
const unblocked = (...grants: BucketGrant[]) => withBucketBlock(withAcl(grants), NONE);

function withBucketBlock(snapshot: Snapshot, block: Snapshot['bucket.publicAccessBlock'][string]): Snapshot {
  return withPart(snapshot, 'bucket.publicAccessBlock', BUCKET, block);
}
function owned(ObjectOwnership: string, snapshot: Snapshot): Snapshot {
  return withPart(snapshot, 'bucket.ownership', BUCKET, read({ ObjectOwnership }));
}

bucketEdges(
  check,
  {
    'bucket.acl': {
      action: 's3:GetBucketAcl',
      edge: 'AccessDenied on GetBucketAcl: unknown, naming s3:GetBucketAcl',
    },
  },
  withAcl(),
);

describe('bucket/acls-disabled', () => {
  it.each<[string, Snapshot, object]>([
    [
      'AllUsers or AuthenticatedUsers while ACLs are in force: fail, public',
      unblocked(ALL),
      { reason: 'The ACL is public: READ to AllUsers.', fix: 'auto-second-approver' },
    ],
    ['AuthenticatedUsers', unblocked(group('global/AuthenticatedUsers', 'WRITE')), { fix: 'auto-second-approver' }],
    ['OwnershipControlsNotFound: ACLs are in force', unblocked(OTHER), { fix: 'auto-second-approver' }],
    ['ownership only preferred', owned('BucketOwnerPreferred', unblocked(OTHER)), {}],
    [
      'LogDelivery grant (bucket also receives access logs): fail, with the note that the grant must become a policy first',
      withAcl([group('s3/LogDelivery', 'WRITE')]),
      { fix: 'manual', notes: [expect.stringContaining('must become a statement of the policy first')] },
    ],
    ['a grant by which CloudFront logs', withAcl([CLOUDFRONT]), { fix: 'manual' }],
    [
      "Grant to another account's canonical id: fail",
      withAcl([OTHER]),
      { reason: expect.stringContaining(`READ to ${'b'.repeat(64)}`) },
    ],
    ['a public grant beside another', withAcl([ALL, OTHER]), {}],
  ])('fails: %s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', ...expected });
  });

  it.each<[string, Snapshot, object]>([
    [
      'The same grants under BucketOwnerEnforced: pass, they have no effect',
      owned('BucketOwnerEnforced', unblocked(ALL, OTHER)),
      {},
    ],
    [
      'ownership enforced, whatever the ACL, which was not read',
      owned('BucketOwnerEnforced', withPart(withAcl(), 'bucket.acl', BUCKET, denied('s3:GetBucketAcl', ARCHIVE))),
      {},
    ],
    [
      'IgnorePublicAcls in effect and only public grants: pass with a warning',
      withAcl([ALL]),
      { notes: [expect.stringContaining('IgnorePublicAcls alone')] },
    ],
    ['nobody but the owner', withAcl([to(OWNER_ID, 'READ_ACP')]), {}],
  ])('passes: %s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'pass', ...expected });
  });

  it.each<[string, Snapshot, string]>([
    [
      'ownership that cannot be read, under foreign grants',
      withPart(withAcl([OTHER]), 'bucket.ownership', BUCKET, denied('s3:GetBucketOwnershipControls', ARCHIVE)),
      's3:GetBucketOwnershipControls',
    ],
    [
      'flags that cannot be read, under public grants',
      withBucketBlock(withAcl([ALL]), denied('s3:GetBucketPublicAccessBlock', ARCHIVE)),
      's3:GetBucketPublicAccessBlock',
    ],
  ])('is unknown: %s', (_, snapshot, missingPermission) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'unknown', missingPermission });
  });

  describe('fix', () => {
    it('empties the ACL first, then enforces ownership; undo goes the other way round', () => {
      const plan = planOf(check, withAcl([OTHER]));
      const base = { Bucket: BUCKET, ExpectedBucketOwner: ARCHIVE };
      expect(plan.changes).toMatchObject([
        {
          operation: 's3:PutBucketAcl',
          account: ARCHIVE,
          input: { ...base, ACL: 'private' },
          target: `bucket.acl:${BUCKET}`,
          expect: { OwnerId: OWNER_ID, Grants: [OWN, OTHER] },
          result: { OwnerId: OWNER_ID, Grants: [OWN] },
          undo: {
            operation: 's3:PutBucketAcl',
            input: { ...base, AccessControlPolicy: { Owner: { ID: OWNER_ID }, Grants: [OWN, OTHER] } },
          },
        },
        {
          operation: 's3:PutBucketOwnershipControls',
          input: { ...base, OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
          target: `bucket.ownership:${BUCKET}`,
          expect: null,
          result: { ObjectOwnership: 'BucketOwnerEnforced' },
          undo: { operation: 's3:DeleteBucketOwnershipControls', input: base },
        },
      ]);
      expect(plan).toMatchObject({
        class: 'auto-second-approver',
        risk: 'disruptive',
        reversible: 'yes',
        watchDelivery: [TRAIL_ARN],
      });
      expect(plan.warnings[0]).toContain('b'.repeat(64));
    });

    it('puts the saved ownership back', () => {
      const [, change] = planOf(check, owned('ObjectWriter', withAcl([OTHER]))).changes;
      expect(change).toMatchObject({
        expect: { ObjectOwnership: 'ObjectWriter' },
        undo: {
          operation: 's3:PutBucketOwnershipControls',
          input: { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } },
        },
      });
    });

    it('passes on what it leaves', () => {
      expect(findingOf(check, owned('BucketOwnerEnforced', withAcl())).verdict).toBe('pass');
    });

    it('does not promise public grants back that Block Public Access forbids', () => {
      const block = read({ ...allBlocked(), IgnorePublicAcls: false });
      const plan = planOf(check, withBucketBlock(withAcl([ALL]), block));
      expect(plan.changes[0]?.undo).toBeUndefined();
      expect(plan.reversible).toBe('partly');
      expect(planOf(check, unblocked(ALL)).changes[0]?.undo).toBeDefined();
    });

    it.each([
      ['server access logging', group('s3/LogDelivery', 'WRITE'), 'logging.s3.amazonaws.com'],
      ['CloudFront', CLOUDFRONT, 'CloudFront'],
    ])('is refused while %s leans on a grant', (_, grant, word) => {
      const fix = fixOf(check, withAcl([grant, OTHER]));
      expect(fix.kind).toBe('manual');
      expect(JSON.stringify(fix)).toContain(word);
    });

    it('never touches the ACL of a single file', () => {
      const operations = planOf(check, unblocked(ALL, OTHER)).changes.map(({ operation }) => operation);
      expect(operations).not.toContain('s3:PutObjectAcl');
    });

    it('judges nothing by a bucket that is gone', () => {
      const snapshot = withBucket(withAcl([OTHER]), { bucket: absent('NoSuchBucket') });
      expect(findingOf(check, snapshot).fix).toBe('none');
    });
  });
});
