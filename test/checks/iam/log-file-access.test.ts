import { describe, expect, it } from 'vitest';
import check from '../../../checks/iam/log-file-access.ts';
import type { Finding } from '../../../src/check/finding.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  BUCKET,
  denied,
  emptySnapshot,
  type GivenPrincipal,
  healthySnapshot,
  KEY_ARN,
  unreachable,
  withAccount,
  withAuthorization,
  withBucket,
  withKey,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingsOf, fixOf } from '../bucket/support.ts';

const ARN = `arn:aws:s3:::${BUCKET}`;
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

const allow = (Action: string | string[], Resource: string | string[] = '*', more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const policy = (...statements: JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement: statements });

/** The archive account in scope with its log bucket, whose trail uses no key unless it is said; and these principals. */
function archive(
  principals: GivenPrincipal[],
  { managed = {}, key = false }: { managed?: { [arn: string]: JsonObject }; key?: boolean } = {},
): Snapshot {
  const accounts = emptySnapshot({ accounts: [ACCOUNT, ARCHIVE] });
  const trail = key ? withKey(withTrail(accounts)) : withTrail(accounts, { KmsKeyId: undefined });
  return withAuthorization(withBucket(trail), { account: ARCHIVE, principals, managed });
}

const inline = (...statements: JsonObject[]): Snapshot =>
  archive([{ name: 'ci', inline: { data: policy(...statements) } }]);

function judged(snapshot: Snapshot, settings: JsonObject = {}, account = ARCHIVE): Finding {
  const found = findingsOf(check, snapshot, { settings }).find((finding) => finding.account === account);
  if (found === undefined) throw new Error(`${account} was not judged`);
  return found;
}

