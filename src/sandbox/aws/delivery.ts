/** Whether CloudTrail can deliver a trail's files, worked out from bucket, key, topic, log group and role as they are. */
import { accountOf } from './arn.ts';
import { attachedPolicy } from './managed-policies.ts';
import { decide, type PolicyPrincipal } from './policy.ts';
import { regionOf } from './region.ts';
import type { Account, Bucket, Estate, Key, PolicyDocument, Role, Topic, Trail } from './types.ts';

const CLOUDTRAIL: PolicyPrincipal = { kind: 'service', name: 'cloudtrail.amazonaws.com' };

/** What a prerequisite lacks, in the code that CloudTrail reports as its delivery error. */
export type Problem = string | undefined;

/** The S3 error code CloudTrail would report for this trail in this region; undefined when files arrive. */
export function deliveryProblem(estate: Estate, trail: Trail, region: string): Problem {
  const bucket = estate.buckets.get(trail.bucket);
  if (!bucket) return 'NoSuchBucket';
  // Requester pays needs a payer that CloudTrail is not.
  if (bucket.payer === 'Requester') return 'AccessDenied';
  return bucketPolicyProblem(estate, trail, bucket, region) ?? keyProblem(estate, trail);
}

/** As deliveryProblem, for the hourly digests; undefined too when the trail makes none. */
export function digestProblem(estate: Estate, trail: Trail, region: string): Problem {
  return trail.validation ? deliveryProblem(estate, trail, region) : undefined;
}

/** `AccessDenied` when the bucket policy keeps CloudTrail from looking at the ACL or from writing where it must. */
export function bucketPolicyProblem(estate: Estate, trail: Trail, bucket: Bucket, region: string): Problem {
  const owner = accountOf(trail.arn);
  const arn = `arn:${estate.partition}:s3:::${bucket.name}`;
  const folder = trail.organization ? `${estate.organization?.id ?? ''}/${owner}` : owner;
  const path = `${trail.prefix ? `${trail.prefix}/` : ''}AWSLogs/${folder}/CloudTrail/${region}/2026/01/01/log.json.gz`;
  const source = sourceContext(estate, trail);
  const upload = {
    ...source,
    's3:x-amz-acl': 'bucket-owner-full-control',
    's3:x-amz-server-side-encryption': trail.kmsKeyId ? 'aws:kms' : 'AES256',
    ...(trail.kmsKeyId ? { 's3:x-amz-server-side-encryption-aws-kms-key-id': trail.kmsKeyId } : {}),
  };
  const readable = allows(bucket.policy, 's3:GetBucketAcl', arn, source);
  return readable && allows(bucket.policy, 's3:PutObject', `${arn}/${path}`, upload) ? undefined : 'AccessDenied';
}

/** The code S3 gives for a key CloudTrail cannot encrypt with; undefined without a key, or when all is well. */
export function keyProblem(estate: Estate, trail: Trail): Problem {
  if (!trail.kmsKeyId) return undefined;
  const key = keyByArn(estate, trail.kmsKeyId);
  if (!key) return 'KMS.NotFoundException';
  if (key.state === 'Disabled') return 'KMS.DisabledException';
  if (key.state !== 'Enabled') return 'KMS.KMSInvalidStateException';
  return keyPolicyAllows(estate, trail, key) ? undefined : 'AccessDenied';
}

export function keyPolicyAllows(estate: Estate, trail: Trail, key: Key): boolean {
  const context = { ...sourceContext(estate, trail), 'kms:EncryptionContext:aws:cloudtrail:arn': trail.arn };
  return allows(key.policy, 'kms:GenerateDataKey', key.arn, context);
}

export function keyByArn(estate: Estate, arn: string): Key | undefined {
  const match = /^arn:[\w-]+:kms:([\w-]+):(\d{12}):key\/(.+)$/.exec(arn);
  if (!match) return undefined;
  const [, region = '', account = '', id = ''] = match;
  return estate.accounts.get(account)?.regional.get(region)?.keys.get(id);
}

/** The SNS error code of a topic that cannot be told of new files. */
export function notificationProblem(estate: Estate, trail: Trail): Problem {
  if (!trail.topicArn) return undefined;
  const topic = topicByArn(estate, trail.topicArn);
  if (!topic) return 'NotFound';
  return allows(topic.policy, 'sns:Publish', topic.arn, sourceContext(estate, trail))
    ? undefined
    : 'AuthorizationError';
}

export function topicByArn(estate: Estate, arn: string): Topic | undefined {
  const [, , , region = '', account = ''] = arn.split(':');
  const topics = estate.accounts.get(account)?.regional.get(region)?.topics.values() ?? [];
  return [...topics].find((topic) => topic.arn === arn);
}

/** What keeps CloudTrail from writing to the trail's log group: the group, the role, its trust or its policies. */
export function logsProblem(estate: Estate, trail: Trail): Problem {
  if (!trail.logGroupArn) return undefined;
  const [, , , region = '', owner = '', , name = ''] = trail.logGroupArn.split(':');
  const account = estate.accounts.get(owner);
  if (!account || !regionOf(account, region).logGroups.has(name)) return 'ResourceNotFoundException';
  return roleProblem(estate, trail, account, region, name);
}

function roleProblem(estate: Estate, trail: Trail, account: Account, region: string, name: string): Problem {
  const role = account.roles.get(trail.logRoleArn?.split('/').at(-1) ?? '');
  if (!role) return 'AccessDenied';
  const trusted = allows(role.trust, 'sts:AssumeRole', undefined, sourceContext(estate, trail));
  const streams = [`${account.id}_CloudTrail_${region}`];
  // An organization trail writes the members' events to streams of their own.
  if (trail.organization) streams.push(`${estate.organization?.id ?? ''}_${account.id}_CloudTrail_${region}`);
  const group = `arn:${estate.partition}:logs:${region}:${account.id}:log-group:${name}`;
  const able = streams.every((stream) =>
    ['logs:CreateLogStream', 'logs:PutLogEvents'].every((action) =>
      roleMay(account, role, action, `${group}:log-stream:${stream}`),
    ),
  );
  return trusted && able ? undefined : 'AccessDenied';
}

function roleMay(account: Account, role: Role, action: string, resource: string): boolean {
  const attached = [...role.attached].flatMap((policy) => attachedPolicy(account, policy) ?? []);
  const said = [...role.inline.values(), ...attached].map((document) =>
    decide(document, { action, resource, context: {} }),
  );
  return said.some((decision) => decision.grant !== 'none') && !said.some((decision) => decision.denied);
}

/** What a service's policy sees of CloudTrail: the trail behind the call, always with its owner's account. */
function sourceContext(estate: Estate, trail: Trail): Record<string, string> {
  const account = accountOf(trail.arn);
  const member = estate.accounts.get(account)?.parentId !== undefined;
  return {
    'aws:SourceArn': trail.arn,
    'aws:SourceAccount': account,
    'aws:SecureTransport': 'true',
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': 'cloudtrail.amazonaws.com',
    ...(estate.organization && member ? { 'aws:SourceOrgID': estate.organization.id } : {}),
  };
}

function allows(
  document: PolicyDocument | undefined,
  action: string,
  resource: string | undefined,
  context: Record<string, string>,
): boolean {
  if (!document) return false;
  const asked = { principal: CLOUDTRAIL, action, context, ...(resource === undefined ? {} : { resource }) };
  const { denied, grant } = decide(document, asked);
  return grant !== 'none' && !denied;
}
