import type { DescribeKeyCommandOutput } from '@aws-sdk/client-kms';
import { placeOf } from './arn.ts';
import { isoTime } from './json.ts';
import { absent, chainPart, read } from './part.ts';
import type { PartReaders } from './reader.ts';
import type { Place, Reading } from './reading.ts';
import type { Key, Part, PolicyText } from './types.ts';

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

/** GetKeyPolicy does not take an alias, so the key behind it is asked for first. */
async function readPolicy(reading: Reading, reference: string): Promise<Part<PolicyText>> {
  if (!reference.includes('alias/')) return policyOf(reading, placeOfKey(reading, reference), reference);
  const key = await reading.part('key', reference);
  return key.state === 'read' ? policyOf(reading, placeOf(key.value.Arn), key.value.Arn) : key;
}

async function policyOf(reading: Reading, place: Place, id: string): Promise<Part<PolicyText>> {
  const answer = await reading.ask('kms:GetKeyPolicy', place, { KeyId: id, PolicyName: 'default' });
  return chainPart(answer, ({ Policy }) =>
    Policy === undefined ? absent('NotFoundException') : read({ text: Policy }),
  );
}

export const keyParts: PartReaders<'key' | 'key.policy'> = {
  key: { key: 'KMS key ARN, id or alias', operations: ['kms:DescribeKey'], needs: [], read: readKey },
  'key.policy': {
    key: 'KMS key ARN, id or alias',
    operations: ['kms:GetKeyPolicy'],
    needs: ['key'],
    read: readPolicy,
  },
};
