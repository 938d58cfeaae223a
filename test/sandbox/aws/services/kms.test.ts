import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { allow, key, keyAlias, keyGrant, policy } from '../../../../src/sandbox/aws/builders.ts';
import type { Key } from '../../../../src/sandbox/aws/types.ts';
import { errorOf } from '../core/support.ts';
import { ARCHIVE, MEMBER, organization } from './support.ts';

const KeyId = '11111111-2222-3333-4444-555555555555';

async function withKey(wanted: Partial<Key> = {}) {
  const parts = await organization();
  const made = key(parts.estate, parts.archive, 'us-east-1', KeyId, { rotation: false, ...wanted });
  keyAlias(parts.archive, 'us-east-1', 'logs', KeyId);
  return { ...parts, key: made, client: new KMSClient(parts.as(parts.archive)) };
}

const delegating = { ...allow('kms:*'), Principal: { AWS: `arn:aws:iam::${ARCHIVE}:root` } };

describe('a key is described', () => {
  test.each([
    ['by id', KeyId],
    ['by alias', 'alias/logs'],
    ['by ARN', `arn:aws:kms:us-east-1:${ARCHIVE}:key/${KeyId}`],
    ['by the ARN of its alias', `arn:aws:kms:us-east-1:${ARCHIVE}:alias/logs`],
  ])('%s', async (_how, asked) => {
    const { client } = await withKey({ tags: { team: 'security' } });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: asked }));
    expect(KeyMetadata).toMatchObject({ KeyId, AWSAccountId: ARCHIVE, KeyManager: 'CUSTOMER', KeyState: 'Enabled' });
    const { Tags } = await client.send(new ListResourceTagsCommand({ KeyId }));
    expect(Tags).toEqual([{ TagKey: 'team', TagValue: 'security' }]);
  });

  test.each([
    ['that is not there', 'none', 'NotFoundException'],
    ['by an alias that is not there', 'alias/none', 'NotFoundException'],
    ['in another region', `arn:aws:kms:eu-west-1:${ARCHIVE}:key/${KeyId}`, 'NotFoundException'],
    ['by an ARN that is none', 'arn:aws:s3:::b', 'InvalidArnException'],
  ])('not one %s', async (_what, asked, code) => {
    const { client } = await withKey();
    expect((await errorOf(client.send(new DescribeKeyCommand({ KeyId: asked })))).name).toBe(code);
  });

  test('from another account as far as the key policy allows', async () => {
    const { as, member, key: shared } = await withKey();
    const stranger = new KMSClient(as(member));
    const ask = () => stranger.send(new DescribeKeyCommand({ KeyId: shared.arn }));
    expect((await errorOf(ask())).name).toBe('AccessDeniedException');
    shared.policy = policy(delegating, { ...allow('kms:*'), Principal: { AWS: `arn:aws:iam::${MEMBER}:root` } });
    expect((await ask()).KeyMetadata?.Arn).toBe(shared.arn);
    const put = new PutKeyPolicyCommand({ KeyId: shared.arn, Policy: JSON.stringify(shared.policy) });
    expect((await errorOf(stranger.send(put))).name).toBe('AccessDeniedException');
  });
});

