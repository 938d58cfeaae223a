/** Builders for trails and for what they deliver to. */
import { arn } from '../arn.ts';
import { regionOf } from '../region.ts';
import type { Account, Bucket, Estate, Key, LogGroup, PolicyDocument, PolicyStatement, Trail } from '../types.ts';
import { allow, policy, role } from './identity.ts';

const HOUR = 3_600_000;

/** A multi-region trail that logs all management events with validation, started a month ago. */
export function trail(
  estate: Estate,
  account: Account,
  wanted: Pick<Trail, 'name' | 'bucket'> & Partial<Trail>,
): Trail {
  const homeRegion = wanted.homeRegion ?? 'us-east-1';
  const monthAgo = new Date(estate.now().getTime() - 30 * 24 * HOUR);
  const made: Trail = {
    arn: arn(estate, 'cloudtrail', homeRegion, account.id, `trail/${wanted.name}`),
    homeRegion,
    prefix: undefined,
    topicArn: undefined,
    multiRegion: true,
    globalEvents: true,
    validation: true,
    organization: false,
    kmsKeyId: undefined,
    logGroupArn: undefined,
    logRoleArn: undefined,
    eventSelectors: undefined,
    advancedEventSelectors: undefined,
    insightSelectors: [],
    logging: true,
    createdAt: monthAgo,
    startedAt: monthAgo,
    stoppedAt: undefined,
    tags: {},
    deliveryErrors: new Map(),
    lastDelivery: new Map(),
    ...wanted,
  };
  regionOf(account, homeRegion).trails.set(made.name, made);
  return made;
}

const BLOCKED = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

/** A private bucket as S3 makes them since 2023: public access blocked, ACLs off, SSE-S3. */
export function bucket(estate: Estate, owner: Account, name: string, wanted: Partial<Bucket> = {}): Bucket {
  const made: Bucket = {
    name,
    owner: owner.id,
    region: 'us-east-1',
    createdAt: new Date('2024-03-01T09:00:00Z'),
    policy: undefined,
    publicAccessBlock: { ...BLOCKED },
    versioning: undefined,
    mfaDelete: undefined,
    logging: undefined,
    lifecycle: undefined,
    grants: [],
    replication: undefined,
    encryption: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
    },
    ownership: 'BucketOwnerEnforced',
    objectLock: undefined,
    payer: 'BucketOwner',
    website: undefined,
    tags: {},
    ...wanted,
  };
  estate.buckets.set(name, made);
  return made;
}

/** The two statements that let a trail deliver, bound to it by aws:SourceArn; `paths` end in `/*`. */
export function deliveryStatements(
  bucketName: string,
  trailArn: string,
  paths: string[],
  sidSuffix = '',
): PolicyStatement[] {
  const source = { 'aws:SourceArn': trailArn };
  const bucketArn = `arn:${partitionOf(trailArn)}:s3:::${bucketName}`;
  return [
    {
      Sid: `AWSCloudTrailAclCheck${sidSuffix}`,
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:GetBucketAcl',
      Resource: bucketArn,
      Condition: { StringEquals: source },
    },
    {
      Sid: `AWSCloudTrailWrite${sidSuffix}`,
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: paths.map((path) => `${bucketArn}/${path}`),
      Condition: { StringEquals: { ...source, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
  ];
}

/** A symmetric customer key that its account's IAM policies decide about. */
export function key(estate: Estate, account: Account, region: string, id: string, wanted: Partial<Key> = {}): Key {
  const made: Key = {
    id,
    arn: arn(estate, 'kms', region, account.id, `key/${id}`),
    state: 'Enabled',
    manager: 'CUSTOMER',
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    multiRegion: false,
    primaryRegion: undefined,
    rotation: true,
    rotationDays: 365,
    grants: [],
    deletionDate: undefined,
    createdAt: new Date('2024-03-01T09:00:00Z'),
    policy: policy({
      Sid: 'Enable IAM policies',
      Effect: 'Allow',
      Principal: { AWS: arn(estate, 'iam', '', account.id, 'root') },
      Action: 'kms:*',
      Resource: '*',
    }),
    tags: {},
    ...wanted,
  };
  regionOf(account, region).keys.set(id, made);
  return made;
}

/** Names a key by an alias, given without its `alias/`. */
export function keyAlias(account: Account, region: string, name: string, keyId: string): void {
  regionOf(account, region).aliases.set(`alias/${name}`, keyId);
}

/** The policy of a key that CloudTrail may encrypt one trail with; who may decrypt is left to the owner's IAM policies. */
export function keyDelivery(owner: Account, trailArn: string): PolicyDocument {
  const service = { Service: 'cloudtrail.amazonaws.com' };
  const source = { 'aws:SourceArn': trailArn };
  const partition = partitionOf(trailArn);
  return policy(
    {
      Sid: 'Enable IAM policies',
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${owner.id}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'Allow CloudTrail to encrypt logs',
      Effect: 'Allow',
      Principal: service,
      Action: 'kms:GenerateDataKey*',
      Resource: '*',
      Condition: {
        StringEquals: source,
        StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': `arn:${partition}:cloudtrail:*:${owner.id}:trail/*` },
      },
    },
    {
      Sid: 'Allow CloudTrail to describe the key',
      Effect: 'Allow',
      Principal: service,
      Action: 'kms:DescribeKey',
      Resource: '*',
      Condition: { StringEquals: source },
    },
  );
}

/** The role by which CloudTrail writes to a log group, and the two members of a trail that name both. */
export function logDelivery(account: Account, group: LogGroup): Pick<Trail, 'logGroupArn' | 'logRoleArn'> {
  const made = role(account, 'CloudTrailToCloudWatchLogs', {
    trust: policy({ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    inline: { delivery: policy(allow(['logs:CreateLogStream', 'logs:PutLogEvents'], `${group.arn}:log-stream:*`)) },
  });
  const logRoleArn = `arn:${partitionOf(group.arn)}:iam::${account.id}:role${made.path}${made.name}`;
  return { logGroupArn: `${group.arn}:*`, logRoleArn };
}

function partitionOf(resource: string): string {
  return resource.split(':')[1] ?? 'aws';
}
