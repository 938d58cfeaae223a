import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/default-encryption.ts';
import keyCheck from '../../../checks/key/delivery-policy.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  denied,
  healthySnapshot,
  KEY_ARN,
  keyPolicy,
  TRAIL_ARN,
  withBucket,
  withKey,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf, healthyStatements, onlyChange, planOf, putDocument, withAcl } from './support.ts';

const ARN = `arn:aws:s3:::${BUCKET}`;
const rule = (SSEAlgorithm: string, KMSMasterKeyID?: string): JsonObject => ({
  ApplyServerSideEncryptionByDefault: { SSEAlgorithm, ...(KMSMasterKeyID === undefined ? {} : { KMSMasterKeyID }) },
  BucketKeyEnabled: false,
});
const encrypted = (one: JsonObject, snapshot = healthySnapshot()): Snapshot =>
  withBucket(snapshot, { encryption: { Rules: [one] } });
const AES = encrypted(rule('AES256'));
const WITH_KEY = encrypted(rule('aws:kms', KEY_ARN));
const estate = { keys: { 'us-east-1': KEY_ARN } };
const given = { estate, with: [keyCheck] };

bucketEdges(
  check,
  {
    'bucket.encryption': {
      action: 's3:GetEncryptionConfiguration',
      edge: 'AccessDenied on GetBucketEncryption: unknown, naming s3:GetEncryptionConfiguration',
    },
  },
  WITH_KEY,
);

