import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type LifecycleRule,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { accessKey, allow, bucket, policy, role } from '../../../../src/sandbox/aws/builders.ts';
import type { PolicyDocument } from '../../../../src/sandbox/aws/types.ts';
import { errorOf } from '../core/support.ts';
import { ARCHIVE, ARCHIVE_BUCKET as Bucket, MEMBER, organization } from './support.ts';

async function archiveClient() {
  const parts = await organization();
  return { ...parts, client: parts.s3(parts.archive) };
}

describe('finding a bucket', () => {
  test('HEAD tells its region, to strangers and in the wrong region too', async () => {
    const { client, member, s3 } = await archiveClient();
    expect(await client.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'us-east-1' });
    expect(await headRefusal(s3(member), Bucket)).toEqual({ status: 403, region: 'us-east-1' });
    expect(await headRefusal(s3(member, 'eu-west-1'), Bucket)).toEqual({ status: 301, region: 'us-east-1' });
    expect(await headRefusal(client, 'nobody-has-this')).toEqual({ status: 404, region: undefined });
  });

  async function headRefusal(client: S3Client, name: string) {
    const error: unknown = await client
      .send(new HeadBucketCommand({ Bucket: name }))
      .catch((reason: unknown) => reason);
    if (!isS3Error(error)) throw error;
    return { status: error.$metadata.httpStatusCode, region: error.$response?.headers['x-amz-bucket-region'] };
  }

  function isS3Error(error: unknown): error is S3ServiceException {
    return error instanceof Error && '$response' in error;
  }

  test('other calls in the wrong region are sent away, its location is told anywhere', async () => {
    const { archive, s3 } = await archiveClient();
    const far = s3(archive, 'eu-west-1');
    const refused = await errorOf(far.send(new GetBucketPolicyCommand({ Bucket })));
    expect(refused).toMatchObject({ name: 'PermanentRedirect', status: 301 });
    expect((await far.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
  });

  test('another owner than expected is refused', async () => {
    const { client } = await archiveClient();
    await client.send(new GetBucketVersioningCommand({ Bucket, ExpectedBucketOwner: ARCHIVE }));
    const refused = await errorOf(client.send(new GetBucketVersioningCommand({ Bucket, ExpectedBucketOwner: MEMBER })));
    expect(refused).toMatchObject({ name: 'AccessDenied', status: 403 });
  });

  test('an account lists its own buckets, a page at a time', async () => {
    const { client, estate, archive } = await archiveClient();
    bucket(estate, archive, 'a-first', { region: 'eu-west-1' });
    const page = await client.send(new ListBucketsCommand({ MaxBuckets: 1 }));
    expect(page.Buckets).toMatchObject([
      { Name: 'a-first', BucketRegion: 'eu-west-1', CreationDate: expect.any(Date) },
    ]);
    const rest = await client.send(new ListBucketsCommand({ ContinuationToken: page.ContinuationToken }));
    expect(rest.Buckets?.map((one) => one.Name)).toEqual([Bucket]);
  });
});

describe('making a bucket', () => {
  test.each<[string, string, string | undefined, string | undefined]>([
    ['us-east-1 unnamed', 'us-east-1', undefined, undefined],
    ['another region named', 'eu-west-1', 'eu-west-1', undefined],
    ['another region unnamed', 'eu-west-1', undefined, 'IllegalLocationConstraintException'],
    ['a region other than the endpoint', 'eu-west-1', 'eu-west-2', 'IllegalLocationConstraintException'],
  ])('%s', async (_what, region, location, refusal) => {
    const { s3, member, estate } = await organization();
    const client = s3(member, region);
    const constraint = location === 'eu-west-1' || location === 'eu-west-2' ? location : undefined;
    const made = client.send(
      new CreateBucketCommand({
        Bucket: 'fresh-one',
        // The SDK names the region by itself unless some location is given.
        CreateBucketConfiguration: constraint ? { LocationConstraint: constraint } : { Location: {} },
      }),
    );
    if (refusal) {
      expect((await errorOf(made)).name).toBe(refusal);
      return;
    }
    await made;
    expect(estate.buckets.get('fresh-one')).toMatchObject({ owner: MEMBER, region, ownership: 'BucketOwnerEnforced' });
    expect(
      (await client.send(new GetPublicAccessBlockCommand({ Bucket: 'fresh-one' }))).PublicAccessBlockConfiguration,
    ).toEqual({ BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true });
    await client.send(new DeleteBucketCommand({ Bucket: 'fresh-one' }));
    expect(estate.buckets.has('fresh-one')).toBe(false);
  });

  test('a name is taken once in the whole partition', async () => {
    const { client, s3, member } = await archiveClient();
    expect(await errorOf(client.send(new CreateBucketCommand({ Bucket })))).toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
      status: 409,
    });
    expect((await errorOf(s3(member).send(new CreateBucketCommand({ Bucket })))).name).toBe('BucketAlreadyExists');
  });
});

