import type { Grant } from '@aws-sdk/client-s3';
import type { OperationName } from '../aws/operations/table.ts';
import { flags } from './account-buckets.ts';
import { findBucket } from './bucket-owner.ts';
import { toJsonObject, toJsonObjects } from './json.ts';
import { absent, chainPart, mapPart, read } from './part.ts';
import type { PartReaders } from './reader.ts';
import type { Place, Reading } from './reading.ts';
import type { BucketGrant, Part, PartName } from './types.ts';

/** Every call names the owner it expects, so that a bucket that changed hands is never taken for ours. */
interface BucketInput {
  Bucket: string;
  ExpectedBucketOwner: string;
}

/** Reads one setting of a bucket in its owner's account and its own region. */
async function ofBucket<T>(
  reading: Reading,
  name: string,
  operation: OperationName,
  ask: (place: Place, input: BucketInput) => Promise<Part<T>>,
): Promise<Part<T>> {
  const bucket = await reading.part('bucket', name);
  if (bucket.state !== 'read') return bucket;
  const { owner, region } = bucket.value;
  if (owner === undefined) {
    return { state: 'error', operation, account: '', message: `no account in reach owns the bucket ${name}` };
  }
  return ask({ account: owner, region }, { Bucket: name, ExpectedBucketOwner: owner });
}

type BucketPart = Extract<PartName, `bucket.${string}`>;

/** The reader of one setting: one operation, asked of the owner. */
function setting<T>(
  operation: OperationName,
  ask: (reading: Reading, place: Place, input: BucketInput) => Promise<Part<T>>,
) {
  return {
    key: 'bucket name',
    operations: [operation],
    needs: ['bucket'] as const,
    read: (reading: Reading, name: string) =>
      ofBucket(reading, name, operation, (place, input) => ask(reading, place, input)),
  };
}

function grantFrom({ Grantee, Permission }: Grant): BucketGrant {
  const { Type = '', ID, URI } = Grantee ?? {};
  return {
    Grantee: { Type, ...(ID === undefined ? {} : { ID }), ...(URI === undefined ? {} : { URI }) },
    Permission: Permission ?? '',
  };
}

export const bucketParts: PartReaders<'bucket' | BucketPart> = {
  bucket: {
    key: 'bucket name',
    operations: ['s3:HeadBucket', 's3:ListBuckets'],
    needs: ['account.buckets', 'organization.accounts'],
    read: findBucket,
  },
  'bucket.policy': setting('s3:GetBucketPolicy', async (reading, place, input) =>
    chainPart(await reading.ask('s3:GetBucketPolicy', place, input), ({ Policy }) =>
      Policy === undefined ? absent('NoSuchBucketPolicy') : read({ text: Policy }),
    ),
  ),
  'bucket.policyStatus': setting('s3:GetBucketPolicyStatus', async (reading, place, input) =>
    mapPart(await reading.ask('s3:GetBucketPolicyStatus', place, input), ({ PolicyStatus }) => ({
      IsPublic: PolicyStatus?.IsPublic ?? false,
    })),
  ),
  'bucket.publicAccessBlock': setting('s3:GetPublicAccessBlock', async (reading, place, input) =>
    mapPart(await reading.ask('s3:GetPublicAccessBlock', place, input), ({ PublicAccessBlockConfiguration }) =>
      flags(PublicAccessBlockConfiguration),
    ),
  ),
  'bucket.logging': setting('s3:GetBucketLogging', async (reading, place, input) =>
    chainPart(await reading.ask('s3:GetBucketLogging', place, input), ({ LoggingEnabled }) =>
      // Logging that is off is an empty answer, not an error.
      LoggingEnabled === undefined
        ? absent('LoggingNotEnabled')
        : read({ TargetBucket: LoggingEnabled.TargetBucket ?? '', TargetPrefix: LoggingEnabled.TargetPrefix ?? '' }),
    ),
  ),
  'bucket.versioning': setting('s3:GetBucketVersioning', async (reading, place, input) =>
    mapPart(await reading.ask('s3:GetBucketVersioning', place, input), ({ Status, MFADelete }) => ({
      ...(Status === undefined ? {} : { Status }),
      ...(MFADelete === undefined ? {} : { MFADelete }),
    })),
  ),
  'bucket.lifecycle': setting('s3:GetBucketLifecycleConfiguration', async (reading, place, input) =>
    mapPart(
      await reading.ask('s3:GetBucketLifecycleConfiguration', place, input),
      ({ Rules = [], TransitionDefaultMinimumObjectSize: smallest }) => ({
        Rules: toJsonObjects(Rules),
        ...(smallest === undefined ? {} : { TransitionDefaultMinimumObjectSize: smallest }),
      }),
    ),
  ),
  'bucket.encryption': setting('s3:GetBucketEncryption', async (reading, place, input) =>
    mapPart(
      await reading.ask('s3:GetBucketEncryption', place, input),
      ({ ServerSideEncryptionConfiguration: sse }) => ({
        Rules: toJsonObjects(sse?.Rules ?? []),
      }),
    ),
  ),
  'bucket.objectLock': setting('s3:GetObjectLockConfiguration', async (reading, place, input) =>
    mapPart(await reading.ask('s3:GetObjectLockConfiguration', place, input), ({ ObjectLockConfiguration: lock }) => {
      const { Mode, Days, Years } = lock?.Rule?.DefaultRetention ?? {};
      return {
        ...(Mode === undefined ? {} : { Mode }),
        ...(Days === undefined ? {} : { Days }),
        ...(Years === undefined ? {} : { Years }),
      };
    }),
  ),
  'bucket.requestPayment': setting('s3:GetBucketRequestPayment', async (reading, place, input) =>
    mapPart(await reading.ask('s3:GetBucketRequestPayment', place, input), ({ Payer }) => ({
      Payer: Payer ?? 'BucketOwner',
    })),
  ),
  'bucket.website': setting('s3:GetBucketWebsite', async (reading, place, input) =>
    mapPart(await reading.ask('s3:GetBucketWebsite', place, input), ({ $metadata: _, ...website }) =>
      toJsonObject(website),
    ),
  ),
  'bucket.acl': setting('s3:GetBucketAcl', async (reading, place, input) =>
    mapPart(await reading.ask('s3:GetBucketAcl', place, input), ({ Owner, Grants = [] }) => ({
      OwnerId: Owner?.ID ?? '',
      Grants: Grants.map(grantFrom),
    })),
  ),
  'bucket.ownership': setting('s3:GetBucketOwnershipControls', async (reading, place, input) =>
    chainPart(await reading.ask('s3:GetBucketOwnershipControls', place, input), ({ OwnershipControls: controls }) => {
      const rule = controls?.Rules?.[0]?.ObjectOwnership;
      return rule === undefined ? absent('OwnershipControlsNotFoundError') : read({ ObjectOwnership: rule });
    }),
  ),
  'bucket.replication': setting('s3:GetBucketReplication', async (reading, place, input) =>
    mapPart(
      await reading.ask('s3:GetBucketReplication', place, input),
      ({ ReplicationConfiguration: replication }) => ({
        Role: replication?.Role ?? '',
        Rules: toJsonObjects(replication?.Rules ?? []),
      }),
    ),
  ),
  'bucket.tags': setting('s3:GetBucketTagging', async (reading, place, input) => {
    const answer = await reading.ask('s3:GetBucketTagging', place, input);
    // A bucket without tags answers NoSuchTagSet.
    if (answer.state === 'absent' && answer.code === 'NoSuchTagSet') return read({});
    return mapPart(answer, ({ TagSet = [] }) =>
      Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value])),
    );
  }),
};
