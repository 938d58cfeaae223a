import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/expected-destination.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  denied,
  emptySnapshot,
  KEY_ARN,
  MANAGEMENT,
  TRAIL_ARN,
  withBucket,
  withKey,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, planOf, putDocument } from '../bucket/support.ts';
import { accountWith, memberUnder, memberUnderUnknown, ORGANIZATION_TRAIL, type TrailOptions } from './support.ts';

const WRONG = 'somebodys-bucket';
const estate = { archive: { bucket: BUCKET, account: ARCHIVE } };
const prefixes = (...list: string[]): { settings: JsonObject } => ({ settings: { prefixes: list } });
const buckets = (...list: string[]): { settings: JsonObject } => ({ settings: { buckets: list } });
type Given = { settings?: JsonObject; estate?: typeof estate };

const cases: [string, () => Snapshot, Given, string, JsonObject?][] = [
  ['the declared archive', () => accountWith({}), { estate }, 'pass'],
  ['another bucket', () => accountWith({ S3BucketName: WRONG }), { estate }, 'fail', { fix: 'auto-second-approver' }],
  [
    'a bucket declared for this check',
    () => accountWith({ S3BucketName: WRONG }),
    { estate, ...buckets(WRONG) },
    'pass',
  ],
  [
    'Nothing declared: not-applicable, with the advice to declare the archive bucket',
    () => accountWith({}),
    {},
    'not-applicable',
    { reason: expect.stringContaining('declare the archive bucket') },
  ],
  [
    'Right bucket, undeclared prefix: fail',
    () => accountWith({ S3KeyPrefix: 'mine' }),
    { estate, ...prefixes('logs') },
    'fail',
    { reason: 'The trail delivers to the prefix mine, which is not declared.' },
  ],
  ['no prefix where one is declared', () => accountWith({}), { estate, ...prefixes('logs') }, 'fail'],
  ['no prefix, declared as such', () => accountWith({}), { estate, ...prefixes('', 'logs') }, 'pass'],
  [
    'Prefix with or without a trailing slash: the same',
    () => accountWith({ S3KeyPrefix: 'logs' }),
    { estate, ...prefixes('logs/') },
    'pass',
  ],
  [
    'Bucket of the same name in another partition: different',
    () => accountWith({}),
    buckets(`arn:aws-us-gov:s3:::${BUCKET}`),
    'fail',
  ],
  ['a bucket declared by its ARN', () => accountWith({}), buckets(`arn:aws:s3:::${BUCKET}`), 'pass'],
  [
    'Stopped trail: still judged; the finding says that it is stopped',
    () => accountWith({ S3BucketName: WRONG, status: { IsLogging: false } }),
    { estate },
    'fail',
    { notes: ['The trail is stopped.'] },
  ],
  [
    'AccessDenied on DescribeTrails: unknown, naming cloudtrail:DescribeTrails',
    () => withPart(accountWith({}), 'trail', TRAIL_ARN, denied('cloudtrail:DescribeTrails', ACCOUNT)),
    { estate },
    'unknown',
    { missingPermission: 'cloudtrail:DescribeTrails' },
  ],
  [
    'owner of an organization trail cannot be read',
    () => memberUnderUnknown(),
    { estate },
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
];

describe('trail/expected-destination', () => {
  it.each(cases)('%s', (_name, snapshot, given, verdict, more = {}) => {
    expect(findingOf(check, snapshot(), given)).toMatchObject({ verdict, ...more });
  });

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    expect(findingsOf(check, accountWith({}), { estate })).toMatchObject([
      { resource: TRAIL_ARN, region: 'us-east-1' },
    ]);
  });

  it('Organization trail seen from a member: verdict inherited from the owner, with the trail ARN as evidence; no fix offered in the member', () => {
    expect(findingsOf(check, memberUnder({ S3BucketName: WRONG }), { estate })).toMatchObject([
      { verdict: 'fail', account: MANAGEMENT, resource: ORGANIZATION_TRAIL },
    ]);
  });
});

type BucketOptions = NonNullable<Parameters<typeof withBucket>[1]>;

