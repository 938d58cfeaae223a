import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/kms-encryption.ts';
import { keyDeliveryStatements } from '../../../src/check/evaluators/policy/statements.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  denied,
  emptySnapshot,
  healthySnapshot,
  KEY_ARN,
  MANAGEMENT,
  TRAIL_ARN,
  unreachable,
  withBucket,
  withKey,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, planOf, putDocument } from '../bucket/support.ts';
import { accountWith, memberUnder, memberUnderUnknown, type TrailOptions } from './support.ts';

type KeyOptions = NonNullable<Parameters<typeof withKey>[1]>;

const MULTI_REGION = `arn:aws:kms:us-east-1:${ACCOUNT}:key/mrk-1a2b3c4d5e6f`;
const ALIAS = `arn:aws:kms:us-east-1:${ACCOUNT}:alias/audit`;
const KEY_ID = '1a2b3c4d-1111-2222-3333-444455556666';

const keyed = (KmsKeyId: string, key: KeyOptions = {}, trail: TrailOptions = {}) =>
  withKey(accountWith({ ...trail, KmsKeyId }), { reference: KmsKeyId, ...key });

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['customer managed key', healthySnapshot, 'pass'],
  ['no key', () => accountWith({ KmsKeyId: undefined }), 'fail', { fix: 'auto-second-approver', risk: 'disruptive' }],
  ['key managed by AWS', () => keyed(KEY_ARN, { key: { KeyManager: 'AWS' } }), 'fail'],
  [
    'Key named but deleted: fail here too, the trail cannot deliver',
    () => keyed(KEY_ARN, { key: absent('NotFoundException') }),
    'fail',
  ],
  [
    'Key in an account outside the estate: pass here, key/* unknown',
    () => keyed(KEY_ARN, { key: unreachable(ARCHIVE) }),
    'pass',
  ],
  [
    'Stopped trail: still judged; the finding says that it is stopped',
    () => accountWith({ KmsKeyId: undefined, status: { IsLogging: false } }),
    'fail',
    { notes: ['The trail is stopped.'] },
  ],
  [
    'Organization trail seen from a member: verdict inherited from the owner, with the trail ARN as evidence; no fix offered in the member',
    () => memberUnder({ KmsKeyId: undefined }),
    'fail',
    { account: MANAGEMENT },
  ],
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  [
    'AccessDenied on DescribeKey: unknown, naming kms:DescribeKey',
    () => keyed(KEY_ARN, { key: denied('kms:DescribeKey', ACCOUNT) }),
    'unknown',
    { missingPermission: 'kms:DescribeKey' },
  ],
];

describe('trail/kms-encryption', () => {
  it.each<[string, KeyOptions['key']]>([
    [KEY_ID, {}],
    [KEY_ARN, {}],
    [ALIAS, { Arn: KEY_ARN }],
    [MULTI_REGION, { MultiRegion: true }],
  ])(
    'KmsKeyId given as key id, key ARN, alias ARN or multi-region key: all resolved, all valid (%s)',
    (reference, key = {}) => {
      expect(findingOf(check, keyed(reference, { key })).verdict).toBe('pass');
    },
  );

  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    expect(findingsOf(check, memberUnder({}))).toHaveLength(1);
  });
});

