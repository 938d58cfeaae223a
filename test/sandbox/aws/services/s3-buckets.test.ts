import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  type S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { allow, bucket, policy } from '../../../../src/sandbox/aws/builders.ts';
import { errorOf } from '../core/support.ts';
import { ARCHIVE, archiveClient, ARCHIVE_BUCKET as Bucket, MEMBER, organization } from './support.ts';

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