describe('bucket policies', () => {
  const resource = `arn:aws:s3:::${Bucket}`;
  const text = (document: unknown) => JSON.stringify(document);

  test('are handed back as AWS stores them', async () => {
    const { client } = await archiveClient();
    const sent = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: [MEMBER, `arn:aws:iam::${ARCHIVE}:root`] },
          Action: ['s3:PutObject', 's3:GetObject'],
          Resource: [`${resource}/*`],
          Condition: { Bool: { 'aws:SecureTransport': true }, StringEquals: { 'aws:PrincipalOrgID': ['o-1'] } },
        },
      ],
    };
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: text(sent) }));
    const read = await client.send(new GetBucketPolicyCommand({ Bucket }));
    expect(JSON.parse(read.Policy ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: [`arn:aws:iam::${MEMBER}:root`, `arn:aws:iam::${ARCHIVE}:root`] },
          Action: ['s3:GetObject', 's3:PutObject'],
          Resource: `${resource}/*`,
          Condition: { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
        },
      ],
    });
  });

  test('a principal deleted since is read as its id, which cannot be put again', async () => {
    const { client, archive } = await archiveClient();
    const made = role(archive, 'short-lived');
    const principal = `arn:aws:iam::${ARCHIVE}:role/${made.name}`;
    const document = policy({ ...allow('s3:GetObject', `${resource}/*`), Principal: { AWS: principal } });
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: text(document) }));
    archive.roles.delete(made.name);
    const { Policy } = await client.send(new GetBucketPolicyCommand({ Bucket }));
    expect(Policy).toMatch(/"AWS":"AROA[\dA-F]{17}"/);
    const refused = await errorOf(client.send(new PutBucketPolicyCommand({ Bucket, Policy: Policy ?? '' })));
    expect(refused).toMatchObject({ name: 'MalformedPolicy', message: 'Invalid principal in policy' });
  });

  const statement = { ...allow('s3:GetObject', `${resource}/*`), Principal: { AWS: MEMBER } };
  test.each<[string, string, string]>([
    ['no JSON', '{', 'MalformedPolicy'],
    ['another bucket', text(policy({ ...statement, Resource: 'arn:aws:s3:::other/*' })), 'MalformedPolicy'],
    ['another service', text(policy({ ...statement, Action: 'kms:Decrypt' })), 'MalformedPolicy'],
    ['no principal', text(policy(allow('s3:GetObject', `${resource}/*`))), 'MalformedPolicy'],
    [
      'an unknown role',
      text(policy({ ...statement, Principal: { AWS: `arn:aws:iam::${MEMBER}:role/none` } })),
      'MalformedPolicy',
    ],
    ['an unknown service', text(policy({ ...statement, Principal: { Service: 'cloudtrail' } })), 'MalformedPolicy'],
    ['more than 20 KB', text(policy({ ...statement, Sid: 'x'.repeat(20_480) })), 'PolicyTooLarge'],
    ['anyone, with public policies blocked', text(policy({ ...statement, Principal: '*' })), 'AccessDenied'],
  ])('%s is refused', async (_what, Policy, code) => {
    const { client } = await archiveClient();
    expect((await errorOf(client.send(new PutBucketPolicyCommand({ Bucket, Policy })))).name).toBe(code);
  });

  test('belong to the account of the bucket, whatever they grant', async () => {
    const { client, s3, member } = await archiveClient();
    const open = policy({ ...allow('s3:*', [resource, `${resource}/*`]), Principal: { AWS: MEMBER } });
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: text(open) }));
    const stranger = s3(member);
    expect(await stranger.send(new GetBucketVersioningCommand({ Bucket }))).toBeDefined();
    for (const command of [new GetBucketPolicyCommand({ Bucket }), new DeleteBucketPolicyCommand({ Bucket })]) {
      expect(await errorOf(stranger.send(command))).toMatchObject({ name: 'MethodNotAllowed', status: 405 });
    }
  });

  test.each<[string, PolicyDocument['Statement'][number], boolean]>([
    ['anyone', { ...allow('s3:GetObject', `${resource}/*`), Principal: '*' }, true],
    ['any AWS principal', { ...allow('s3:GetObject', `${resource}/*`), Principal: { AWS: '*' } }, true],
    [
      'anyone of one organization',
      {
        ...allow('s3:GetObject', `${resource}/*`),
        Principal: '*',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      },
      false,
    ],
    [
      'anyone from half of the internet',
      {
        ...allow('s3:GetObject', `${resource}/*`),
        Principal: '*',
        Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } },
      },
      true,
    ],
    ['another account', { ...allow('s3:GetObject', `${resource}/*`), Principal: { AWS: MEMBER } }, false],
    ['nobody', { Effect: 'Deny', Action: 's3:*', Resource: `${resource}/*`, Principal: '*' }, false],
  ])('a policy for %s is public: %s', async (_who, given, isPublic) => {
    const { client, logs } = await archiveClient();
    logs.publicAccessBlock = undefined;
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: text(policy(given)) }));
    const { PolicyStatus } = await client.send(new GetBucketPolicyStatusCommand({ Bucket }));
    expect(PolicyStatus?.IsPublic).toBe(isPublic);
  });

  test('RestrictPublicBuckets leaves a public policy nothing to say to other accounts', async () => {
    const { s3, member, logs } = await archiveClient();
    logs.policy = policy({ ...allow('s3:GetBucketVersioning', resource), Principal: '*' });
    const read = () => s3(member).send(new GetBucketVersioningCommand({ Bucket }));
    expect((await errorOf(read())).name).toBe('AccessDenied');
    logs.publicAccessBlock = undefined;
    expect(await read()).toBeDefined();
  });
});