describe('plan of trail/kms-encryption', () => {
  const estate = { keys: { 'us-east-1': KEY_ARN } };
  const administration = {
    Sid: 'Administration',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'kms:*',
    Resource: '*',
  };

  function unencrypted(key: KeyOptions = {}, trail: TrailOptions = {}): Snapshot {
    const accounts = emptySnapshot({ accounts: [ACCOUNT, { id: ARCHIVE, inScope: false }] });
    const policy = { Version: '2012-10-17', Statement: [administration] };
    return withKey(withBucket(withTrail(accounts, { KmsKeyId: undefined, ...trail })), { policy, ...key });
  }

  it('lets CloudTrail use the key first, keeping every statement, then sets it on the trail', () => {
    const plan = planOf(check, unencrypted(), { estate });
    const [policy, trail] = plan.changes;
    expect(plan.changes.map(({ operation }) => operation)).toEqual(['kms:PutKeyPolicy', 'cloudtrail:UpdateTrail']);
    expect(policy?.input).toMatchObject({ KeyId: KEY_ARN, PolicyName: 'default' });
    expect(policy && putDocument(policy).Statement).toMatchObject([
      administration,
      {
        Action: 'kms:GenerateDataKey*',
        Condition: {
          StringEquals: { 'aws:SourceArn': [TRAIL_ARN] },
          StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': [`arn:aws:cloudtrail:*:${ACCOUNT}:trail/*`] },
        },
      },
      { Action: 'kms:DescribeKey', Condition: { StringEquals: { 'aws:SourceArn': [TRAIL_ARN] } } },
    ]);
    expect(policy?.undo).toMatchObject({ operation: 'kms:PutKeyPolicy', automatic: true });
    expect(trail?.input).toEqual({ Name: TRAIL_ARN, KmsKeyId: KEY_ARN });
    expect(trail?.undo?.input).toEqual({ Name: TRAIL_ARN, KmsKeyId: '' });
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'disruptive', reversible: 'partly' });
    expect(plan.warnings).toEqual([expect.stringContaining('kms:Decrypt')]);
  });

  it('keeps what other trails of the key have, and extends a list only where nothing else differs', () => {
    const other = `arn:aws:cloudtrail:us-east-1:${ARCHIVE}:trail/other`;
    const statements = keyDeliveryStatements({
      partition: 'aws',
      trailArns: [other],
      accountIds: [ARCHIVE],
      decryptForBucketKey: false,
    });
    const Statement = [administration, ...statements] as JsonObject[];
    const [policy] = planOf(check, unencrypted({ policy: { Version: '2012-10-17', Statement } }), { estate }).changes;
    expect(policy && putDocument(policy).Statement).toMatchObject([
      administration,
      { Sid: 'CloudTrailEncrypt', Condition: { StringEquals: { 'aws:SourceArn': [other] } } },
      { Sid: 'CloudTrailDescribeKey', Condition: { StringEquals: { 'aws:SourceArn': [other, TRAIL_ARN] } } },
      { Sid: 'CloudTrailEncrypt2', Condition: { StringEquals: { 'aws:SourceArn': [TRAIL_ARN] } } },
    ]);
  });

  it('lets CloudTrail decrypt too where the bucket uses a Bucket Key', () => {
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }, BucketKeyEnabled: true };
    const snapshot = withBucket(unencrypted(), { encryption: { Rules: [rule] } });
    const [policy] = planOf(check, snapshot, { estate }).changes;
    expect(policy && putDocument(policy).Statement.map(({ Action }) => Action)).toContain('kms:Decrypt');
  });

  it('leaves the key policy alone where it serves the trail already', () => {
    const served = withKey(accountWith({}));
    const policy = served['key.policy'][KEY_ARN];
    if (policy?.state !== 'read') throw new Error('there is a policy');
    const plan = planOf(check, unencrypted({ policy: JSON.parse(policy.value.text) }), { estate });
    expect(plan.changes.map(({ operation }) => operation)).toEqual(['cloudtrail:UpdateTrail']);
  });

  it('takes the key of the check before that of the estate', () => {
    const settings = { key_by_region: { 'us-east-1': MULTI_REGION } };
    const snapshot = withKey(unencrypted(), { reference: MULTI_REGION, key: { MultiRegion: true } });
    expect(planOf(check, snapshot, { estate, settings }).changes.at(-1)?.input).toMatchObject({
      KmsKeyId: MULTI_REGION,
    });
  });

  it('is guided where no key is declared for the region of the bucket', () => {
    expect(fixOf(check, unencrypted())).toMatchObject({ kind: 'manual' });
  });

  it.each<[string, KeyOptions]>([
    ['disabled', { key: { KeyState: 'Disabled' } }],
    ['managed by AWS', { key: { KeyManager: 'AWS' } }],
    ['asymmetric', { key: { KeySpec: 'RSA_2048' } }],
    ['in another region', { key: { region: 'eu-west-1' } }],
    ['not readable', { key: denied('kms:DescribeKey', ACCOUNT) }],
  ])('is blocked by a declared key that is %s', (_name, key) => {
    expect(fixOf(check, unencrypted(key), { estate })).toMatchObject({ kind: 'blocked', by: 'key/usable' });
  });
});
