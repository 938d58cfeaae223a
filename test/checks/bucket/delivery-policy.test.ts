import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/delivery-policy.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  deliveryPolicy,
  denied,
  healthySnapshot,
  KEY_ARN,
  MANAGEMENT,
  TRAIL_ARN,
  unreachable,
  withAccount,
  withBucket,
  withOrganization,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf, putDocument } from './support.ts';

const ARN = `arn:aws:s3:::${BUCKET}`;
const ORGANIZATION_ID = 'o-acme123456';
const SERVICE = { Service: 'cloudtrail.amazonaws.com' };

function read(snapshot: Snapshot) {
  return Object.values(snapshot.trail).flatMap((part) => (part.state === 'read' ? [part.value] : []));
}

/** The healthy policy with more statements. */
function policyWith(...statements: JsonObject[]): JsonObject {
  const healthy = healthySnapshot();
  const policy = deliveryPolicy(healthy, BUCKET, read(healthy));
  return { ...policy, Statement: [...(policy.Statement as JsonObject[]), ...statements] };
}

function allow(more: JsonObject): JsonObject {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Acl', Effect: 'Allow', Principal: SERVICE, Action: 's3:GetBucketAcl', Resource: ARN },
      {
        Sid: 'Write',
        Effect: 'Allow',
        Principal: SERVICE,
        Action: 's3:PutObject',
        Resource: `${ARN}/AWSLogs/${ACCOUNT}/*`,
        ...more,
      },
    ],
  };
}

function withPolicy(policy: JsonObject): Snapshot {
  return withBucket(healthySnapshot(), { policy });
}

function organizationSnapshot(writes: string[]): Snapshot {
  const estate = withOrganization(withAccount(healthySnapshot(), { id: MANAGEMENT }));
  const snapshot = withTrail(
    { ...estate, trail: {} },
    { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true, KmsKeyId: undefined },
  );
  return withBucket(snapshot, { policy: allow({ Resource: writes.map((path) => `${ARN}/${path}`) }) });
}

const denyUnlessKms = {
  Sid: 'OnlyKms',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:PutObject',
  Resource: `${ARN}/*`,
  Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
};
const denyStrangers = {
  Sid: 'OnlyOurs',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [ARN, `${ARN}/*`],
  Condition: { StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION_ID } },
};

