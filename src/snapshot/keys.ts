import type { DescribeKeyCommandOutput, GrantListEntry } from '@aws-sdk/client-kms';
import { placeOf } from './arn.ts';
import { isoTime, toJsonObject } from './json.ts';
import { absent, chainPart, mapPart, read } from './part.ts';
import type { PartReaders } from './reader.ts';
import type { Place, Reading } from './reading.ts';
import type { Key, KeyGrant, KeyRotation, Part, PolicyText } from './types.ts';

/** An ARN says where its key lies; a bare id or alias is looked up where its user is. */
function placeOfKey(reading: Reading, reference: string): Place {
  if (reference.startsWith('arn:')) return placeOf(reference);
  return (
    reading.users(`key:${reference}`)[0] ?? { account: reading.around.scope[0] ?? '', region: reading.around.home }
  );
}

async function readKey(reading: Reading, reference: string): Promise<Part<Key>> {
  const place = placeOfKey(reading, reference);
  return chainPart(await reading.ask('kms:DescribeKey', place, { KeyId: reference }), ({ KeyMetadata }) =>
    KeyMetadata === undefined ? absent('NotFoundException') : read(keyFrom(KeyMetadata, place)),
  );
}

function keyFrom(key: NonNullable<DescribeKeyCommandOutput['KeyMetadata']>, place: Place): Key {
  const arn = key.Arn ?? `arn:aws:kms:${place.region}:${place.account}:key/${key.KeyId ?? ''}`;
  return {
    KeyId: key.KeyId ?? '',
    Arn: arn,
    AWSAccountId: key.AWSAccountId ?? placeOf(arn).account,
    region: placeOf(arn).region,
    KeyState: key.KeyState ?? '',
    KeyManager: key.KeyManager ?? 'CUSTOMER',
    KeySpec: key.KeySpec ?? '',
    KeyUsage: key.KeyUsage ?? '',
    Origin: key.Origin ?? '',
    MultiRegion: key.MultiRegion ?? false,
    ...(key.DeletionDate === undefined ? {} : { DeletionDate: isoTime(key.DeletionDate) }),
  };
}

/** Everything but DescribeKey takes no alias, so the key behind it is asked for first. */
async function withoutAlias<T>(
  reading: Reading,
  reference: string,
  ask: (place: Place, id: string) => Promise<Part<T>>,
): Promise<Part<T>> {
  if (!reference.includes('alias/')) return ask(placeOfKey(reading, reference), reference);
  const key = await reading.part('key', reference);
  return key.state === 'read' ? ask(placeOf(key.value.Arn), key.value.Arn) : key;
}

function readPolicy(reading: Reading, reference: string): Promise<Part<PolicyText>> {
  return withoutAlias(reading, reference, async (place, id) => {
    const answer = await reading.ask('kms:GetKeyPolicy', place, { KeyId: id, PolicyName: 'default' });
    return chainPart(answer, ({ Policy }) =>
      Policy === undefined ? absent('NotFoundException') : read({ text: Policy }),
    );
  });
}

function readRotation(reading: Reading, reference: string): Promise<Part<KeyRotation>> {
  return withoutAlias(reading, reference, async (place, id) =>
    mapPart(
      await reading.ask('kms:GetKeyRotationStatus', place, { KeyId: id }),
      ({ KeyRotationEnabled = false, RotationPeriodInDays: days }) => ({
        KeyRotationEnabled,
        ...(days === undefined ? {} : { RotationPeriodInDays: days }),
      }),
    ),
  );
}

function readGrants(reading: Reading, reference: string): Promise<Part<KeyGrant[]>> {
  return withoutAlias(reading, reference, async (place, id) =>
    mapPart(await reading.askAll('kms:ListGrants', place, { KeyId: id }), (pages) =>
      pages.flatMap(({ Grants = [] }) => Grants).map(grantFrom),
    ),
  );
}

function grantFrom(grant: GrantListEntry): KeyGrant {
  const { Name, RetiringPrincipal, IssuingAccount, Constraints } = grant;
  return {
    GrantId: grant.GrantId ?? '',
    ...(Name ? { Name } : {}),
    GranteePrincipal: grant.GranteePrincipal ?? '',
    ...(RetiringPrincipal ? { RetiringPrincipal } : {}),
    ...(IssuingAccount ? { IssuingAccount } : {}),
    Operations: grant.Operations ?? [],
    ...(Constraints === undefined ? {} : { Constraints: toJsonObject(Constraints) }),
  };
}

function readTags(reading: Reading, reference: string): Promise<Part<{ [key: string]: string }>> {
  return withoutAlias(reading, reference, async (place, id) =>
    mapPart(await reading.askAll('kms:ListResourceTags', place, { KeyId: id }), (pages) =>
      Object.fromEntries(
        pages.flatMap(({ Tags = [] }) => Tags).map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]),
      ),
    ),
  );
}

export const keyParts: PartReaders<'key' | 'key.policy' | 'key.rotation' | 'key.grants' | 'key.tags'> = {
  key: { key: 'KMS key ARN, id or alias', operations: ['kms:DescribeKey'], needs: [], read: readKey },
  'key.policy': {
    key: 'KMS key ARN, id or alias',
    operations: ['kms:GetKeyPolicy'],
    needs: ['key'],
    read: readPolicy,
  },
  'key.rotation': {
    key: 'KMS key ARN, id or alias',
    operations: ['kms:GetKeyRotationStatus'],
    needs: ['key'],
    read: readRotation,
  },
  'key.grants': {
    key: 'KMS key ARN, id or alias',
    operations: ['kms:ListGrants'],
    needs: ['key'],
    read: readGrants,
  },
  'key.tags': {
    key: 'KMS key ARN, id or alias',
    operations: ['kms:ListResourceTags'],
    needs: ['key'],
    read: readTags,
  },
};
