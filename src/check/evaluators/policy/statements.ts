import type { RawStatement } from './types.ts';

const CLOUDTRAIL = { Service: 'cloudtrail.amazonaws.com' };

export type BucketDelivery = {
  readonly partition: string;
  readonly bucket: string;
  /** The trail's S3KeyPrefix; empty or undefined for none. */
  readonly prefix: string | undefined;
  /** For an organization trail it carries the id of the management account, for members too. */
  readonly trailArn: string;
  /** The account that owns the trail. */
  readonly accountId: string;
  /** Of an organization trail. Its statement comes beside the account's own, which CreateTrail and UpdateTrail check. */
  readonly organizationId?: string | undefined;
};

/**
 * What one trail needs of its bucket's policy.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export function bucketDeliveryStatements(delivery: BucketDelivery): readonly RawStatement[] {
  const { partition, bucket, trailArn, organizationId } = delivery;
  const arn = `arn:${partition}:s3:::${bucket}`;
  const [own, organization] = deliveryPaths(delivery);
  const write = (Sid: string, path: string): RawStatement => ({
    Sid,
    Effect: 'Allow',
    Principal: CLOUDTRAIL,
    Action: 's3:PutObject',
    Resource: `${arn}/${path}/*`,
    Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceArn': trailArn } },
  });
  const check: RawStatement = {
    Sid: 'AWSCloudTrailAclCheck',
    Effect: 'Allow',
    Principal: CLOUDTRAIL,
    Action: 's3:GetBucketAcl',
    Resource: arn,
    Condition: { StringEquals: { 'aws:SourceArn': trailArn } },
  };
  const writes = own === undefined ? [] : [write('AWSCloudTrailWrite', own)];
  if (organizationId === undefined || organization === undefined) return [check, ...writes];
  return [check, ...writes, write('AWSCloudTrailOrganizationWrite', organization)];
}

/** The folders a trail writes into, without a slash at the end: its own account's, then the organization's. */
export function deliveryPaths({
  prefix,
  accountId,
  organizationId,
}: Pick<BucketDelivery, 'prefix' | 'accountId' | 'organizationId'>): readonly string[] {
  const base = prefix === undefined || prefix === '' ? 'AWSLogs' : `${prefix}/AWSLogs`;
  return [accountId, organizationId].filter((id) => id !== undefined).map((id) => `${base}/${id}`);
}

/**
 * What trails need of the policy of their key, which must list all of them. With `decryptForBucketKey` (the bucket
 * uses an S3 Bucket Key) CloudTrail must decrypt too.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export function keyDeliveryStatements(keys: {
  readonly partition: string;
  readonly trailArns: readonly string[];
  /** Owners of the trails; an organization trail encrypts under its management account's id. */
  readonly accountIds: readonly string[];
  readonly decryptForBucketKey: boolean;
}): readonly RawStatement[] {
  const { partition, trailArns, accountIds, decryptForBucketKey } = keys;
  const source = { StringEquals: { 'aws:SourceArn': [...trailArns] } };
  const contexts = accountIds.map((account) => `arn:${partition}:cloudtrail:*:${account}:trail/*`);
  const allow = (Sid: string, Action: string, Condition: unknown): RawStatement => {
    return { Sid, Effect: 'Allow', Principal: CLOUDTRAIL, Action, Resource: '*', Condition };
  };
  return [
    allow('CloudTrailEncrypt', 'kms:GenerateDataKey*', {
      ...source,
      StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': contexts },
    }),
    allow('CloudTrailDescribeKey', 'kms:DescribeKey', source),
    ...(decryptForBucketKey ? [allow('CloudTrailDecryptForBucketKey', 'kms:Decrypt', source)] : []),
  ];
}

/**
 * What the target of S3 access logs needs: the logging service may write under the prefix for one source bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export function accessLogTargetStatement(logging: {
  readonly partition: string;
  readonly targetBucket: string;
  readonly prefix: string;
  readonly sourceBucket: string;
  /** The account that owns both buckets. */
  readonly accountId: string;
}): RawStatement {
  const { partition, targetBucket, prefix, sourceBucket, accountId } = logging;
  return {
    Sid: 'S3ServerAccessLogs',
    Effect: 'Allow',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `arn:${partition}:s3:::${targetBucket}/${prefix}*`,
    Condition: {
      ArnLike: { 'aws:SourceArn': `arn:${partition}:s3:::${sourceBucket}` },
      StringEquals: { 'aws:SourceAccount': accountId },
    },
  };
}

/** What a topic needs so that the account's CloudWatch alarms reach it. */
export function topicAlarmStatement(topic: { readonly topicArn: string; readonly accountId: string }): RawStatement {
  return {
    Sid: 'CloudWatchAlarms',
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: topic.topicArn,
    Condition: { StringEquals: { 'aws:SourceAccount': topic.accountId } },
  };
}