describe('bucket/delivery-policy', () => {
  it('passes on the policy that CloudTrail asks for', () => {
    expect(findingOf(check, healthySnapshot())).toMatchObject({
      verdict: 'pass',
      account: ARCHIVE,
      evidence: { trails: [TRAIL_ARN] },
    });
  });

  const stoppedDigests = withTrail(healthySnapshot(), { LogFileValidationEnabled: false });

  it.each<[string, Snapshot, JsonObject]>([
    [
      'No policy at all: fail',
      withBucket(healthySnapshot(), { policy: absent('NoSuchBucketPolicy') }),
      { fix: 'auto' },
    ],
    [
      'Prefix of the trail and prefix in the policy differ: fail',
      withTrail(healthySnapshot(), { S3KeyPrefix: 'audit' }),
      { fix: 'auto' },
    ],
    [
      'Legacy principals (CloudTrail account ids per region) without the service principal: fail, new regions are not served',
      withPolicy({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Legacy',
            Effect: 'Allow',
            Principal: { AWS: ['arn:aws:iam::086441151436:root', '113285607260'] },
            Action: ['s3:GetBucketAcl', 's3:PutObject'],
            Resource: [ARN, `${ARN}/*`],
          },
        ],
      }),
      { fix: 'auto' },
    ],
    [
      'Deny of uploads without aws:kms that does not let AES256 pass: fail where validation is on',
      withPolicy(policyWith(denyUnlessKms)),
      { fix: 'manual' },
    ],
    [
      'Allow pinned by aws:SourceArn to another trail: fail for this one',
      withPolicy(allow({ Condition: { StringEquals: { 'aws:SourceArn': `${TRAIL_ARN}-old` } } })),
      { fix: 'auto' },
    ],
    [
      'Deny by aws:PrincipalOrgID, or Allow that demands it: fail, a service principal has none',
      withPolicy(policyWith(denyStrangers)),
      { fix: 'manual' },
    ],
    [
      'Allow that demands aws:PrincipalOrgID',
      withPolicy(allow({ Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION_ID } } })),
      { fix: 'auto' },
    ],
    [
      'write allowed for a part of the path',
      withPolicy(allow({ Resource: `${ARN}/AWSLogs/${ACCOUNT}/CloudTrail/us-*` })),
      {},
    ],
    [
      'requester pays',
      withBucket(healthySnapshot(), { requestPayment: { Payer: 'Requester' } }),
      { reason: 'Requester Pays is on, and CloudTrail pays for nothing.' },
    ],
    ['organization trail: path of the organization missing', organizationSnapshot([`AWSLogs/${MANAGEMENT}/*`]), {}],
    [
      'organization trail: path of the management account missing',
      organizationSnapshot([`AWSLogs/${ORGANIZATION_ID}/*`]),
      {},
    ],
    [
      'organization trail: one member only',
      organizationSnapshot([`AWSLogs/${MANAGEMENT}/*`, `AWSLogs/${ORGANIZATION_ID}/${MANAGEMENT}/*`]),
      {},
    ],
  ])('fails: %s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', ...expected });
  });

  it.each<[string, Snapshot]>([
    [
      'Demand of the ACL header bucket-owner-full-control: pass, CloudTrail sends it',
      withPolicy(allow({ Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } } })),
    ],
    [
      'deny of uploads without aws:kms, validation off',
      withBucket(stoppedDigests, { policy: policyWith(denyUnlessKms) }),
    ],
    [
      'deny that spares AWS services',
      withPolicy(
        policyWith({
          ...denyStrangers,
          Condition: { ...denyStrangers.Condition, Bool: { 'aws:PrincipalIsAWSService': 'false' } },
        }),
      ),
    ],
    [
      'Paths: [prefix/]AWSLogs/<account>/*, and for an organization trail also AWSLogs/<organization id>/* plus the path of the management account itself',
      organizationSnapshot([`AWSLogs/${MANAGEMENT}/*`, `AWSLogs/${ORGANIZATION_ID}/*`]),
    ],
  ])('passes: %s', (_, snapshot) => {
    expect(findingOf(check, snapshot).verdict).toBe('pass');
  });

  it('Bucket in the archive account, trails in others: judged once, listing the trails that fail', () => {
    const other = withTrail(healthySnapshot(), { name: 'other', owner: MANAGEMENT });
    const arn = `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:trail/other`;
    const finding = findingOf(check, other);
    expect(finding.evidence.trails).toEqual([TRAIL_ARN, arn]);
    expect(Object.keys(finding.evidence.failing as JsonObject)).toEqual([arn]);
    expect(finding.reason).toBe('1 of 2 trails cannot deliver: reading the ACL of the bucket is not allowed (other).');
  });

  it.each<[string, Snapshot, JsonObject]>([
    [
      'AccessDenied on GetBucketPolicy: unknown, naming GetBucketPolicy',
      withBucket(healthySnapshot(), { policy: denied('s3:GetBucketPolicy', ARCHIVE) }),
      { missingPermission: 's3:GetBucketPolicy' },
    ],
    [
      'AccessDenied on GetBucketRequestPayment',
      withBucket(healthySnapshot(), { requestPayment: denied('s3:GetBucketRequestPayment', ARCHIVE) }),
      { missingPermission: 's3:GetBucketRequestPayment' },
    ],
    [
      'AccessDenied on DescribeOrganization, which the path hangs on',
      withPart(
        organizationSnapshot([`AWSLogs/${MANAGEMENT}/*`]),
        'organization',
        'organization',
        denied('organizations:DescribeOrganization', MANAGEMENT),
      ),
      { missingPermission: 'organizations:DescribeOrganization' },
    ],
    ['owner outside the estate', withBucket(healthySnapshot(), { owner: undefined }), { missingPermissions: [] }],
    [
      'Bucket owned by an account outside the estate or out of reach: unknown, naming the owner if known; never fail',
      withAccount(healthySnapshot(), { id: ARCHIVE, inScope: false, status: 'unreachable', reason: 'no role' }),
      { missingPermission: 'sts:AssumeRole' },
    ],
    [
      'the account could not be entered',
      withPart(healthySnapshot(), 'bucket.policy', BUCKET, unreachable(ARCHIVE)),
      { missingPermission: 'sts:AssumeRole' },
    ],
    [
      'a condition on a key that nobody knows',
      withPolicy(allow({ Condition: { StringEquals: { 'ec2:Tenancy': 'x' } } })),
      {},
    ],
    ['a policy that is no policy', withBucket(healthySnapshot(), { policy: { Statement: [{ Effect: 'Maybe' }] } }), {}],
  ])('is unknown: %s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'unknown', fix: 'none', ...expected });
  });

  it('Bucket does not exist: not-applicable here, bucket/exists fails', () => {
    const snapshot = withBucket(healthySnapshot(), { bucket: absent('NoSuchBucket') });
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'not-applicable', cause: 'bucket/exists' });
  });

  describe('fix', () => {
    const vendor = {
      Sid: 'Vendor',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::777777777777:role/backup' },
      Action: 's3:GetObject',
      Resource: `${ARN}/*`,
    };

    it('adds what is missing, pinned to the trail, and loses no statement', () => {
      const policy = { Version: '2012-10-17', Statement: [vendor] };
      const change = onlyChange(planOf(check, withPolicy(policy)));
      expect(change).toMatchObject({
        account: ARCHIVE,
        operation: 's3:PutBucketPolicy',
        resource: ARN,
        target: `bucket.policy:${BUCKET}`,
        input: { Bucket: BUCKET, ExpectedBucketOwner: ARCHIVE },
        undo: {
          operation: 's3:PutBucketPolicy',
          input: { Policy: JSON.stringify(policy), ExpectedBucketOwner: ARCHIVE },
          automatic: true,
        },
      });
      const { Statement } = putDocument(change);
      expect(Statement[0]).toEqual(vendor);
      expect(Statement.slice(1)).toMatchObject([
        { Action: 's3:GetBucketAcl', Resource: ARN, Condition: { StringEquals: { 'aws:SourceArn': TRAIL_ARN } } },
        {
          Action: 's3:PutObject',
          Resource: `${ARN}/AWSLogs/${ACCOUNT}/*`,
          Condition: { StringEquals: { 'aws:SourceArn': TRAIL_ARN } },
        },
      ]);
    });

    it('makes a policy where there is none, and takes it away again', () => {
      const change = onlyChange(planOf(check, withBucket(healthySnapshot(), { policy: absent('NoSuchBucketPolicy') })));
      expect(change.expect).toBeNull();
      expect(change.undo).toMatchObject({ operation: 's3:DeleteBucketPolicy' });
    });

    it('keeps the path of the management account for an organization trail', () => {
      const { Statement } = putDocument(onlyChange(planOf(check, organizationSnapshot([`AWSLogs/${ACCOUNT}/*`]))));
      const resources = Statement.flatMap(({ Resource }) => Resource);
      expect(resources).toContain(`${ARN}/AWSLogs/${MANAGEMENT}/*`);
      expect(resources).toContain(`${ARN}/AWSLogs/${ORGANIZATION_ID}/*`);
      expect(resources).not.toContain(`${ARN}/*`);
    });

    it('puts the service principal in the place of the legacy accounts, and spares who shares their statement', () => {
      const policy = {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'LegacyOnly',
            Effect: 'Allow',
            Principal: { AWS: '086441151436' },
            Action: 's3:GetBucketAcl',
            Resource: ARN,
          },
          {
            ...vendor,
            Principal: { AWS: ['arn:aws:iam::113285607260:root', 'arn:aws:iam::777777777777:role/backup'] },
          },
        ],
      };
      const { Statement } = putDocument(onlyChange(planOf(check, withPolicy(policy))));
      expect(Statement.map(({ Sid }) => Sid)).toEqual(['Vendor', 'AWSCloudTrailAclCheck', 'AWSCloudTrailWrite']);
      expect(Statement[0]?.Principal).toEqual({ AWS: ['arn:aws:iam::777777777777:role/backup'] });
    });

    it('turns Requester Pays off, and on again as undo', () => {
      const snapshot = withBucket(healthySnapshot(), { requestPayment: { Payer: 'Requester' } });
      expect(onlyChange(planOf(check, snapshot))).toMatchObject({
        operation: 's3:PutBucketRequestPayment',
        input: { RequestPaymentConfiguration: { Payer: 'BucketOwner' } },
        expect: { Payer: 'Requester' },
        result: { Payer: 'BucketOwner' },
        undo: { input: { RequestPaymentConfiguration: { Payer: 'Requester' } } },
      });
    });

    it('guides where a Deny stands in the way: adding cannot help', () => {
      const proposal = fixOf(check, withPolicy(policyWith(denyStrangers)));
      expect(proposal).toMatchObject({ kind: 'manual' });
      expect(JSON.stringify(proposal)).toContain('OnlyOurs');
    });

    it('guides where the policy names somebody who no longer exists', () => {
      const dead = { ...vendor, Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' } };
      const snapshot = withPolicy({ Version: '2012-10-17', Statement: [dead] });
      expect(findingOf(check, snapshot).fix).toBe('manual');
      expect(fixOf(check, snapshot)).toMatchObject({ kind: 'manual' });
    });

    it('watches the delivery of every trail', () => {
      const snapshot = withTrail(healthySnapshot(), { S3KeyPrefix: 'audit', KmsKeyId: KEY_ARN });
      expect(planOf(check, snapshot).watchDelivery).toEqual([TRAIL_ARN]);
    });
  });
});
