import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/access-logging.ts';
import type { Bucket, JsonObject, Part, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  denied,
  healthySnapshot,
  REGION,
  read,
  withBucket,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf, planOf, putDocument } from './support.ts';

const TARGET = `${BUCKET}-access`;
const DECLARED = { settings: { target_by_region: { [REGION]: TARGET } } };
const OFF = absent('LoggingNotEnabled');
const NO_POLICY = absent('NoSuchBucketPolicy');
const off = () => withBucket(healthySnapshot(), { logging: OFF });

function target(more: Partial<Bucket>): Part<Bucket> {
  return read({ Name: TARGET, region: REGION, owner: ARCHIVE, everyAccountListed: true, ...more });
}

function targetPolicy(...Statement: JsonObject[]) {
  return read({ text: JSON.stringify({ Version: '2012-10-17', Statement }) });
}

const ALLOW = {
  Sid: 'Logs',
  Effect: 'Allow',
  Principal: { Service: 'logging.s3.amazonaws.com' },
  Action: 's3:PutObject',
  Resource: `arn:aws:s3:::${TARGET}/*`,
};
const REFUSE = { ...ALLOW, Sid: 'Refuse', Effect: 'Deny' };

bucketEdges(check, {
  'bucket.logging': {
    action: 's3:GetBucketLogging',
    edge: 'AccessDenied on GetBucketLogging: unknown, naming GetBucketLogging',
  },
});