describe('key policies', () => {
  const put = (document: unknown, BypassPolicyLockoutSafetyCheck = false) =>
    new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify(document), BypassPolicyLockoutSafetyCheck });
  const cloudtrail = { ...allow('kms:GenerateDataKey*'), Principal: { Service: 'cloudtrail.amazonaws.com' } };

  test('are read as they were put, account ids as root ARNs', async () => {
    const { client } = await withKey();
    await client.send(put(policy({ ...delegating, Principal: { AWS: ARCHIVE } }, cloudtrail)));
    const read = await client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
    expect(JSON.parse(read.Policy ?? '')).toEqual(policy(delegating, cloudtrail));
  });

  test.each<[string, unknown, string]>([
    ['locks the caller out', policy(cloudtrail), 'update the key policy in the future'],
    ['denies the caller', policy(delegating, { ...delegating, Effect: 'Deny' }), 'update the key policy in the future'],
    [
      'names a deleted role',
      policy(delegating, { ...cloudtrail, Principal: { AWS: 'AROAEXAMPLE' } }),
      'Invalid principal',
    ],
    ['has a statement without principal', policy(delegating, allow('kms:Decrypt')), 'without principal'],
  ])('a policy that %s is refused', async (_what, document, why) => {
    const { client } = await withKey();
    expect(await errorOf(client.send(put(document)))).toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: expect.stringContaining(why),
    });
  });

  test('more than 32 KB is too long; the lockout check can be left out', async () => {
    const { client } = await withKey();
    const long = policy({ ...delegating, Sid: 'x'.repeat(32 * 1024) });
    expect((await errorOf(client.send(put(long)))).name).toBe('LimitExceededException');
    await client.send(put(policy(cloudtrail), true));
    expect((await errorOf(client.send(new GetKeyPolicyCommand({ KeyId })))).name).toBe('AccessDeniedException');
  });
});

describe('rotation', () => {
  test('is turned on and off', async () => {
    const { client } = await withKey();
    const status = () => client.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect((await status()).KeyRotationEnabled).toBe(false);
    await client.send(new EnableKeyRotationCommand({ KeyId }));
    expect(await status()).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 365 });
    await client.send(new DisableKeyRotationCommand({ KeyId }));
    expect((await status()).KeyRotationEnabled).toBe(false);
  });

  test('comes as often as the owner says, from 90 to 2560 days', async () => {
    const { client } = await withKey();
    const enable = (RotationPeriodInDays?: number) =>
      client.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays }));
    for (const days of [89, 2561]) expect((await errorOf(enable(days))).name).toBe('ValidationException');
    await enable(180);
    await enable();
    const status = await client.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(status).toMatchObject({ RotationPeriodInDays: 180, NextRotationDate: expect.any(Date) });
  });

  test('of a replica is its primary’s', async () => {
    const parts = await withKey({ multiRegion: true, rotation: true, rotationDays: 90 });
    key(parts.estate, parts.archive, 'eu-west-1', KeyId, {
      multiRegion: true,
      primaryRegion: 'us-east-1',
      rotation: false,
    });
    const replica = new KMSClient(parts.as(parts.archive, 'eu-west-1'));
    expect(await replica.send(new GetKeyRotationStatusCommand({ KeyId }))).toMatchObject({ RotationPeriodInDays: 90 });
    const disable = new DisableKeyRotationCommand({ KeyId });
    expect((await errorOf(replica.send(disable))).name).toBe('UnsupportedOperationException');
    const { KeyMetadata } = await replica.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata?.MultiRegionConfiguration).toMatchObject({
      MultiRegionKeyType: 'REPLICA',
      PrimaryKey: { Region: 'us-east-1' },
    });
  });

  test.each<[string, Partial<Key>]>([
    ['asymmetric', { spec: 'RSA_2048' }],
    ['for message codes', { spec: 'HMAC_256' }],
    ['imported', { origin: 'EXTERNAL' }],
    ['in a key store of the customer', { origin: 'AWS_CLOUDHSM' }],
  ])('is not known of a key that is %s', async (_what, wanted) => {
    const { client } = await withKey(wanted);
    for (const call of [
      () => client.send(new GetKeyRotationStatusCommand({ KeyId })),
      () => client.send(new DisableKeyRotationCommand({ KeyId })),
    ]) {
      expect((await errorOf(call())).name).toBe('UnsupportedOperationException');
    }
  });

  test.each<[string, Partial<Key>, string]>([
    ['disabled', { state: 'Disabled' }, 'DisabledException'],
    ['about to be deleted', { state: 'PendingDeletion' }, 'KMSInvalidStateException'],
    ['asymmetric', { spec: 'RSA_2048' }, 'UnsupportedOperationException'],
    ['imported', { origin: 'EXTERNAL' }, 'UnsupportedOperationException'],
    ['managed by AWS', { manager: 'AWS' }, 'AccessDeniedException'],
  ])('cannot be turned on for a key that is %s', async (_what, wanted, code) => {
    const { client } = await withKey(wanted);
    expect((await errorOf(client.send(new EnableKeyRotationCommand({ KeyId })))).name).toBe(code);
  });
});

