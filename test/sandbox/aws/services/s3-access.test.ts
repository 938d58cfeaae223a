import {
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketReplicationCommand,
  PutBucketAclCommand,
  type PutBucketAclCommandInput,
  PutBucketOwnershipControlsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { aclGrant, allow, bucket, policy, replication } from '../../../../src/sandbox/aws/builders.ts';
import { canonicalUser } from '../../../../src/sandbox/aws/services/s3/acl.ts';
import { errorOf } from '../core/support.ts';
import { ARCHIVE, archiveClient, ARCHIVE_BUCKET as Bucket, MEMBER } from './support.ts';

const enforce = new PutBucketOwnershipControlsCommand({
  Bucket,
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
});
const acl = (given: Partial<PutBucketAclCommandInput>) => new PutBucketAclCommand({ Bucket, ...given });

describe('access control lists', () => {
  test('grants to accounts and groups are read beside the owner, and a canned private takes them away', async () => {
    const { client, logs } = await archiveClient();
    aclGrant(logs, MEMBER, 'WRITE');
    aclGrant(logs, 'AllUsers');
    const read = await client.send(new GetBucketAclCommand({ Bucket }));
    expect(read.Owner?.ID).toBe(canonicalUser(ARCHIVE));
    expect(read.Grants).toEqual([
      { Grantee: { Type: 'CanonicalUser', ID: canonicalUser(ARCHIVE) }, Permission: 'FULL_CONTROL' },
      { Grantee: { Type: 'CanonicalUser', ID: canonicalUser(MEMBER) }, Permission: 'WRITE' },
      {
        Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
        Permission: 'READ',
      },
    ]);
    await client.send(acl({ ACL: 'private' }));
    expect((await client.send(new GetBucketAclCommand({ Bucket }))).Grants).toHaveLength(1);
  });

  test('a list that was read can be put back as it was', async () => {
    const { client, logs } = await archiveClient();
    aclGrant(logs, MEMBER, 'READ_ACP');
    aclGrant(logs, 'LogDelivery', 'WRITE');
    const { Grants, Owner } = await client.send(new GetBucketAclCommand({ Bucket }));
    await client.send(acl({ ACL: 'private' }));
    await client.send(acl({ AccessControlPolicy: { Grants, Owner } }));
    expect((await client.send(new GetBucketAclCommand({ Bucket }))).Grants).toEqual(Grants);
  });

  test.each([
    ['nothing', {}, 'MissingSecurityHeader'],
    ['two things', { ACL: 'private', AccessControlPolicy: {} }, 'UnexpectedContent'],
    ['another owner', { AccessControlPolicy: { Owner: { ID: canonicalUser(MEMBER) }, Grants: [] } }, 'AccessDenied'],
    ['the world, while that is blocked', { ACL: 'public-read' }, 'AccessDenied'],
    [
      'an account by a wrong id',
      {
        AccessControlPolicy: {
          Owner: { ID: canonicalUser(ARCHIVE) },
          Grants: [{ Grantee: { Type: 'CanonicalUser', ID: 'nobody' }, Permission: 'READ' }],
        },
      },
      'InvalidArgument',
    ],
  ] satisfies [string, Partial<PutBucketAclCommandInput>, string][])('%s is refused', async (_what, given, code) => {
    const { client, logs } = await archiveClient();
    logs.ownership = 'ObjectWriter';
    expect((await errorOf(client.send(acl(given)))).name).toBe(code);
  });

  test('where lists are switched off they cannot be set', async () => {
    const { client } = await archiveClient();
    expect(await errorOf(client.send(acl({ ACL: 'private' })))).toMatchObject({
      name: 'AccessControlListNotSupported',
      status: 400,
    });
  });

  test('they can only be switched off when they grant nothing to others', async () => {
    const { client, logs } = await archiveClient();
    aclGrant(logs, MEMBER);
    expect(await errorOf(client.send(enforce))).toMatchObject({ name: 'InvalidBucketAclWithObjectOwnership' });
    await client.send(acl({ ACL: 'private' }));
    await client.send(enforce);
    const { OwnershipControls } = await client.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
    await client.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
    expect((await errorOf(client.send(new GetBucketOwnershipControlsCommand({ Bucket })))).name).toBe(
      'OwnershipControlsNotFoundError',
    );
  });
});

test('replication is read as it was set up; without any the bucket says so', async () => {
  const { client, estate, archive, logs } = await archiveClient();
  const ask = () => client.send(new GetBucketReplicationCommand({ Bucket }));
  expect(await errorOf(ask())).toMatchObject({ name: 'ReplicationConfigurationNotFoundError', status: 404 });
  replication(logs, bucket(estate, archive, 'copy'), `arn:aws:iam::${ARCHIVE}:role/copier`);
  expect((await ask()).ReplicationConfiguration).toEqual({
    Role: `arn:aws:iam::${ARCHIVE}:role/copier`,
    Rules: [
      {
        ID: 'everything',
        Priority: 1,
        Filter: { Prefix: '' },
        Status: 'Enabled',
        Destination: { Bucket: 'arn:aws:s3:::copy', Account: ARCHIVE },
        DeleteMarkerReplication: { Status: 'Disabled' },
      },
    ],
  });
});

test('encryption taken away is SSE-S3 again', async () => {
  const { client, logs } = await archiveClient();
  logs.encryption = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] };
  await client.send(new DeleteBucketEncryptionCommand({ Bucket }));
  const { ServerSideEncryptionConfiguration: now } = await client.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(now?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'AES256' });
});

/** S3's action names are often not those of its operations. */
test.each([
  ['s3:GetBucketAcl', (client: S3Client) => client.send(new GetBucketAclCommand({ Bucket }))],
  ['s3:PutBucketAcl', (client: S3Client) => client.send(acl({ ACL: 'private' }))],
  ['s3:PutBucketOwnershipControls', (client: S3Client) => client.send(enforce)],
  ['s3:GetReplicationConfiguration', (client: S3Client) => client.send(new GetBucketReplicationCommand({ Bucket }))],
  ['s3:PutEncryptionConfiguration', (client: S3Client) => client.send(new DeleteBucketEncryptionCommand({ Bucket }))],
] as const)('%s alone is enough, and nothing else is', async (action, call) => {
  const { archive, as, estate, logs } = await archiveClient();
  logs.ownership = 'ObjectWriter';
  replication(logs, bucket(estate, archive, 'copy'), `arn:aws:iam::${ARCHIVE}:role/copier`);
  await call(new S3Client(as(archive, 'us-east-1', policy(allow(action)))));
  const others = policy({ Effect: 'Allow', NotAction: action, Resource: '*' });
  expect((await errorOf(call(new S3Client(as(archive, 'us-east-1', others))))).name).toBe('AccessDenied');
});
