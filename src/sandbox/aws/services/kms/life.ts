/** A key's life: made, enabled, given up. */
import { randomUUID } from 'node:crypto';
import { neededString, recordsIn, stringIn, tagList } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { regionOf } from '../../region.ts';
import { AwsError, type Key, type Operation, type Output } from '../../types.ts';
import { flagIn, numberIn } from '../members.ts';
import { tagsUnder } from '../tags.ts';
import { keyOf, keyPermission, onKey, ownerOf, requireState } from './find.ts';
import { checkedKeyPolicy, refuseLockout } from './policy.ts';

const DAY = 86_400_000;

export const describeKey = onKey('DescribeKey', (key) => ({ KeyMetadata: metadataOf(key) }), { crossAccount: true });

export const createKey: Operation = {
  permissions: (_context, input) =>
    (recordsIn(input, 'Tags').length > 0 ? ['CreateKey', 'TagResource'] : ['CreateKey']).map((action) => ({
      action: `kms:${action}`,
      resource: '*',
    })),
  handle(context, input) {
    const { estate, account, region } = context;
    const id = randomUUID();
    const arn = `arn:${estate.partition}:kms:${region}:${account.id}:key/${id}`;
    const text = stringIn(input, 'Policy');
    if (text && flagIn(input, 'BypassPolicyLockoutSafetyCheck') !== true) {
      refuseLockout(context, checkedKeyPolicy(context, text), arn);
    }
    const key: Key = {
      id,
      arn,
      state: 'Enabled',
      manager: 'CUSTOMER',
      spec: stringIn(input, 'KeySpec') ?? 'SYMMETRIC_DEFAULT',
      usage: stringIn(input, 'KeyUsage') ?? 'ENCRYPT_DECRYPT',
      origin: stringIn(input, 'Origin') ?? 'AWS_KMS',
      multiRegion: flagIn(input, 'MultiRegion') ?? false,
      primaryRegion: undefined,
      rotation: false,
      rotationDays: 365,
      grants: [],
      deletionDate: undefined,
      createdAt: estate.now(),
      policy: text ? checkedKeyPolicy(context, text) : defaultPolicy(estate.partition, account.id),
      tags: tagsUnder(input, 'Tags', { key: 'TagKey', value: 'TagValue' }),
    };
    regionOf(account, region).keys.set(id, key);
    return { KeyMetadata: metadataOf(key) };
  },
};

function defaultPolicy(partition: string, account: string): Key['policy'] {
  return {
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  };
}

export const enableKey = onKey('EnableKey', (key) => {
  if (key.state !== 'Disabled') requireState(key, 'Enabled');
  key.state = 'Enabled';
});

export const disableKey = onKey('DisableKey', (key) => {
  if (key.state !== 'Disabled') requireState(key, 'Enabled');
  key.state = 'Disabled';
});

export const scheduleKeyDeletion = onKey('ScheduleKeyDeletion', (key, input, { estate }) => {
  const days = numberIn(input, 'PendingWindowInDays') ?? 30;
  if (days < 7 || days > 30) throw new AwsError('ValidationException', 'PendingWindowInDays is 7 to 30.');
  if (key.state === 'PendingDeletion') requireState(key, 'Enabled');
  key.state = 'PendingDeletion';
  key.deletionDate = new Date(estate.now().getTime() + days * DAY);
  return { KeyId: key.arn, DeletionDate: key.deletionDate, KeyState: key.state, PendingWindowInDays: days };
});

/** The key comes back disabled: https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html */
export const cancelKeyDeletion = onKey('CancelKeyDeletion', (key) => {
  if (key.state !== 'PendingDeletion') {
    throw new AwsError('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
  }
  key.state = 'Disabled';
  key.deletionDate = undefined;
  return { KeyId: key.arn };
});

export const listAliases: Operation = {
  permissions: () => [{ action: 'kms:ListAliases', resource: '*' }],
  handle(context, input) {
    const { estate, account, region } = context;
    const only = stringIn(input, 'KeyId') === undefined ? undefined : keyOf(context, input).id;
    const all = [...regionOf(account, region).aliases].filter(([, id]) => only === undefined || id === only);
    const invalid = new AwsError('InvalidMarkerException', 'The marker is not valid.');
    const { items, next } = pageOf(all, input.Marker, sizeOf(input.Limit, 100), invalid);
    const Aliases = items.map(([name, id]) => ({
      AliasName: name,
      AliasArn: `arn:${estate.partition}:kms:${region}:${account.id}:${name}`,
      TargetKeyId: id,
    }));
    return { Aliases, Truncated: next !== undefined, NextMarker: next };
  },
};

export const createAlias: Operation = {
  permissions(context, input) {
    const key = keyOf(context, { KeyId: input.TargetKeyId });
    const { estate, account, region } = context;
    const alias = `arn:${estate.partition}:kms:${region}:${account.id}:${stringIn(input, 'AliasName') ?? ''}`;
    return [keyPermission(context, key, 'CreateAlias'), { action: 'kms:CreateAlias', resource: alias }];
  },
  handle(context, input) {
    const name = neededString(input, 'AliasName');
    if (!/^alias\/[\w/-]+$/.test(name) || name.startsWith('alias/aws/')) {
      throw new AwsError('InvalidAliasNameException', `${name} is not the name of an alias.`);
    }
    const { aliases } = regionOf(context.account, context.region);
    if (aliases.has(name))
      throw new AwsError('AlreadyExistsException', `An alias with the name ${name} already exists`);
    aliases.set(name, keyOf(context, { KeyId: input.TargetKeyId }).id);
    return {};
  },
};

export const listResourceTags = onKey('ListResourceTags', (key) => ({
  Tags: tagList(key.tags).map((tag) => ({ TagKey: tag.Key, TagValue: tag.Value })),
  Truncated: false,
}));

function metadataOf(key: Key): Output {
  const deleting = key.state === 'PendingDeletion';
  return {
    AWSAccountId: ownerOf(key),
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: key.createdAt,
    Enabled: key.state === 'Enabled',
    Description: '',
    KeyUsage: key.usage,
    KeyState: key.state,
    DeletionDate: deleting ? key.deletionDate : undefined,
    Origin: key.origin,
    KeyManager: key.manager,
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    EncryptionAlgorithms: key.usage === 'ENCRYPT_DECRYPT' ? [key.spec] : undefined,
    MultiRegion: key.multiRegion,
    MultiRegionConfiguration: key.multiRegion ? multiRegionOf(key) : undefined,
  };
}

function multiRegionOf(key: Key): Output {
  const home = key.arn.split(':')[3] ?? '';
  const region = key.primaryRegion ?? home;
  const primary = { Arn: key.arn.replace(`:${home}:`, `:${region}:`), Region: region };
  return { MultiRegionKeyType: region === home ? 'PRIMARY' : 'REPLICA', PrimaryKey: primary, ReplicaKeys: [] };
}

export const listKeys: Operation = {
  permissions: () => [{ action: 'kms:ListKeys', resource: '*' }],
  handle({ account, region }, input) {
    const invalid = new AwsError('InvalidMarkerException', 'The marker is not valid.');
    const keys = [...regionOf(account, region).keys.values()];
    const { items, next } = pageOf(keys, input.Marker, sizeOf(input.Limit, 100), invalid);
    const Keys = items.map((key) => ({ KeyId: key.id, KeyArn: key.arn }));
    return { Keys, Truncated: next !== undefined, NextMarker: next };
  },
};
