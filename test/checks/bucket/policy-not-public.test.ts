import { describe, expect, it } from 'vitest';
import deliveryCheck from '../../../checks/bucket/delivery-policy.ts';
import check from '../../../checks/bucket/policy-not-public.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  deliveryPolicy,
  denied,
  healthySnapshot,
  TRAIL_ARN,
  withAccount,
  withBucket,
} from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf, onlyChange, planOf, putDocument } from './support.ts';

const ARN = `arn:aws:s3:::${BUCKET}`;
const NONE = absent('NoSuchPublicAccessBlockConfiguration');
const open = (more: JsonObject = {}): JsonObject => ({
  Sid: 'Open',
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: `${ARN}/*`,
  ...more,
});
const when = (Condition: JsonObject) => open({ Condition });

function statements(): JsonObject[] {
  const healthy = healthySnapshot();
  const trails = Object.values(healthy.trail).flatMap((part) => (part.state === 'read' ? [part.value] : []));
  return deliveryPolicy(healthy, BUCKET, trails).Statement as JsonObject[];
}

/** The healthy policy with one statement more, and no Block Public Access on the bucket. */
function withStatement(statement: JsonObject, more: Parameters<typeof withBucket>[1] = {}): Snapshot {
  const policy = { Version: '2012-10-17', Statement: [...statements(), statement] };
  return withBucket(healthySnapshot(), { policy, publicAccessBlock: NONE, ...more });
}

bucketEdges(check, {
  'bucket.policy': {
    action: 's3:GetBucketPolicy',
    edge: 'AccessDenied on GetBucketPolicy: unknown, naming GetBucketPolicy',
  },
  'bucket.policyStatus': 's3:GetBucketPolicyStatus',
});

