/** The documents S3 takes and gives, by the shape of their root element. */
import { List, type Structure } from './shapes.ts';

const TAG = { Key: 'text', Value: 'text' } satisfies Structure;
const TRANSITION = { Date: 'text', Days: 'number', StorageClass: 'text' } satisfies Structure;
const GRANT = {
  Grantee: { ID: 'text', DisplayName: 'text', EmailAddress: 'text', URI: 'text' },
  Permission: 'text',
} satisfies Structure;

export const LIFECYCLE = {
  Rule: new List(
    {
      ID: 'text',
      Prefix: 'text',
      Filter: {
        Prefix: 'text',
        Tag: TAG,
        ObjectSizeGreaterThan: 'number',
        ObjectSizeLessThan: 'number',
        And: {
          Prefix: 'text',
          Tag: new List(TAG, { as: 'Tags' }),
          ObjectSizeGreaterThan: 'number',
          ObjectSizeLessThan: 'number',
        },
      },
      Status: 'text',
      Expiration: { Date: 'text', Days: 'number', ExpiredObjectDeleteMarker: 'flag' },
      Transition: new List(TRANSITION, { as: 'Transitions' }),
      NoncurrentVersionTransition: new List(
        { NoncurrentDays: 'number', StorageClass: 'text', NewerNoncurrentVersions: 'number' },
        { as: 'NoncurrentVersionTransitions' },
      ),
      NoncurrentVersionExpiration: { NoncurrentDays: 'number', NewerNoncurrentVersions: 'number' },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 'number' },
    },
    { as: 'Rules' },
  ),
} satisfies Structure;

export const ACL = {
  Owner: { ID: 'text', DisplayName: 'text' },
  AccessControlList: new List(GRANT, { element: 'Grant' }),
} satisfies Structure;

const STATUS = { Status: 'text' } satisfies Structure;

export const REPLICATION = {
  Role: 'text',
  Rule: new List(
    {
      ID: 'text',
      Priority: 'number',
      Prefix: 'text',
      Filter: { Prefix: 'text', Tag: TAG, And: { Prefix: 'text', Tag: new List(TAG, { as: 'Tags' }) } },
      Status: 'text',
      SourceSelectionCriteria: { SseKmsEncryptedObjects: STATUS, ReplicaModifications: STATUS },
      ExistingObjectReplication: STATUS,
      Destination: {
        Bucket: 'text',
        Account: 'text',
        StorageClass: 'text',
        AccessControlTranslation: { Owner: 'text' },
        EncryptionConfiguration: { ReplicaKmsKeyID: 'text' },
        ReplicationTime: { Status: 'text', Time: { Minutes: 'number' } },
        Metrics: { Status: 'text', EventThreshold: { Minutes: 'number' } },
      },
      DeleteMarkerReplication: STATUS,
    },
    { as: 'Rules' },
  ),
} satisfies Structure;

export const LOGGING = {
  LoggingEnabled: {
    TargetBucket: 'text',
    TargetGrants: new List(GRANT, { element: 'Grant' }),
    TargetPrefix: 'text',
    TargetObjectKeyFormat: { SimplePrefix: {}, PartitionedPrefix: { PartitionDateSource: 'text' } },
  },
} satisfies Structure;

export const ENCRYPTION = {
  Rule: new List(
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'text', KMSMasterKeyID: 'text' },
      BucketKeyEnabled: 'flag',
      BlockedEncryptionTypes: { EncryptionType: new List('text', { as: 'EncryptionType' }) },
    },
    { as: 'Rules' },
  ),
} satisfies Structure;

export const OBJECT_LOCK = {
  ObjectLockEnabled: 'text',
  Rule: { DefaultRetention: { Mode: 'text', Days: 'number', Years: 'number' } },
} satisfies Structure;

export const OWNERSHIP = { Rule: new List({ ObjectOwnership: 'text' }, { as: 'Rules' }) } satisfies Structure;
export const VERSIONING = { Status: 'text', MfaDelete: 'text' } satisfies Structure;
export const PAYMENT = { Payer: 'text' } satisfies Structure;

export const PUBLIC_ACCESS_BLOCK = {
  BlockPublicAcls: 'flag',
  IgnorePublicAcls: 'flag',
  BlockPublicPolicy: 'flag',
  RestrictPublicBuckets: 'flag',
} satisfies Structure;

export const CREATE = {
  LocationConstraint: 'text',
  Location: { Type: 'text', Name: 'text' },
  Bucket: { Type: 'text', DataRedundancy: 'text' },
  Tags: new List(TAG, { element: 'Tag' }),
} satisfies Structure;

export const WEBSITE = {
  RedirectAllRequestsTo: { HostName: 'text', Protocol: 'text' },
  IndexDocument: { Suffix: 'text' },
  ErrorDocument: { Key: 'text' },
} satisfies Structure;

export const TAGGING = { TagSet: new List(TAG, { element: 'Tag' }) } satisfies Structure;
export const POLICY_STATUS = { IsPublic: 'flag' } satisfies Structure;

const VERSION = {
  Key: 'text',
  VersionId: 'text',
  IsLatest: 'flag',
  LastModified: 'text',
  ETag: 'text',
  Size: 'number',
} satisfies Structure;

export const VERSIONS = {
  Name: 'text',
  Prefix: 'text',
  KeyMarker: 'text',
  NextKeyMarker: 'text',
  NextVersionIdMarker: 'text',
  MaxKeys: 'number',
  IsTruncated: 'flag',
  Version: new List(VERSION, { as: 'Versions' }),
  DeleteMarker: new List(VERSION, { as: 'DeleteMarkers' }),
} satisfies Structure;

const BUCKET = { Name: 'text', CreationDate: 'text', BucketRegion: 'text', BucketArn: 'text' } satisfies Structure;

export const BUCKETS = {
  Owner: { ID: 'text', DisplayName: 'text' },
  Buckets: new List(BUCKET, { element: 'Bucket' }),
  ContinuationToken: 'text',
  Prefix: 'text',
} satisfies Structure;
