import { describe, expect, it } from 'vitest';
import check from '../../../checks/key/delivery-policy.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  denied,
  healthySnapshot,
  KEY_ARN,
  keyPolicy,
  MANAGEMENT,
  TRAIL_ARN,
  unreachable,
  withAccount,
  withBucket,
  withKey,
  withOrganization,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf, putDocument } from '../bucket/support.ts';

const SERVICE = { Service: 'cloudtrail.amazonaws.com' };
const ROOT = {
  Sid: 'Administration',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 'kms:*',
  Resource: '*',
};
const CONTEXT = 'kms:EncryptionContext:aws:cloudtrail:arn';
const encrypt = (more: JsonObject = {}): JsonObject => ({
  Sid: 'Encrypt',
  Effect: 'Allow',
  Principal: SERVICE,
  Action: 'kms:GenerateDataKey*',
  Resource: '*',
  ...more,
});
const policy = (...Statement: JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement });
const withPolicy = (...statements: JsonObject[]) => withKey(healthySnapshot(), { policy: policy(...statements) });
const bucketKey = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }, BucketKeyEnabled: true }],
};
const denyStrangers = {
  Sid: 'OnlyOurs',
  Effect: 'Deny',
  Principal: '*',
  Action: 'kms:*',
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-acme123456' } },
};

/** The key serves the organization trail of the management account. */
function organizationTrail(context: string): Snapshot {
  const estate = withOrganization(withAccount(healthySnapshot(), { id: MANAGEMENT }));
  const trail = withTrail({ ...estate, trail: {} }, { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true });
  return withKey(trail, { policy: policy(ROOT, encrypt({ Condition: { StringLike: { [CONTEXT]: context } } })) });
}

