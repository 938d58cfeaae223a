/** Trails, event data stores, and the buckets and keys they deliver to. */
import type { Json } from '../types.ts';
import type { PolicyDocument } from './identity.ts';

export interface Trail {
  name: string;
  arn: string;
  homeRegion: string;
  bucket: string;
  prefix: string | undefined;
  topicArn: string | undefined;
  multiRegion: boolean;
  globalEvents: boolean;
  validation: boolean;
  organization: boolean;
  kmsKeyId: string | undefined;
  logGroupArn: string | undefined;
  logRoleArn: string | undefined;
  /** Undefined: no selectors were ever set, the default applies. Never both. */
  eventSelectors: Json[] | undefined;
  advancedEventSelectors: Json[] | undefined;
  insightSelectors: Json[];
  logging: boolean;
  createdAt: Date;
  startedAt: Date | undefined;
  stoppedAt: Date | undefined;
  tags: Record<string, string>;
  /**
   * Regions without activity deliver digests only. What a status says of delivery is worked out from the state of
   * bucket, key and policies at the time of asking; these two override it for one region.
   */
  deliveryErrors: Map<string, string>;
  lastDelivery: Map<string, Date>;
}

export interface EventDataStore {
  arn: string;
  name: string;
  status:
    | 'CREATED'
    | 'ENABLED'
    | 'PENDING_DELETION'
    | 'STARTING_INGESTION'
    | 'STOPPING_INGESTION'
    | 'STOPPED_INGESTION';
  /** AdvancedEventSelectors as the API has them. */
  selectors: Json[];
  multiRegion: boolean;
  organization: boolean;
  /** Days. */
  retention: number;
  terminationProtection: boolean;
  kmsKeyId: string | undefined;
  billingMode: 'EXTENDABLE_RETENTION_PRICING' | 'FIXED_RETENTION_PRICING';
  federation: 'ENABLING' | 'ENABLED' | 'DISABLING' | 'DISABLED';
  createdAt: Date;
  updatedAt: Date;
  tags: Record<string, string>;
}

export interface PublicAccessBlock {
  BlockPublicAcls: boolean;
  IgnorePublicAcls: boolean;
  BlockPublicPolicy: boolean;
  RestrictPublicBuckets: boolean;
}

export interface Bucket {
  name: string;
  owner: string;
  region: string;
  createdAt: Date;
  policy: PolicyDocument | undefined;
  publicAccessBlock: PublicAccessBlock | undefined;
  versioning: 'Enabled' | 'Suspended' | undefined;
  mfaDelete: 'Enabled' | 'Disabled' | undefined;
  /** LoggingEnabled as the API has it. */
  logging: Json | undefined;
  lifecycle: Json[] | undefined;
  encryption: Json | undefined;
  /** The ACL beside the owner's own full control. */
  grants: BucketGrant[];
  /** ReplicationConfiguration as the API has it. */
  replication: Json | undefined;
  ownership: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter' | undefined;
  /** ObjectLockConfiguration as the API has it. */
  objectLock: Json | undefined;
  payer: 'BucketOwner' | 'Requester';
  website: Json | undefined;
  tags: Record<string, string>;
  /** Put by callers, by key; the newest version first. What trails deliver is not among them. */
  objects?: Map<string, ObjectVersion[]>;
}

export interface ObjectVersion {
  /** `null` where versions are not kept. */
  id: string;
  /** Undefined: a delete marker. */
  body: Buffer | undefined;
  at: Date;
  lockMode?: string;
  retainUntil?: Date;
}

/** A grant to the canonical id of another account, or to a group by its URI. */
export interface BucketGrant {
  grantee: { ID: string } | { URI: string };
  permission: 'FULL_CONTROL' | 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP';
}

export interface Key {
  id: string;
  arn: string;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingImport' | 'Unavailable' | 'PendingReplicaDeletion';
  manager: 'CUSTOMER' | 'AWS';
  spec: string;
  usage: string;
  origin: string;
  multiRegion: boolean;
  /** Of a replica: the region of its primary, which has the same id. */
  primaryRegion: string | undefined;
  rotation: boolean;
  rotationDays: number;
  grants: KeyGrant[];
  deletionDate: Date | undefined;
  createdAt: Date;
  policy: PolicyDocument;
  tags: Record<string, string>;
}

export interface KeyGrant {
  id: string;
  name: string | undefined;
  /** ARN of a principal, or the name of an AWS service. */
  grantee: string;
  retiring: string | undefined;
  operations: string[];
  /** Constraints as the API has them. */
  constraints: Json | undefined;
  createdAt: Date;
}