/** The bucket's policy denies everybody but one role of the archive account to read and delete. */
function shielded(snapshot: Snapshot): Snapshot {
  const Condition = { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ARCHIVE}:role/auditor` } };
  const shield = {
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:Get*', 's3:Delete*', 's3:Put*', 's3:Bypass*'],
    Resource: [ARN, `${ARN}/*`],
    Condition,
  };
  return withPart(snapshot, 'bucket.policy', BUCKET, {
    state: 'read',
    value: { text: JSON.stringify(policy(shield)) },
  });
}

const cases: [string, () => Snapshot, string, JsonObject?, JsonObject?][] = [
  [
    'nobody has a policy on the logs',
    () => archive([]),
    'pass',
    { evidence: { buckets: [BUCKET], readers: [], writers: [] } },
  ],
  [
    's3:* on *: covers; Action * with Resource * is skipped while ignore_administrators is true (s3:*)',
    () => inline(allow('s3:*')),
    'fail',
    {
      reason: 'Log files can be read by role/ci by data; deleted or unprotected by role/ci by data.',
      fix: 'manual',
    },
  ],
  ['an administrator, ignored', () => inline(allow('*')), 'pass'],
  ['an administrator, not ignored', () => inline(allow('*')), 'fail', {}, { ignore_administrators: false }],
  [
    'ReadOnlyAccess and similar AWS managed policies: cover reads, fail unless the holder is in readers',
    () =>
      archive([{ name: 'viewer', attached: [READ_ONLY] }], {
        managed: { [READ_ONLY]: policy(allow(['s3:Get*', 's3:List*'])) },
      }),
    'fail',
    {
      reason: 'Log files can be read by role/viewer by ReadOnlyAccess.',
      evidence: { readers: [{ principal: 'role/viewer', policies: ['ReadOnlyAccess'] }], writers: [] },
    },
  ],
  [
    'the holder of ReadOnlyAccess is in readers',
    () =>
      archive([{ name: 'viewer', attached: [READ_ONLY] }], {
        managed: { [READ_ONLY]: policy(allow(['s3:Get*', 's3:List*'])) },
      }),
    'pass',
    {},
    { readers: ['role/viewer'] },
  ],
  [
    'a reader who may delete as well',
    () => inline(allow('s3:*')),
    'fail',
    { reason: 'Log files can be deleted or unprotected by role/ci by data.' },
    { readers: ['ci'] },
  ],
  ['a writer may read', () => inline(allow('s3:*')), 'pass', {}, { writers: ['ci'] }],
  [
    'a part of the log files',
    () => inline(allow('s3:GetObject', `${ARN}/AWSLogs/${ACCOUNT}/CloudTrail/eu-west-1/*`)),
    'fail',
  ],
  ['objects beside the log files', () => inline(allow('s3:GetObject', `${ARN}/reports/*`)), 'pass'],
  ['another bucket', () => inline(allow('s3:*', ['arn:aws:s3:::other', 'arn:aws:s3:::other/*'])), 'pass'],
  [
    'who may change the protections of the bucket',
    () => inline(allow('s3:PutLifecycleConfiguration', ARN)),
    'fail',
    { evidence: { readers: [], writers: [{ actions: ['s3:PutLifecycleConfiguration'] }] } },
  ],
  [
    'Deny in identity or bucket policy: taken into account (identity policy)',
    () => inline(allow('s3:*'), { Effect: 'Deny', Action: 's3:*', Resource: [ARN, `${ARN}/*`] }),
    'pass',
  ],
  ['a Deny in the bucket policy', () => shielded(inline(allow('s3:*'))), 'pass'],
  [
    'somebody whom the Deny in the bucket policy spares',
    () => shielded(archive([{ name: 'auditor', inline: { data: policy(allow('s3:*')) } }])),
    'fail',
  ],
  [
    'Boundaries and organization policies are not computed: the finding says so',
    () => inline(allow('s3:GetObject')),
    'fail',
    { notes: [expect.stringContaining('not computed')] },
  ],
  [
    'Key policy that keeps them from decrypting: pass for reads with a note',
    () => archive([{ name: 'ci', inline: { data: policy(allow('s3:GetObject')) } }], { key: true }),
    'pass',
    { notes: expect.arrayContaining(['role/ci may fetch log files, but the key does not let it decrypt them.']) },
  ],
  [
    'a key whose policy lets the account decrypt, and IAM too',
    () =>
      withKey(
        archive([{ name: 'ci', inline: { data: policy(allow(['s3:GetObject', 'kms:Decrypt'])) } }], { key: true }),
        {
          policy: policy({
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${ARCHIVE}:root` },
            Action: 'kms:Decrypt',
            Resource: '*',
          }),
        },
      ),
    'fail',
  ],
  [
    'a key whose policy lets the account decrypt, but IAM does not',
    () =>
      withKey(archive([{ name: 'ci', inline: { data: policy(allow('s3:GetObject')) } }], { key: true }), {
        policy: policy({
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${ARCHIVE}:root` },
          Action: 'kms:Decrypt',
          Resource: '*',
        }),
      }),
    'pass',
  ],
  [
    'the policy of the key cannot be read',
    () =>
      withPart(
        archive([{ name: 'ci', inline: { data: policy(allow('s3:GetObject')) } }], { key: true }),
        'key.policy',
        KEY_ARN,
        denied('kms:GetKeyPolicy', ACCOUNT),
      ),
    'unknown',
    { missingPermission: 'kms:GetKeyPolicy' },
  ],
  [
    'the policy of the bucket cannot be read, and may deny it',
    () => withPart(inline(allow('s3:GetObject')), 'bucket.policy', BUCKET, denied('s3:GetBucketPolicy', ARCHIVE)),
    'unknown',
    { missingPermission: 's3:GetBucketPolicy' },
  ],
  [
    'the policy of the bucket cannot be read, and nobody could do anything anyway',
    () => withPart(archive([]), 'bucket.policy', BUCKET, denied('s3:GetBucketPolicy', ARCHIVE)),
    'pass',
  ],
  [
    'AccessDenied on GetAccountAuthorizationDetails: unknown, naming iam:GetAccountAuthorizationDetails',
    () =>
      withAuthorization(archive([]), {
        account: ARCHIVE,
        authorization: denied('iam:GetAccountAuthorizationDetails', ARCHIVE),
      }),
    'unknown',
    { missingPermission: 'iam:GetAccountAuthorizationDetails' },
  ],
];

describe('iam/log-file-access', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(judged(snapshot(), settings)).toMatchObject({ verdict, ...more });
  });

  it('Account without a log bucket: not-applicable', () => {
    expect(judged(inline(allow('s3:*')), {}, ACCOUNT)).toMatchObject({ verdict: 'not-applicable' });
  });

  it('is unknown in the account of the trail where nothing is known of the bucket', () => {
    const snapshot = withPart(healthySnapshot(), 'bucket', BUCKET, unreachable(ACCOUNT));
    expect(judged(snapshot, {}, ACCOUNT)).toMatchObject({ verdict: 'unknown' });
  });

  it('allows the roles of this bot and of the landing zone, and shows them as such', () => {
    const snapshot = archive([{ name: 'stacksets-exec-1', inline: { any: policy(allow('s3:*')) } }]);
    const found = findingsOf(check, snapshot, { estate: { ownRoles: ['stacksets-exec-*'] } });
    expect(found.find(({ account }) => account === ARCHIVE)).toMatchObject({
      verdict: 'pass',
      notes: expect.arrayContaining([expect.stringContaining('role/stacksets-exec-1 is a role of this bot')]),
    });
  });
});

describe('steps of iam/log-file-access', () => {
  const stepsOf = (snapshot: Snapshot) => {
    const fix = fixOf(check, withAccount(snapshot, { id: ACCOUNT, inScope: false }));
    if (fix.kind !== 'manual') throw new Error(`not manual: ${fix.kind}`);
    return fix.steps;
  };

  it('Cut off the principals that run log validation: never, they are asked about first', () => {
    const [first, put] = stepsOf(inline(allow('s3:*')));
    expect(first?.text).toContain('log validation');
    const narrowed: JsonObject = JSON.parse(/--policy-document '(.*)'$/.exec(put?.command ?? '')?.[1] ?? '');
    const after = archive([{ name: 'ci', inline: { data: narrowed } }]);
    expect(judged(after).verdict).toBe('pass');
  });

  it('detach what AWS manages, since it cannot be narrowed', () => {
    const snapshot = archive([{ name: 'viewer', attached: [READ_ONLY] }], {
      managed: { [READ_ONLY]: policy(allow(['s3:Get*', 's3:List*'])) },
    });
    expect(stepsOf(snapshot)[1]?.command).toBe(
      `aws iam detach-role-policy --role-name viewer --policy-arn ${READ_ONLY}`,
    );
  });
});