test.each([
  ['policy', (client: S3Client) => client.send(new GetBucketPolicyCommand({ Bucket: 'bare' })), 'NoSuchBucketPolicy'],
  [
    'policy status',
    (client: S3Client) => client.send(new GetBucketPolicyStatusCommand({ Bucket: 'bare' })),
    'NoSuchBucketPolicy',
  ],
  [
    'public access block',
    (client: S3Client) => client.send(new GetPublicAccessBlockCommand({ Bucket: 'bare' })),
    'NoSuchPublicAccessBlockConfiguration',
  ],
  [
    'lifecycle',
    (client: S3Client) => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: 'bare' })),
    'NoSuchLifecycleConfiguration',
  ],
  [
    'Object Lock',
    (client: S3Client) => client.send(new GetObjectLockConfigurationCommand({ Bucket: 'bare' })),
    'ObjectLockConfigurationNotFoundError',
  ],
  [
    'ownership controls',
    (client: S3Client) => client.send(new GetBucketOwnershipControlsCommand({ Bucket: 'bare' })),
    'OwnershipControlsNotFoundError',
  ],
  [
    'website',
    (client: S3Client) => client.send(new GetBucketWebsiteCommand({ Bucket: 'bare' })),
    'NoSuchWebsiteConfiguration',
  ],
  ['tags', (client: S3Client) => client.send(new GetBucketTaggingCommand({ Bucket: 'bare' })), 'NoSuchTagSet'],
  [
    'bucket',
    (client: S3Client) => client.send(new GetBucketPolicyCommand({ Bucket: 'not-even-bare' })),
    'NoSuchBucket',
  ],
])('a bucket without %s says so', async (_what, read, code) => {
  const { client, estate, archive } = await archiveClient();
  bucket(estate, archive, 'bare', { publicAccessBlock: undefined, ownership: undefined });
  expect(await errorOf(read(client))).toMatchObject({ name: code, status: 404 });
});