test('a key given up comes back disabled, and is enabled again', async () => {
  const { client, key: made } = await withKey();
  const { DeletionDate } = await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  expect(DeletionDate).toBeInstanceOf(Date);
  expect((await errorOf(client.send(new EnableKeyCommand({ KeyId })))).name).toBe('KMSInvalidStateException');
  await client.send(new CancelKeyDeletionCommand({ KeyId }));
  expect(made.state).toBe('Disabled');
  await client.send(new EnableKeyCommand({ KeyId }));
  await client.send(new DisableKeyCommand({ KeyId }));
  expect((await errorOf(client.send(new CancelKeyDeletionCommand({ KeyId })))).name).toBe('KMSInvalidStateException');
});

test('a new key belongs to its account, and is named by an alias', async () => {
  const { client } = await withKey();
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Tags: [{ TagKey: 'team', TagValue: 'security' }] }));
  const TargetKeyId = KeyMetadata?.KeyId ?? '';
  await client.send(new CreateAliasCommand({ AliasName: 'alias/new', TargetKeyId }));
  const again = client.send(new CreateAliasCommand({ AliasName: 'alias/new', TargetKeyId }));
  expect((await errorOf(again)).name).toBe('AlreadyExistsException');
  const { Aliases } = await client.send(new ListAliasesCommand({ KeyId: TargetKeyId }));
  expect(Aliases).toMatchObject([{ AliasName: 'alias/new', TargetKeyId }]);
  const page = await client.send(new ListAliasesCommand({ Limit: 1 }));
  expect(page).toMatchObject({ Truncated: true, NextMarker: expect.any(String) });
  expect((await client.send(new GetKeyPolicyCommand({ KeyId: TargetKeyId }))).Policy).toContain(`${ARCHIVE}:root`);
});

describe('grants', () => {
  const grantee = 'arn:aws:iam::777777777777:role/vendor';

  test('are listed page by page, and by whom they are for', async () => {
    const { client, key: made } = await withKey();
    const grant = keyGrant(made, grantee, ['Decrypt'], { name: 'vendor' });
    keyGrant(made, 'dynamodb.us-east-1.amazonaws.com');
    const first = await client.send(new ListGrantsCommand({ KeyId, Limit: 1 }));
    expect(first.Grants).toEqual([
      expect.objectContaining({
        GrantId: grant.id,
        Name: 'vendor',
        GranteePrincipal: grantee,
        Operations: ['Decrypt'],
        IssuingAccount: `arn:aws:iam::${ARCHIVE}:root`,
      }),
    ]);
    const rest = await client.send(new ListGrantsCommand({ KeyId, Marker: first.NextMarker }));
    expect([first.Truncated, rest.Truncated, rest.Grants?.length]).toEqual([true, false, 1]);
    const theirs = await client.send(new ListGrantsCommand({ KeyId, GranteePrincipal: grantee }));
    expect(theirs.Grants).toHaveLength(1);
  });

  test('are taken back one by one', async () => {
    const { client, key: made } = await withKey();
    const revoke = new RevokeGrantCommand({ KeyId, GrantId: keyGrant(made, grantee).id });
    await client.send(revoke);
    expect(made.grants).toEqual([]);
    expect((await errorOf(client.send(revoke))).name).toBe('NotFoundException');
  });
});

test('the keys of a region are listed', async () => {
  const { client, key: made } = await withKey();
  const { Keys } = await client.send(new ListKeysCommand());
  expect(Keys).toEqual([{ KeyId: made.id, KeyArn: made.arn }]);
});
