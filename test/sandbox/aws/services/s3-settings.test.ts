import {
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
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
  type LifecycleRule,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketRequestPaymentCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { accessKey, bucket } from '../../../../src/sandbox/aws/builders.ts';
import { errorOf } from '../core/support.ts';
import { archiveClient, ARCHIVE_BUCKET as Bucket } from './support.ts';

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