describe('settings', () => {
  test('what was never set reads as nothing, or as the default', async () => {
    const { client, logs } = await archiveClient();
    logs.encryption = undefined;
    const versioning = await client.send(new GetBucketVersioningCommand({ Bucket }));
    expect(versioning).toMatchObject({ $metadata: expect.anything() });
    expect([versioning.Status, versioning.MFADelete]).toEqual([undefined, undefined]);
    expect((await client.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toBeUndefined();
    expect((await client.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer).toBe('BucketOwner');
    const encryption = await client.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: 'AES256',
    });
    expect((await client.send(new GetBucketAclCommand({ Bucket }))).Grants).toMatchObject([
      { Permission: 'FULL_CONTROL', Grantee: { Type: 'CanonicalUser' } },
    ]);
  });

  test('what is put is read again', async () => {
    const { client } = await archiveClient();
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const lock = {
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } },
    } as const;
    await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: lock }));
    expect((await client.send(new GetObjectLockConfigurationCommand({ Bucket }))).ObjectLockConfiguration).toEqual(
      lock,
    );
    const encryption = {
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'alias/logs' },
          BucketKeyEnabled: true,
        },
      ],
    };
    await client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: encryption }));
    expect((await client.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration).toEqual(
      encryption,
    );
    const ownership = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] };
    await client.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: ownership }));
    expect((await client.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls).toEqual(ownership);
    await client.send(
      new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration: { Payer: 'Requester' } }),
    );
    expect((await client.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer).toBe('Requester');
    const block = {
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: false,
    };
    await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: block }));
    expect((await client.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration).toEqual(
      block,
    );
    await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
    expect((await errorOf(client.send(new GetPublicAccessBlockCommand({ Bucket })))).status).toBe(404);
  });

  test('MFA delete is for the root user with the device', async () => {
    const { client, estate, archive, logs, as } = await archiveClient();
    const wanted = { Bucket, VersioningConfiguration: { Status: 'Enabled', MFADelete: 'Enabled' } } as const;
    expect((await errorOf(client.send(new PutBucketVersioningCommand(wanted)))).name).toBe('AccessDenied');
    expect((await errorOf(client.send(new PutBucketVersioningCommand({ ...wanted, MFA: 'serial 123456' })))).name).toBe(
      'AccessDenied',
    );
    const { accessKeyId, secretAccessKey } = accessKey(estate, archive, 'root');
    const root = new S3Client({ ...as(archive), credentials: { accessKeyId, secretAccessKey } });
    await root.send(new PutBucketVersioningCommand({ ...wanted, MFA: 'serial 123456' }));
    expect(logs.mfaDelete).toBe('Enabled');
    const rules: LifecycleRule[] = [{ Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 400 } }];
    const lifecycle = { Bucket, LifecycleConfiguration: { Rules: rules } };
    expect((await errorOf(client.send(new PutBucketLifecycleConfigurationCommand(lifecycle)))).name).toBe(
      'InvalidRequest',
    );
  });

  test('Object Lock needs versions, and keeps them', async () => {
    const { client, logs } = await archiveClient();
    const lock = new PutObjectLockConfigurationCommand({
      Bucket,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
    });
    expect(await errorOf(client.send(lock))).toMatchObject({ name: 'InvalidBucketState', status: 409 });
    logs.versioning = 'Enabled';
    await client.send(lock);
    const suspend = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } });
    expect((await errorOf(client.send(suspend))).name).toBe('InvalidBucketState');
  });

  test('access logs go to a bucket of the same account and region', async () => {
    const { client, estate, archive, member, logs } = await archiveClient();
    bucket(estate, archive, 'access-logs');
    bucket(estate, archive, 'access-logs-far', { region: 'eu-west-1' });
    bucket(estate, member, 'access-logs-other');
    const put = (TargetBucket: string) =>
      client.send(
        new PutBucketLoggingCommand({
          Bucket,
          BucketLoggingStatus: {
            LoggingEnabled: {
              TargetBucket,
              TargetPrefix: 'trail/',
              TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
            },
          },
        }),
      );
    for (const target of ['nowhere-at-all', 'access-logs-other']) {
      expect((await errorOf(put(target))).name).toBe('InvalidTargetBucketForLogging');
    }
    expect((await errorOf(put('access-logs-far'))).name).toBe('CrossLocationLoggingProhibitted');
    await put('access-logs');
    expect((await client.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toEqual({
      TargetBucket: 'access-logs',
      TargetPrefix: 'trail/',
      TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
    });
    await client.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} }));
    expect(logs.logging).toBeUndefined();
  });
});