describe('bucket/access-logging', () => {
  const healthy = healthySnapshot();

  it.each<[string, Snapshot, string]>([
    ['Empty answer of GetBucketLogging: off, fail', off(), 'Server access logging is off.'],
    [
      'Target is the bucket itself: fail',
      withBucket(healthy, { logging: { TargetBucket: BUCKET, TargetPrefix: '' } }),
      'Nothing arrives: the target is the bucket itself.',
    ],
    [
      'Target deleted: fail',
      withPart(healthy, 'bucket', TARGET, absent('NoSuchBucket')),
      `Nothing arrives: the target ${TARGET} does not exist.`,
    ],
    [
      'target in another account',
      withPart(healthy, 'bucket', TARGET, target({ owner: ACCOUNT })),
      `Nothing arrives: the target ${TARGET} lies in account ${ACCOUNT}.`,
    ],
    [
      'target in another region',
      withPart(healthy, 'bucket', TARGET, target({ region: 'eu-west-1' })),
      `Nothing arrives: the target ${TARGET} lies in eu-west-1.`,
    ],
    [
      'Target with default Object Lock retention or refusing logging.s3.amazonaws.com: fail, nothing arrives',
      withPart(healthy, 'bucket.objectLock', TARGET, read({ Mode: 'GOVERNANCE' as const, Days: 1 })),
      `Nothing arrives: the target ${TARGET} has a default retention, and S3 writes no logs there.`,
    ],
    [
      'target refusing logging.s3.amazonaws.com',
      withPart(healthy, 'bucket.policy', TARGET, targetPolicy(ALLOW, REFUSE)),
      `Nothing arrives: writing access logs to ${TARGET} is denied by Refuse.`,
    ],
    [
      'target without a policy',
      withPart(healthy, 'bucket.policy', TARGET, NO_POLICY),
      `Nothing arrives: writing access logs to ${TARGET} is not allowed.`,
    ],
  ])('fails: %s', (_, snapshot, reason) => {
    expect(findingOf(check, snapshot, DECLARED)).toMatchObject({ verdict: 'fail', fix: 'auto', reason });
  });

  it('passes a target with Object Lock but no default retention', () => {
    expect(findingOf(check, withPart(healthy, 'bucket.objectLock', TARGET, read({}))).verdict).toBe('pass');
  });

  it.each<[string, Snapshot, string]>([
    ['the target', withPart(healthy, 'bucket', TARGET, denied('s3:ListBucket', ARCHIVE)), 's3:ListBucket'],
    [
      'its policy',
      withPart(healthy, 'bucket.policy', TARGET, denied('s3:GetBucketPolicy', ARCHIVE)),
      's3:GetBucketPolicy',
    ],
    [
      'its Object Lock',
      withPart(healthy, 'bucket.objectLock', TARGET, denied('s3:GetBucketObjectLockConfiguration', ARCHIVE)),
      's3:GetBucketObjectLockConfiguration',
    ],
  ])('is unknown where %s cannot be read', (_, snapshot, missingPermission) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'unknown', missingPermission });
  });

  describe('fix', () => {
    it('lets the service write to the declared target, then logs there', () => {
      const snapshot = withPart(
        off(),
        'bucket.policy',
        TARGET,
        targetPolicy({ ...ALLOW, Sid: 'Other', Resource: 'x' }),
      );
      const { changes, risk, reversible } = planOf(check, snapshot, DECLARED);
      expect(changes).toMatchObject([
        {
          operation: 's3:PutBucketPolicy',
          account: ARCHIVE,
          target: `bucket.policy:${TARGET}`,
          input: { Bucket: TARGET, ExpectedBucketOwner: ARCHIVE },
          undo: { operation: 's3:PutBucketPolicy' },
        },
        {
          operation: 's3:PutBucketLogging',
          target: `bucket.logging:${BUCKET}`,
          input: {
            Bucket: BUCKET,
            ExpectedBucketOwner: ARCHIVE,
            BucketLoggingStatus: {
              LoggingEnabled: {
                TargetBucket: TARGET,
                TargetPrefix: `${BUCKET}/`,
                TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
              },
            },
          },
          expect: null,
          result: { TargetBucket: TARGET, TargetPrefix: `${BUCKET}/` },
          undo: { operation: 's3:PutBucketLogging', input: { BucketLoggingStatus: {} }, automatic: true },
        },
      ]);
      const [policy] = changes;
      expect(policy === undefined ? [] : putDocument(policy).Statement).toMatchObject([
        { Sid: 'Other' },
        {
          Principal: { Service: 'logging.s3.amazonaws.com' },
          Resource: `arn:aws:s3:::${TARGET}/${BUCKET}/*`,
          Condition: {
            ArnLike: { 'aws:SourceArn': `arn:aws:s3:::${BUCKET}` },
            StringEquals: { 'aws:SourceAccount': ARCHIVE },
          },
        },
      ]);
      expect({ risk, reversible }).toEqual({ risk: 'cost', reversible: 'yes' });
    });

    it('leaves a policy alone that lets the service write already', () => {
      expect(planOf(check, off(), DECLARED).changes.map(({ operation }) => operation)).toEqual(['s3:PutBucketLogging']);
    });

    it('only mends the policy where the logging itself is right', () => {
      const snapshot = withPart(healthy, 'bucket.policy', TARGET, NO_POLICY);
      expect(planOf(check, snapshot, DECLARED).changes).toMatchObject([
        { operation: 's3:PutBucketPolicy', undo: { operation: 's3:DeleteBucketPolicy' } },
      ]);
    });

    it('goes back to the old target, and says what it cannot bring back', () => {
      const snapshot = withBucket(healthy, { logging: { TargetBucket: BUCKET, TargetPrefix: 'self/' } });
      const plan = planOf(check, snapshot, DECLARED);
      expect(plan.changes.at(-1)?.undo?.input).toMatchObject({
        BucketLoggingStatus: { LoggingEnabled: { TargetBucket: BUCKET, TargetPrefix: 'self/' } },
      });
      expect(plan.reversible).toBe('partly');
    });

    it('guides where no target is declared', () => {
      expect(findingOf(check, off()).fix).toBe('manual');
      const proposal = fixOf(check, off());
      expect(proposal.kind).toBe('manual');
      expect(JSON.stringify(proposal)).toContain('target_by_region');
    });

    it.each<[string, Snapshot]>([
      ['in another account', withPart(off(), 'bucket', TARGET, target({ owner: ACCOUNT }))],
      [
        'with default retention',
        withPart(off(), 'bucket.objectLock', TARGET, read({ Mode: 'COMPLIANCE' as const, Days: 1 })),
      ],
      ['a log bucket of a trail', withTrail(off(), { name: 'other', owner: ARCHIVE, S3BucketName: TARGET })],
      [
        'encrypted with KMS',
        withPart(
          off(),
          'bucket.encryption',
          TARGET,
          read({ Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] }),
        ),
      ],
      ['refusing the service', withPart(off(), 'bucket.policy', TARGET, targetPolicy(REFUSE))],
      ['unreadable', withPart(off(), 'bucket', TARGET, denied('s3:ListBucket', ARCHIVE))],
    ])('refuses a declared target that is %s', (_, snapshot) => {
      const given = { ...DECLARED, of: `arn:aws:s3:::${BUCKET}` };
      expect(findingOf(check, snapshot, given).verdict).toBe('fail');
      expect(fixOf(check, snapshot, given)).toMatchObject({ kind: 'blocked', by: 'bucket/access-logging' });
    });
  });
});