/** A trail that delivers elsewhere, its old bucket, the archive, and a key that serves it. */
function astray(trail: TrailOptions = {}, archive: BucketOptions = {}, old: BucketOptions = {}): Snapshot {
  const accounts = emptySnapshot({ accounts: [ACCOUNT, { id: ARCHIVE, inScope: false }] });
  // The policy of the archive admits whoever is there when it is made.
  const admitted = withBucket(withTrail(accounts, { ...trail, S3BucketName: BUCKET }), archive);
  const moved = { ...admitted, trail: {}, 'account.trails': accounts['account.trails'] };
  const snapshot = withTrail(moved, { S3BucketName: WRONG, ...trail });
  return withKey(withBucket(snapshot, { name: WRONG, owner: undefined, ...old }));
}

describe('plan of trail/expected-destination', () => {
  const planFor = (snapshot: Snapshot, given: Given = {}) => planOf(check, snapshot, { estate, ...given });
  const call = { operation: 'cloudtrail:UpdateTrail', account: ACCOUNT, region: 'us-east-1', resource: TRAIL_ARN };

  it('points the trail to the archive and keeps its prefix; the way back is what was saved', () => {
    const plan = planFor(astray({ S3KeyPrefix: 'web' }));
    expect(plan.changes).toMatchObject([
      {
        ...call,
        input: { Name: TRAIL_ARN, S3BucketName: BUCKET },
        expect: { S3BucketName: WRONG, S3KeyPrefix: 'web' },
        result: { S3BucketName: BUCKET, S3KeyPrefix: 'web' },
        undo: { ...call, input: { Name: TRAIL_ARN, S3BucketName: WRONG }, automatic: true },
      },
    ]);
    expect(plan.changes[0]?.input).not.toHaveProperty('S3KeyPrefix');
    expect(plan).toMatchObject({
      class: 'auto-second-approver',
      risk: 'disruptive',
      reversible: 'yes',
      watchDelivery: [TRAIL_ARN],
      warnings: [expect.stringContaining(`stays in ${WRONG}`)],
    });
  });

  it('sets the declared prefix in the right bucket, and an empty one takes it away again', () => {
    const [change] = planFor(astray({ S3BucketName: BUCKET }), prefixes('logs/')).changes.slice(-1);
    expect(change).toMatchObject({
      input: { S3BucketName: BUCKET, S3KeyPrefix: 'logs' },
      expect: { S3KeyPrefix: null },
      undo: { input: { S3BucketName: BUCKET, S3KeyPrefix: '' } },
    });
  });

  it('lets the policy of the archive admit the trail first where it does not, and keeps every statement', () => {
    const before = {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Tls',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: `arn:aws:s3:::${BUCKET}/*`,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    };
    const [policy, trail] = planFor(astray({}, { policy: before })).changes;
    expect(trail).toMatchObject(call);
    expect(policy).toMatchObject({
      operation: 's3:PutBucketPolicy',
      account: ARCHIVE,
      target: `bucket.policy:${BUCKET}`,
    });
    const statements = policy === undefined ? [] : putDocument(policy).Statement;
    expect(statements[0]).toEqual(before.Statement[0]);
    expect(JSON.stringify(statements.slice(1))).toContain(TRAIL_ARN);
    expect(policy?.undo?.input.Policy).toBe(JSON.stringify(before));
  });

  it('never takes the logs to another region silently', () => {
    const { warnings } = planFor(astray({}, {}, { region: 'eu-west-1', owner: ACCOUNT }));
    expect(warnings).toContain(`The logs leave eu-west-1: ${BUCKET} lies in us-east-1.`);
  });

  const deny = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${BUCKET}/*` }],
  };
  const receiver = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: `arn:aws:s3:::${BUCKET}/*`,
      },
    ],
  };
  const toArchive = { TargetBucket: BUCKET, TargetPrefix: '' };
  const blocked: [string, () => Snapshot, string, string][] = [
    ['the archive denies it', () => astray({}, { policy: deny }), 'bucket/delivery-policy', BUCKET],
    ['the archive does not exist', () => astray({}, { bucket: absent('NoSuchBucket') }), 'bucket/exists', BUCKET],
    ['the archive belongs to somebody else', () => astray({}, { owner: undefined }), 'bucket/exists', BUCKET],
    [
      'the policy of the archive cannot be read',
      () => astray({}, { policy: denied('s3:GetBucketPolicy', ARCHIVE) }),
      'bucket/delivery-policy',
      'could not be read',
    ],
    [
      'its owner does not pay',
      () => astray({}, { requestPayment: { Payer: 'Requester' } }),
      'bucket/delivery-policy',
      'pays',
    ],
    [
      'the archive receives the access logs of the old bucket',
      () => astray({}, {}, { owner: ACCOUNT, logging: toArchive }),
      'trail/expected-destination',
      WRONG,
    ],
    [
      'the archive receives its own access logs',
      () => astray({}, { logging: toArchive }),
      'trail/expected-destination',
      BUCKET,
    ],
    [
      'the archive receives the access logs of a third bucket',
      () => withBucket(astray(), { name: 'third', logging: toArchive }),
      'trail/expected-destination',
      'third',
    ],
    [
      'S3 may write access logs there',
      () => astray({}, { policy: receiver }),
      'trail/expected-destination',
      'access logs',
    ],
    [
      'where the access logs of the old bucket go cannot be read',
      () => astray({}, {}, { owner: ACCOUNT, logging: denied('s3:GetBucketLogging', ACCOUNT) }),
      'trail/expected-destination',
      'could not be read',
    ],
    ['the key lies in another region', () => astray({}, { region: 'eu-west-1' }), 'trail/kms-encryption', 'eu-west-1'],
    [
      'the key cannot be read',
      () => withPart(astray(), 'key', KEY_ARN, denied('kms:DescribeKey', ACCOUNT)),
      'key/usable',
      KEY_ARN,
    ],
    [
      'the policy of the key cannot be read',
      () => withPart(astray(), 'key.policy', KEY_ARN, denied('kms:GetKeyPolicy', ACCOUNT)),
      'key/delivery-policy',
      'could not be read',
    ],
    [
      'the key does not serve a bucket with a Bucket Key',
      () =>
        withKey(astray({}, { encryption: { Rules: [{ BucketKeyEnabled: true }] } }), {
          policy: { Version: '2012-10-17', Statement: [] },
        }),
      'key/delivery-policy',
      'does not serve',
    ],
  ];

  it.each(blocked)('changes nothing where %s', (_name, snapshot, by, text) => {
    const proposal = fixOf(check, snapshot(), { estate });
    expect(proposal).toMatchObject({ kind: 'blocked', by, reason: expect.stringContaining(text) });
  });

  it.each<[string, Given]>([
    ['several buckets are declared and none is the archive', { estate, ...buckets('one', 'two') }],
    ['several prefixes are declared', { estate, ...prefixes('one', 'two') }],
    ['the buckets lie in another partition', buckets(`arn:aws-cn:s3:::${BUCKET}`)],
  ])('is guided where %s', (_name, given) => {
    const proposal = fixOf(check, astray(), given);
    expect(proposal.kind).toBe('manual');
    expect(JSON.stringify(proposal)).toContain(`aws cloudtrail update-trail --name ${TRAIL_ARN}`);
  });

  it('takes the archive of several declared buckets', () => {
    const plan = planFor(astray(), buckets('another', BUCKET));
    expect(plan.changes.at(-1)?.result).toMatchObject({ S3BucketName: BUCKET });
  });

  it('changes an organization trail in its own account', () => {
    const elsewhere = memberUnder({ S3BucketName: WRONG, KmsKeyId: undefined });
    const snapshot = withBucket(withBucket(elsewhere, { policy: { Version: '2012-10-17', Statement: [] } }), {
      name: WRONG,
    });
    const [policy, trail] = planFor(snapshot).changes;
    expect(trail).toMatchObject({ account: MANAGEMENT, resource: ORGANIZATION_TRAIL });
    expect(JSON.stringify(policy?.input)).toContain('AWSLogs/o-acme123456');
  });
});