describe('bucket/policy-not-public', () => {
  it('No bucket policy: pass', () => {
    const snapshot = withBucket(healthySnapshot(), {
      policy: absent('NoSuchBucketPolicy'),
      policyStatus: absent('NoSuchBucketPolicy'),
    });
    expect(findingOf(check, snapshot).verdict).toBe('pass');
  });

  it.each<[string, JsonObject]>([
    ['aws:SourceArn', { ArnLike: { 'aws:SourceArn': TRAIL_ARN } }],
    ['aws:SourceAccount', { StringEquals: { 'aws:SourceAccount': ACCOUNT } }],
    ['aws:PrincipalOrgID', { StringEquals: { 'aws:PrincipalOrgID': 'o-acme123456' } }],
    ['aws:SourceVpce', { StringEquals: { 'aws:SourceVpce': 'vpce-1' } }],
  ])(
    'Principal * with aws:SourceArn, aws:SourceAccount, aws:PrincipalOrgID or aws:SourceVpce: limited (%s)',
    (_, condition) => {
      expect(findingOf(check, withStatement(when(condition))).verdict).toBe('pass');
    },
  );

  it('Principal {AWS: *} and * are the same; a Deny for * is no finding', () => {
    for (const Principal of ['*', { AWS: '*' }]) {
      expect(findingOf(check, withStatement(open({ Principal }))).verdict).toBe('fail');
      expect(findingOf(check, withStatement(open({ Principal, Effect: 'Deny' }))).verdict).toBe('pass');
    }
  });

  it.each<[string, JsonObject]>([
    ['aws:SourceIp', { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }],
    ['aws:Referer', { StringLike: { 'aws:Referer': 'https://acme.example/*' } }],
  ])(
    'Condition on aws:SourceIp covering everything, or on a header the caller chooses: not limited (%s)',
    (_, condition) => {
      expect(findingOf(check, withStatement(when(condition))).verdict).toBe('fail');
    },
  );

  it.each<[string, JsonObject]>([
    ['principal *', open()],
    [
      'NotPrincipal with Allow: fail',
      { Sid: 'Open', Effect: 'Allow', NotPrincipal: { AWS: ACCOUNT }, Action: 's3:GetObject', Resource: `${ARN}/*` },
    ],
  ])('fails: %s', (_, statement) => {
    const finding = findingOf(check, withStatement(statement));
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'critical', fix: 'auto-second-approver' });
    expect(finding.reason).toMatch(/^Open is open to everybody.*\.$/);
  });

  it('fails by the word of S3 where no statement shows why, and only guides', () => {
    const snapshot = withBucket(healthySnapshot(), { policyStatus: { IsPublic: true }, publicAccessBlock: NONE });
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', fix: 'manual' });
    expect(fixOf(check, snapshot).kind).toBe('manual');
  });

  describe('a public statement masked by RestrictPublicBuckets', () => {
    const RESTRICT = {
      BlockPublicAcls: false,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: true,
    };
    const masked = withStatement(open(), { publicAccessBlock: RESTRICT });

    it('Public statement masked by RestrictPublicBuckets: pass with a warning, fail when count_masked is true', () => {
      expect(findingOf(check, masked, { settings: { count_masked: true } }).verdict).toBe('fail');
      expect(findingOf(check, masked)).toMatchObject({
        verdict: 'pass',
        notes: [expect.stringContaining('RestrictPublicBuckets alone')],
      });
    });

    it('counts the account level too', () => {
      const snapshot = withAccount(withStatement(open()), { id: ARCHIVE, inScope: false, publicAccessBlock: RESTRICT });
      expect(findingOf(check, snapshot).verdict).toBe('pass');
    });

    it('is unknown where the flags cannot be read', () => {
      const flags = denied('s3:GetBucketPublicAccessBlock', ARCHIVE);
      expect(findingOf(check, withStatement(open(), { publicAccessBlock: flags }))).toMatchObject({
        verdict: 'unknown',
        missingPermission: 's3:GetBucketPublicAccessBlock',
      });
    });
  });

  describe('fix', () => {
    it('puts the document without the public statement, every other one as it was read', () => {
      const plan = planOf(check, withStatement(open()), { with: [deliveryCheck] });
      const change = onlyChange(plan);
      expect(putDocument(change).Statement).toEqual(statements());
      expect(change).toMatchObject({
        operation: 's3:PutBucketPolicy',
        input: { ExpectedBucketOwner: ARCHIVE },
        undo: { operation: 's3:PutBucketPolicy', automatic: true },
      });
      expect(JSON.parse(String(change.undo?.input.Policy))).toMatchObject({ Statement: [...statements(), open()] });
      expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'disruptive', watchDelivery: [TRAIL_ARN] });
      expect(plan.warnings.join()).toContain('Open');
    });

    it('keeps delivery where the trails delivered by the very statement that goes', () => {
      const policy = { Version: '2012-10-17', Statement: [open({ Action: 's3:*', Resource: [ARN, `${ARN}/*`] })] };
      const snapshot = withBucket(healthySnapshot(), { policy, publicAccessBlock: NONE });
      const change = onlyChange(planOf(check, snapshot, { with: [deliveryCheck] }));
      expect(change.operation).toBe('s3:PutBucketPolicy');
      const { Statement } = putDocument(change);
      expect(Statement.map(({ Principal }) => Principal)).toEqual([
        { Service: 'cloudtrail.amazonaws.com' },
        { Service: 'cloudtrail.amazonaws.com' },
      ]);
    });

    it('is one put together with the delivery policy that has to be mended first', () => {
      const policy = { Version: '2012-10-17', Statement: [open()] };
      const snapshot = withBucket(healthySnapshot(), { policy, publicAccessBlock: NONE });
      const plan = planOf(check, snapshot, { with: [deliveryCheck] });
      const change = onlyChange(plan);
      expect(putDocument(change).Statement).toHaveLength(2);
      expect(change.undo?.input.Policy).toBe(JSON.stringify(policy));
      expect(plan.findings).toHaveLength(2);
    });

    it('waits for a Deny that stands in the way of delivery', () => {
      const deny = {
        Sid: 'Locked',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:PutObject',
        Resource: `${ARN}/*`,
      };
      const policy = { Version: '2012-10-17', Statement: [...statements(), deny, open()] };
      const snapshot = withBucket(healthySnapshot(), { policy, publicAccessBlock: NONE });
      expect(fixOf(check, snapshot, { with: [deliveryCheck] })).toMatchObject({
        kind: 'blocked',
        by: 'bucket/delivery-policy',
      });
    });

    it('guides where the policy names somebody who no longer exists', () => {
      const dead = open({ Sid: 'Gone', Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' } });
      const policy = { Version: '2012-10-17', Statement: [...statements(), dead, open()] };
      const snapshot = withBucket(healthySnapshot(), { policy, publicAccessBlock: NONE });
      expect(findingOf(check, snapshot).fix).toBe('manual');
      expect(fixOf(check, snapshot, { with: [deliveryCheck] }).kind).toBe('manual');
    });
  });
});
