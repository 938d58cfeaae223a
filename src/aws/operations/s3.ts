import {
  CreateBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutBucketAclCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { read, type Where, write } from '../operation.ts';

const bucketArn = (name: string | undefined, { partition }: Where) => `arn:${partition}:s3:::${name ?? '*'}`;

/** S3's IAM actions often have other names than its operations. */
const onBucket = (...actions: string[]) => ({
  ...(actions.length > 0 && { actions }),
  on: ({ Bucket }: { Bucket?: string | undefined }, where: Where) => [bucketArn(Bucket, where)],
});

export const s3 = {
  // A bucket may lie in another region than its trail.
  createClient: (config: object) => new S3Client({ ...config, followRegionRedirects: true }),
  global: false,
  operations: {
    ListBuckets: read(ListBucketsCommand, {
      actions: ['s3:ListAllMyBuckets'],
      page: { input: 'ContinuationToken', output: 'ContinuationToken' },
    }),
    // No configuration, but names alone: anchors of the audit log stand in them.
    ListObjectVersions: read(ListObjectVersionsCommand, {
      ...onBucket('s3:ListBucketVersions'),
      // One page may end between two versions of a key; the next then begins with the key after it.
      page: { input: 'KeyMarker', output: 'NextKeyMarker' },
    }),
    HeadBucket: read(HeadBucketCommand, onBucket('s3:ListBucket')),
    GetBucketAcl: read(GetBucketAclCommand, onBucket()),
    GetBucketEncryption: read(GetBucketEncryptionCommand, onBucket('s3:GetEncryptionConfiguration')),
    GetBucketLifecycleConfiguration: read(
      GetBucketLifecycleConfigurationCommand,
      onBucket('s3:GetLifecycleConfiguration'),
    ),
    GetBucketLogging: read(GetBucketLoggingCommand, onBucket()),
    GetBucketOwnershipControls: read(GetBucketOwnershipControlsCommand, onBucket()),
    GetBucketPolicy: read(GetBucketPolicyCommand, onBucket()),
    GetBucketPolicyStatus: read(GetBucketPolicyStatusCommand, onBucket()),
    GetBucketReplication: read(GetBucketReplicationCommand, onBucket('s3:GetReplicationConfiguration')),
    GetBucketRequestPayment: read(GetBucketRequestPaymentCommand, onBucket()),
    GetBucketTagging: read(GetBucketTaggingCommand, onBucket()),
    GetBucketVersioning: read(GetBucketVersioningCommand, onBucket()),
    GetBucketWebsite: read(GetBucketWebsiteCommand, onBucket()),
    GetObjectLockConfiguration: read(
      GetObjectLockConfigurationCommand,
      onBucket('s3:GetBucketObjectLockConfiguration'),
    ),
    GetPublicAccessBlock: read(GetPublicAccessBlockCommand, onBucket('s3:GetBucketPublicAccessBlock')),
    CreateBucket: write(CreateBucketCommand, {
      ...onBucket(),
      also: ({ Bucket, ObjectOwnership }, where) =>
        ObjectOwnership ? [{ action: 's3:PutBucketOwnershipControls', resource: bucketArn(Bucket, where) }] : [],
      fullest: () => ({ Bucket: undefined, ObjectOwnership: 'BucketOwnerEnforced' as const }),
    }),
    PutBucketLifecycleConfiguration: write(
      PutBucketLifecycleConfigurationCommand,
      onBucket('s3:PutLifecycleConfiguration'),
    ),
    DeleteBucketLifecycle: write(DeleteBucketLifecycleCommand, onBucket('s3:PutLifecycleConfiguration')),
    PutBucketAcl: write(PutBucketAclCommand, onBucket()),
    PutBucketOwnershipControls: write(PutBucketOwnershipControlsCommand, onBucket()),
    DeleteBucketOwnershipControls: write(
      DeleteBucketOwnershipControlsCommand,
      onBucket('s3:PutBucketOwnershipControls'),
    ),
    PutBucketEncryption: write(PutBucketEncryptionCommand, onBucket('s3:PutEncryptionConfiguration')),
    DeleteBucketEncryption: write(DeleteBucketEncryptionCommand, onBucket('s3:PutEncryptionConfiguration')),
    PutObject: write(PutObjectCommand, {
      on: ({ Bucket, Key }, where) => [`${bucketArn(Bucket, where)}/${Key ?? '*'}`],
    }),
    PutObjectLockConfiguration: write(
      PutObjectLockConfigurationCommand,
      onBucket('s3:PutBucketObjectLockConfiguration'),
    ),
    PutBucketLogging: write(PutBucketLoggingCommand, onBucket()),
    PutBucketPolicy: write(PutBucketPolicyCommand, onBucket()),
    DeleteBucketPolicy: write(DeleteBucketPolicyCommand, onBucket()),
    PutBucketRequestPayment: write(PutBucketRequestPaymentCommand, onBucket()),
    PutBucketVersioning: write(PutBucketVersioningCommand, onBucket()),
    PutPublicAccessBlock: write(PutPublicAccessBlockCommand, onBucket('s3:PutBucketPublicAccessBlock')),
    DeletePublicAccessBlock: write(DeletePublicAccessBlockCommand, onBucket('s3:PutBucketPublicAccessBlock')),
  },
};