describe('bucket/default-encryption', () => {
  it.each<[string, Snapshot, object]>([
    [
      'Every bucket has AES256 at least: fails only against minimum aws:kms',
      AES,
      { reason: 'The default is AES256, and aws:kms is asked for.' },
    ],
    [
      'Key of AWS (aws/s3): fail against aws:kms, it cannot be shared across accounts',
      encrypted(rule('aws:kms')),
      { reason: expect.stringContaining('aws/s3') },
    ],
    ['the alias of that key', encrypted(rule('aws:kms', 'arn:aws:kms:us-east-1:222222222222:alias/aws/s3')), {}],
    ['the id of a key of AWS', withKey(WITH_KEY, { key: { KeyManager: 'AWS' } }), {}],
    [
      'Key disabled: fail, naming the state',
      withKey(WITH_KEY, { key: { KeyState: 'Disabled' } }),
      { reason: `The default key ${KEY_ARN} is Disabled.` },
    ],
    ['a key that is gone', withKey(WITH_KEY, { key: absent('NotFoundException') }), {}],
  ])('fails: %s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot, { estate })).toMatchObject({ verdict: 'fail', fix: 'auto', ...expected });
  });

  it.each<[string, Snapshot, JsonObject]>([
    ['AES256 where that is enough', AES, { minimum: 'AES256' }],
    ['a key of the customer, with two layers', encrypted(rule('aws:kms:dsse', KEY_ARN)), {}],
  ])('passes: %s', (_, snapshot, settings) => {
    expect(findingOf(check, snapshot, { settings }).verdict).toBe('pass');
  });

  it('Bucket that is a target of server access logs must stay on AES256: not-applicable', () => {
    const logging = { state: 'read' as const, value: { TargetBucket: BUCKET, TargetPrefix: '' } };
    const snapshot = withPart(AES, 'bucket.logging', 'another', logging);
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'not-applicable', fix: 'none' });
  });

  it.each<[string, Snapshot, string]>([
    ['its key cannot be read', withKey(WITH_KEY, { key: denied('kms:DescribeKey', ACCOUNT) }), 'kms:DescribeKey'],
    [
      'whether it receives access logs cannot be read',
      withPart(withAcl([], AES), 'bucket.acl', BUCKET, denied('s3:GetBucketAcl', ARCHIVE)),
      's3:GetBucketAcl',
    ],
  ])('is unknown where %s', (_, snapshot, missingPermission) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'unknown', missingPermission });
  });

  describe('fix', () => {
    it('sets the declared key with a Bucket Key, and puts the saved rule back', () => {
      const saved = { ...rule('AES256'), BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } };
      const plan = planOf(check, encrypted(saved), given);
      const after = {
        BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY_ARN },
        BucketKeyEnabled: true,
      };
      const base = { Bucket: BUCKET, ExpectedBucketOwner: ARCHIVE };
      expect(onlyChange(plan)).toMatchObject({
        account: ARCHIVE,
        operation: 's3:PutBucketEncryption',
        input: { ...base, ServerSideEncryptionConfiguration: { Rules: [after] } },
        target: `bucket.encryption:${BUCKET}`,
        expect: { Rules: [saved] },
        result: { Rules: [after] },
        undo: { operation: 's3:PutBucketEncryption', input: { ServerSideEncryptionConfiguration: { Rules: [saved] } } },
      });
      expect(plan).toMatchObject({ class: 'auto', risk: 'cost', reversible: 'yes', watchDelivery: [TRAIL_ARN] });
      expect(findingOf(check, encrypted(after)).verdict).toBe('pass');
    });

    it('takes the key that the settings declare before that of the estate', () => {
      const settings = { key_by_region: { 'us-east-1': KEY_ARN } };
      const other = { keys: { 'us-east-1': `${KEY_ARN}0` } };
      expect(fixOf(check, AES, { settings, estate: other, with: [keyCheck] }).kind).toBe('plan');
    });

    it('lets CloudTrail decrypt with the keys of its trails first, as a Bucket Key asks, by two people', () => {
      const policy = keyPolicy('aws', ACCOUNT, trailsOf(AES));
      const [root, encrypt, describes] = policy.Statement as JsonObject[];
      const narrow = { ...encrypt, Action: 'kms:GenerateDataKey*' };
      const snapshot = withKey(AES, { policy: { ...policy, Statement: [root, narrow, describes] as JsonObject[] } });
      const plan = planOf(check, snapshot, given);
      const [put, set] = plan.changes;
      expect(plan.changes).toHaveLength(2);
      expect(put).toMatchObject({ operation: 'kms:PutKeyPolicy', account: ACCOUNT, undo: { automatic: true } });
      expect(set?.operation).toBe('s3:PutBucketEncryption');
      const statements = putDocument(put ?? onlyChange(plan)).Statement;
      expect(statements.slice(0, 3)).toEqual([root, narrow, describes]);
      expect(statements.slice(3)).toMatchObject([{ Action: 'kms:Decrypt' }]);
      expect(plan.class).toBe('auto-second-approver');
    });

    it('opens the declared key to a trail without a key of its own', () => {
      const plain = withTrail({ ...AES, trail: {} }, { KmsKeyId: undefined });
      const policy = keyPolicy('aws', ACCOUNT, []);
      const [root] = policy.Statement as JsonObject[];
      const snapshot = withKey(withBucket(plain, { encryption: { Rules: [rule('AES256')] } }), {
        policy: { ...policy, Statement: [root] as JsonObject[] },
      });
      const operations = planOf(check, snapshot, given).changes.map(({ operation }) => operation);
      expect(operations).toEqual(['kms:PutKeyPolicy', 's3:PutBucketEncryption']);
    });

    it('guides where no key is declared for the region', () => {
      expect(findingOf(check, AES).fix).toBe('manual');
      expect(fixOf(check, AES, { with: [keyCheck] }).kind).toBe('manual');
    });

    const reader = {
      Sid: 'R',
      Effect: 'Allow',
      Principal: { AWS: '777777777777' },
      Action: 's3:GetObject',
      Resource: `${ARN}/*`,
    };
    const withReader = withBucket(AES, {
      policy: { Version: '2012-10-17', Statement: [...healthyStatements(), reader] },
      encryption: { Rules: [rule('AES256')] },
    });

    it('is refused while the key shuts out a reader whom the bucket policy lets in', () => {
      const fix = fixOf(check, withReader, given);
      expect(fix.kind).toBe('manual');
      expect(JSON.stringify(fix)).toContain('777777777777 has no kms:Decrypt');
    });

    it.each<[string, Snapshot, string]>([
      ['a key that is disabled', withKey(AES, { key: { KeyState: 'Disabled' } }), 'key/usable'],
      ['a key of another region', withKey(AES, { key: { region: 'eu-west-1' } }), 'key/usable'],
      ['a key of AWS', withKey(AES, { key: { KeyManager: 'AWS' } }), 'key/usable'],
      ['a key nobody may read', withKey(AES, { key: denied('kms:DescribeKey', ACCOUNT) }), 'key/usable'],
      [
        'a key whose policy its account cannot change',
        withKey(AES, {
          policy: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { AWS: '1'.repeat(12) }, Action: 'kms:Describe*', Resource: '*' },
            ],
          },
        }),
        'key/delivery-policy',
      ],
      [
        'users of the bucket that are not known',
        withPart(AES, 'bucket.policy', BUCKET, { state: 'read', value: { text: '{}' } }),
        'bucket/default-encryption',
      ],
    ])('is blocked by %s', (_, snapshot, by) => {
      expect(fixOf(check, snapshot, { estate })).toMatchObject({ kind: 'blocked', by });
    });

    it('never re-encrypts files that exist', () => {
      const operations = planOf(check, AES, given).changes.map(({ operation }) => operation);
      expect(operations).toEqual(['s3:PutBucketEncryption']);
    });
  });
});

function trailsOf(snapshot: Snapshot) {
  return Object.values(snapshot.trail).flatMap((part) => (part.state === 'read' ? [part.value] : []));
}
