/** Settings of a bucket that are one document each: versioning, logging, encryption, ownership, Object Lock, payer, replication. */
import { isRecord, recordsIn, stringIn, tagList } from '../../input.ts';
import { AwsError, type Bucket, type Input, type RequestContext } from '../../types.ts';
import { jsonOf, numberIn } from '../members.ts';
import { onBucket } from './bucket.ts';
import { malformedXml } from './shapes.ts';

export const getBucketVersioning = onBucket('GetBucketVersioning', (bucket) => ({
  VersioningConfiguration: { Status: bucket.versioning, MfaDelete: bucket.mfaDelete },
}));

export const putBucketVersioning = onBucket('PutBucketVersioning', (bucket, input, context) => {
  const wanted = documentIn(input, 'VersioningConfiguration');
  const status = stringIn(wanted, 'Status');
  const mfa = stringIn(wanted, 'MfaDelete');
  if (status !== undefined && status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
  if (mfa !== undefined && mfa !== 'Enabled' && mfa !== 'Disabled') throw malformedXml();
  // MFA delete is the root user's own, with the device at hand; from then on it guards versioning as well.
  if ((mfa !== undefined || bucket.mfaDelete === 'Enabled') && !isRootWithDevice(input, context)) {
    throw new AwsError('AccessDenied', 'Mfa Authentication must be used for this request', 403);
  }
  if (mfa === 'Enabled' && bucket.lifecycle) {
    throw new AwsError(
      'InvalidBucketState',
      'MFA delete is not possible on a bucket with a lifecycle configuration.',
      409,
    );
  }
  if (status === 'Suspended' && bucket.objectLock) {
    throw new AwsError(
      'InvalidBucketState',
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      409,
    );
  }
  if (status !== undefined) bucket.versioning = status;
  if (mfa !== undefined) bucket.mfaDelete = mfa;
});

function isRootWithDevice(input: Input, { credential }: RequestContext): boolean {
  return credential.principal.kind === 'root' && /^\S+ \d{6}$/.test(stringIn(input, 'MFA') ?? '');
}

export const getBucketLogging = onBucket('GetBucketLogging', (bucket) => ({
  BucketLoggingStatus: bucket.logging === undefined ? {} : { LoggingEnabled: bucket.logging },
}));

export const putBucketLogging = onBucket('PutBucketLogging', (bucket, input, { estate }) => {
  const wanted = documentIn(input, 'BucketLoggingStatus').LoggingEnabled;
  if (!isRecord(wanted)) {
    bucket.logging = undefined;
    return;
  }
  const target = estate.buckets.get(stringIn(wanted, 'TargetBucket') ?? '');
  const refused = (why: string) => new AwsError('InvalidTargetBucketForLogging', why);
  if (!target) throw refused('The target bucket for logging does not exist');
  if (target.owner !== bucket.owner) {
    throw refused('The owner for the bucket to be logged and the target bucket must be the same.');
  }
  if (target.region !== bucket.region) {
    throw new AwsError('CrossLocationLoggingProhibitted', 'Cross S3 location logging not allowed.', 403);
  }
  bucket.logging = jsonOf({ TargetPrefix: '', ...wanted });
});

export const getBucketEncryption = onBucket('GetEncryptionConfiguration', (bucket) => ({
  ServerSideEncryptionConfiguration: bucket.encryption ?? DEFAULT_ENCRYPTION,
}));

/** Since 2023 no bucket is without encryption. */
const DEFAULT_ENCRYPTION = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

export const putBucketEncryption = onBucket('PutEncryptionConfiguration', (bucket, input) => {
  const wanted = documentIn(input, 'ServerSideEncryptionConfiguration');
  const rules = recordsIn(wanted, 'Rules');
  if (rules.length !== 1) throw malformedXml();
  for (const rule of rules) {
    const chosen = rule.ApplyServerSideEncryptionByDefault;
    if (!isRecord(chosen)) continue;
    const algorithm = stringIn(chosen, 'SSEAlgorithm') ?? '';
    if (!['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm)) throw malformedXml();
    if (algorithm === 'AES256' && chosen.KMSMasterKeyID !== undefined) {
      throw new AwsError(
        'InvalidArgument',
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms',
      );
    }
  }
  bucket.encryption = jsonOf({ Rules: rules.map((rule) => ({ BucketKeyEnabled: false, ...rule })) });
});

export const deleteBucketEncryption = onBucket('PutEncryptionConfiguration', (bucket) => {
  bucket.encryption = undefined;
});

export const getBucketOwnershipControls = onBucket('GetBucketOwnershipControls', (bucket) => {
  if (!bucket.ownership) {
    throw new AwsError('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found', 404);
  }
  return { OwnershipControls: { Rules: [{ ObjectOwnership: bucket.ownership }] } };
});

export const putBucketOwnershipControls = onBucket('PutBucketOwnershipControls', (bucket, input) => {
  const [rule, ...more] = recordsIn(documentIn(input, 'OwnershipControls'), 'Rules');
  const ownership = ownershipIn(rule && stringIn(rule, 'ObjectOwnership'));
  if (!ownership || more.length > 0) throw malformedXml();
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
  if (ownership === 'BucketOwnerEnforced' && bucket.grants.length > 0) {
    throw new AwsError(
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  }
  bucket.ownership = ownership;
});

export const deleteBucketOwnershipControls = onBucket('PutBucketOwnershipControls', (bucket) => {
  bucket.ownership = undefined;
});

export function ownershipIn(text: string | undefined): Bucket['ownership'] {
  return text === 'BucketOwnerEnforced' || text === 'BucketOwnerPreferred' || text === 'ObjectWriter'
    ? text
    : undefined;
}

export const getObjectLockConfiguration = onBucket('GetBucketObjectLockConfiguration', (bucket) => {
  if (!bucket.objectLock) {
    throw new AwsError(
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
      404,
    );
  }
  return { ObjectLockConfiguration: bucket.objectLock };
});

export const putObjectLockConfiguration = onBucket('PutBucketObjectLockConfiguration', (bucket, input) => {
  const wanted = documentIn(input, 'ObjectLockConfiguration');
  if (wanted.ObjectLockEnabled !== 'Enabled') throw malformedXml();
  if (bucket.versioning !== 'Enabled') {
    const message = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration";
    throw new AwsError('InvalidBucketState', message, 409);
  }
  const retention = isRecord(wanted.Rule) ? wanted.Rule.DefaultRetention : undefined;
  if (wanted.Rule !== undefined) {
    if (!isRecord(retention) || !['GOVERNANCE', 'COMPLIANCE'].includes(stringIn(retention, 'Mode') ?? '')) {
      throw malformedXml();
    }
    const periods = ['Days', 'Years'].flatMap((unit) => numberIn(retention, unit) ?? []);
    if (periods.length !== 1) throw malformedXml();
    if ((periods[0] ?? 0) < 1) {
      throw new AwsError('InvalidArgument', 'Default retention period must be a positive integer value');
    }
  }
  bucket.objectLock = jsonOf(wanted);
});

export const getBucketRequestPayment = onBucket('GetBucketRequestPayment', (bucket) => ({
  RequestPaymentConfiguration: { Payer: bucket.payer },
}));

export const putBucketRequestPayment = onBucket('PutBucketRequestPayment', (bucket, input) => {
  const payer = stringIn(documentIn(input, 'RequestPaymentConfiguration'), 'Payer');
  if (payer !== 'BucketOwner' && payer !== 'Requester') throw malformedXml();
  bucket.payer = payer;
});

export const getBucketWebsite = onBucket('GetBucketWebsite', (bucket) => {
  if (bucket.website === undefined) {
    const message = 'The specified bucket does not have a website configuration';
    throw new AwsError('NoSuchWebsiteConfiguration', message, 404);
  }
  return { WebsiteConfiguration: bucket.website };
});

export const getBucketTagging = onBucket('GetBucketTagging', (bucket) => {
  if (Object.keys(bucket.tags).length === 0) throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404);
  return { Tagging: { TagSet: tagList(bucket.tags) } };
});

function documentIn(input: Input, member: string): Input {
  const document = input[member];
  if (!isRecord(document)) throw malformedXml();
  return document;
}

export const getBucketReplication = onBucket('GetReplicationConfiguration', (bucket) => {
  if (bucket.replication === undefined) {
    const message = 'The replication configuration was not found';
    throw new AwsError('ReplicationConfigurationNotFoundError', message, 404);
  }
  return { ReplicationConfiguration: bucket.replication };
});