describe('key/delivery-policy', () => {
  it('passes on the policy that CloudTrail asks for', () => {
    expect(findingOf(check, healthySnapshot())).toMatchObject({ verdict: 'pass', account: ACCOUNT, notes: [] });
  });

  it.each<[string, Snapshot, JsonObject]>([
    [
      'aws:SourceArn pinned to a trail that was renamed or replaced: fail',
      withPolicy(ROOT, encrypt({ Condition: { StringEquals: { 'aws:SourceArn': `${TRAIL_ARN}-old` } } })),
      { fix: 'auto-second-approver' },
    ],
    ['GenerateDataKey without the star: fail', withPolicy(ROOT, encrypt({ Action: 'kms:GenerateDataKey' })), {}],
    [
      'no statement for CloudTrail',
      withPolicy(ROOT),
      { reason: 'The trail audit cannot deliver: kms:GenerateDataKey* is not allowed.' },
    ],
    [
      'Allow present, Deny for services outside an organization that also hits the service principal: fail',
      withPolicy(ROOT, encrypt(), denyStrangers),
      { fix: 'manual' },
    ],
    [
      'kms:Decrypt missing where the bucket uses an S3 Bucket Key',
      withBucket(withPolicy(ROOT, encrypt()), { encryption: bucketKey }),
      { reason: 'The trail audit cannot deliver: kms:Decrypt, which an S3 Bucket Key asks for, is not allowed.' },
    ],
  ])('fails: %s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', ...expected });
  });

  it.each<[string, Snapshot]>([
    [
      'Context written as a pattern per account (trail/*): pass for trails of that account',
      withPolicy(
        ROOT,
        encrypt({ Condition: { StringLike: { [CONTEXT]: `arn:aws:cloudtrail:*:${ACCOUNT}:trail/*` } } }),
      ),
    ],
    ['no S3 Bucket Key, no kms:Decrypt', withPolicy(ROOT, encrypt())],
    [
      'deny for everybody but services',
      withPolicy(ROOT, encrypt(), {
        ...denyStrangers,
        Condition: { ...denyStrangers.Condition, Bool: { 'aws:PrincipalIsAWSService': 'false' } },
      }),
    ],
  ])('passes: %s', (_, snapshot) => {
    expect(findingOf(check, snapshot).verdict).toBe('pass');
  });

  it('Organization trail: context and SourceArn carry the id of the management account, also for members', () => {
    const of = (account: string) => organizationTrail(`arn:aws:cloudtrail:*:${account}:trail/*`);
    expect(findingOf(check, of(MANAGEMENT)).verdict).toBe('pass');
    expect(findingOf(check, of(ACCOUNT)).verdict).toBe('fail');
  });

  it('notes that CloudTrail may not describe the key, as with the key of a landing zone', () => {
    expect(findingOf(check, withPolicy(ROOT, encrypt()))).toMatchObject({
      verdict: 'pass',
      notes: ['CloudTrail may not describe the key; it encrypts all the same.'],
    });
  });

  it.each<[string, Snapshot, string | undefined]>([
    [
      'AccessDenied on GetKeyPolicy: unknown, naming kms:GetKeyPolicy',
      withKey(healthySnapshot(), { policy: denied('kms:GetKeyPolicy', ACCOUNT) }),
      'kms:GetKeyPolicy',
    ],
    [
      'Key outside the estate: unknown',
      withKey(healthySnapshot(), { key: unreachable('999999999999') }),
      'sts:AssumeRole',
    ],
    [
      'AccessDenied on GetBucketEncryption where kms:Decrypt is missing',
      withBucket(withPolicy(ROOT, encrypt()), { encryption: denied('s3:GetEncryptionConfiguration', ARCHIVE) }),
      's3:GetEncryptionConfiguration',
    ],
    [
      'a condition on a key that nobody knows',
      withPolicy(ROOT, encrypt({ Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } })),
      undefined,
    ],
    ['a policy that is no policy', withPolicy({ Effect: 'Perhaps' }), undefined],
  ])('is unknown: %s', (_, snapshot, missingPermission) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'unknown', fix: 'none' });
    expect(findingOf(check, snapshot).missingPermission).toBe(missingPermission);
  });

  it.each<[string, Snapshot]>([
    ['the key does not exist', withKey(healthySnapshot(), { key: absent('NotFoundException') })],
    ['the key is managed by AWS', withKey(healthySnapshot(), { key: { KeyManager: 'AWS' } })],
  ])('is not applicable where %s', (_, snapshot) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'not-applicable', cause: 'key/usable' });
  });

  describe('fix', () => {
    const store = {
      Sid: 'EventDataStore',
      Effect: 'Allow',
      Principal: SERVICE,
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } },
    };

    it('Event data store on the same key: its statement has no SourceArn and is left alone', () => {
      const change = onlyChange(planOf(check, withPolicy(ROOT, store)));
      expect(putDocument(change).Statement).toContainEqual(store);
    });

    it("adds CloudTrail's statements for every trail of the key and leaves the others alone", () => {
      const before = policy(ROOT, store);
      const two = withTrail(healthySnapshot(), { name: 'second' });
      const change = onlyChange(planOf(check, withKey(two, { policy: before })));
      const arns = [TRAIL_ARN, `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/second`];
      expect(change).toMatchObject({
        account: ACCOUNT,
        region: 'us-east-1',
        operation: 'kms:PutKeyPolicy',
        resource: KEY_ARN,
        input: { KeyId: KEY_ARN, PolicyName: 'default' },
        undo: { operation: 'kms:PutKeyPolicy', input: { Policy: JSON.stringify(before) }, automatic: true },
      });
      expect(change.input).not.toHaveProperty('BypassPolicyLockoutSafetyCheck');
      const { Statement } = putDocument(change);
      expect(Statement.slice(0, 2)).toEqual([ROOT, store]);
      expect(Statement.slice(2)).toMatchObject([
        {
          Action: 'kms:GenerateDataKey*',
          Condition: {
            StringEquals: { 'aws:SourceArn': arns },
            StringLike: { [CONTEXT]: [`arn:aws:cloudtrail:*:${ACCOUNT}:trail/*`] },
          },
        },
        { Action: 'kms:DescribeKey', Condition: { StringEquals: { 'aws:SourceArn': arns } } },
      ]);
    });

    it('lets CloudTrail decrypt where the bucket uses an S3 Bucket Key', () => {
      const snapshot = withBucket(withPolicy(ROOT), { encryption: bucketKey });
      const actions = putDocument(onlyChange(planOf(check, snapshot))).Statement.map(({ Action }) => Action);
      expect(actions).toEqual(['kms:*', 'kms:GenerateDataKey*', 'kms:DescribeKey', 'kms:Decrypt']);
    });

    it('widens a statement pinned to one trail instead of narrowing it', () => {
      const two = withTrail(healthySnapshot(), { name: 'second' });
      const one = healthySnapshot().trail[TRAIL_ARN];
      const before = keyPolicy('aws', ACCOUNT, one?.state === 'read' ? [one.value] : []);
      const { Statement } = putDocument(onlyChange(planOf(check, withKey(two, { policy: before }))));
      expect(JSON.stringify(Statement)).toContain('trail/second');
      expect(JSON.stringify(Statement)).toContain(TRAIL_ARN);
      expect(Statement[0]).toEqual(ROOT);
    });

    it.each<[string, JsonObject[]]>([
      ['a Deny stands in the way', [ROOT, encrypt(), denyStrangers]],
      ['the account may not put the policy of its key', [{ ...ROOT, Principal: { AWS: '777777777777' } }]],
      [
        'the policy names somebody who no longer exists',
        [ROOT, { ...ROOT, Principal: { AWS: 'AIDAEXAMPLEEXAMPLE1' } }],
      ],
    ])('guides where %s', (_, statements) => {
      const snapshot = withPolicy(...statements);
      expect(findingOf(check, snapshot).fix).toBe('manual');
      expect(fixOf(check, snapshot)).toMatchObject({ kind: 'manual' });
    });
  });
});