describe('lifecycle', () => {
  const put = (Rules: LifecycleRule[]) =>
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } });
  const rule = (change: Partial<LifecycleRule>): LifecycleRule => ({
    ID: 'logs',
    Status: 'Enabled',
    Filter: { Prefix: 'AWSLogs/' },
    Expiration: { Days: 400 },
    ...change,
  });

  test('rules come back as they were put and replace what was there', async () => {
    const { client } = await archiveClient();
    const rules = [
      rule({
        Transitions: [{ Days: 90, StorageClass: 'GLACIER' }],
        NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 2 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      }),
      rule({ ID: 'tagged', Filter: { And: { Prefix: 'a', Tags: [{ Key: 'k', Value: 'v' }] } } }),
    ];
    await client.send(put([rule({ ID: 'before' })]));
    await client.send(put(rules));
    const read = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(read.Rules).toEqual(rules);
    expect(read.TransitionDefaultMinimumObjectSize).toBe('all_storage_classes_128K');
    await client.send(new DeleteBucketLifecycleCommand({ Bucket }));
    expect((await errorOf(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).status).toBe(404);
  });

  test.each<[string, LifecycleRule[], string]>([
    ['no rule', [], 'MalformedXML'],
    ['a rule without filter', [{ ID: 'x', Status: 'Enabled', Expiration: { Days: 1 } }], 'MalformedXML'],
    ['a rule with prefix and filter', [rule({ Prefix: '' })], 'MalformedXML'],
    ['a rule that does nothing', [{ ID: 'x', Status: 'Enabled', Filter: { Prefix: '' } }], 'InvalidRequest'],
    ['days below one', [rule({ Expiration: { Days: 0 } })], 'InvalidArgument'],
    ['two expirations in one', [rule({ Expiration: { Days: 1, ExpiredObjectDeleteMarker: true } })], 'MalformedXML'],
    [
      'infrequent access too early',
      [rule({ Transitions: [{ Days: 10, StorageClass: 'STANDARD_IA' }] })],
      'InvalidArgument',
    ],
    ['expiry before transition', [rule({ Transitions: [{ Days: 500, StorageClass: 'GLACIER' }] })], 'InvalidArgument'],
    ['the same id twice', [rule({}), rule({})], 'InvalidArgument'],
    ['1001 rules', Array.from({ length: 1001 }, (_, index) => rule({ ID: `r${index}` })), 'MalformedXML'],
  ])('%s is refused', async (_what, rules, code) => {
    const { client } = await archiveClient();
    expect((await errorOf(client.send(put(rules)))).name).toBe(code);
  });
});

test.each([
  ['s3:GetBucketPublicAccessBlock', (client: S3Client) => client.send(new GetPublicAccessBlockCommand({ Bucket }))],
  [
    's3:GetLifecycleConfiguration',
    (client: S3Client) => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
  ],
  ['s3:GetEncryptionConfiguration', (client: S3Client) => client.send(new GetBucketEncryptionCommand({ Bucket }))],
  [
    's3:GetBucketObjectLockConfiguration',
    (client: S3Client) => client.send(new GetObjectLockConfigurationCommand({ Bucket })),
  ],
  ['s3:ListAllMyBuckets', (client: S3Client) => client.send(new ListBucketsCommand({}))],
])('a denial names the action %s', async (action, read) => {
  const { archive, s3 } = await organization();
  const refused = await errorOf(read(s3(archive, 'us-east-1', policy(allow('sts:GetCallerIdentity')))));
  expect(refused).toMatchObject({
    name: 'AccessDenied',
    status: 403,
    message: expect.stringContaining(`${action} on`),
  });
});
