import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/public-access-block.ts';
import type { Part, PublicAccessBlock, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ARCHIVE,
  absent,
  allBlocked,
  BUCKET,
  denied,
  healthySnapshot,
  TRAIL_ARN,
  withAccount,
  withBucket,
} from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, onlyChange, planOf } from './support.ts';

const NONE = absent('NoSuchPublicAccessBlockConfiguration');
const POLICY_FLAGS = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const ACL_FLAGS = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const DENIED = denied('s3:GetAccountPublicAccessBlock', ARCHIVE);
type Level = PublicAccessBlock | Part<PublicAccessBlock>;

function levels(bucket: Level, account: Level): Snapshot {
  return withAccount(withBucket(healthySnapshot(), { publicAccessBlock: bucket }), {
    id: ARCHIVE,
    inScope: false,
    publicAccessBlock: account,
  });
}

bucketEdges(check, {
  'bucket.publicAccessBlock': {
    action: 's3:GetBucketPublicAccessBlock',
    edge: 'AccessDenied on GetPublicAccessBlock: unknown, naming s3:GetBucketPublicAccessBlock',
  },
});

describe('bucket/public-access-block', () => {
  it.each<[string, Level, Level, 'pass' | 'fail' | 'unknown']>([
    ['NoSuchPublicAccessBlockConfiguration: all four false at that level', NONE, NONE, 'fail'],
    ['Two flags on the bucket and the other two on the account: pass', POLICY_FLAGS, ACL_FLAGS, 'pass'],
    ['two flags on the bucket, none on the account', POLICY_FLAGS, NONE, 'fail'],
    ['Account level set by an organization policy: counts', NONE, allBlocked(), 'pass'],
    [
      'bucket level denied, account level complete',
      denied('s3:GetBucketPublicAccessBlock', ARCHIVE),
      allBlocked(),
      'pass',
    ],
  ])('%s', (_, bucket, account, verdict) => {
    expect(findingOf(check, levels(bucket, account)).verdict).toBe(verdict);
  });

  it('Account level denied, bucket level complete: pass; bucket level incomplete: unknown', () => {
    expect(findingOf(check, levels(allBlocked(), DENIED)).verdict).toBe('pass');
    expect(findingOf(check, levels(POLICY_FLAGS, DENIED)).verdict).toBe('unknown');
  });

  it('names the flags that are not in effect', () => {
    expect(findingOf(check, levels(POLICY_FLAGS, NONE)).reason).toBe(
      'Not in effect: BlockPublicAcls, IgnorePublicAcls.',
    );
  });

  describe('fix', () => {
    it('sets all four flags on the bucket, never on the account, and puts the saved ones back', () => {
      const plan = planOf(check, levels(POLICY_FLAGS, NONE));
      expect(onlyChange(plan)).toMatchObject({
        account: ARCHIVE,
        operation: 's3:PutPublicAccessBlock',
        input: { Bucket: BUCKET, ExpectedBucketOwner: ARCHIVE, PublicAccessBlockConfiguration: allBlocked() },
        expect: POLICY_FLAGS,
        result: allBlocked(),
        undo: { operation: 's3:PutPublicAccessBlock', input: { PublicAccessBlockConfiguration: POLICY_FLAGS } },
      });
      expect(plan).toMatchObject({ class: 'auto', risk: 'safe', warnings: [], watchDelivery: [TRAIL_ARN] });
    });

    it('takes the configuration away again where there was none', () => {
      expect(onlyChange(planOf(check, levels(NONE, NONE)))).toMatchObject({
        expect: null,
        undo: { operation: 's3:DeletePublicAccessBlock', input: { Bucket: BUCKET, ExpectedBucketOwner: ARCHIVE } },
      });
    });

    it('says who loses access where the policy is public now', () => {
      const policy = {
        Version: '2012-10-17',
        Statement: [{ Sid: 'Auditors', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }],
      };
      const plan = planOf(check, withBucket(levels(NONE, NONE), { publicAccessBlock: NONE, policy }));
      expect(plan.risk).toBe('disruptive');
      expect(plan.warnings.join()).toContain('Auditors');
    });
  });
});
