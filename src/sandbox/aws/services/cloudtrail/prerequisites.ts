/** What CloudTrail demands of everything a trail names, anew on every CreateTrail and UpdateTrail. */
import { accountOf } from '../../arn.ts';
import {
  bucketPolicyProblem,
  keyByArn,
  keyProblem,
  logsProblem,
  notificationProblem,
  topicByArn,
} from '../../delivery.ts';
import { AwsError, type Bucket, type Estate, type Trail } from '../../types.ts';

/** A role younger than this is not known to CloudTrail yet. */
const ROLE_SETTLES_MS = 5_000;

/** Throws the first thing that keeps this trail from being stored as it stands. */
export function checkPrerequisites(estate: Estate, trail: Trail): void {
  const bucket = checkBucket(estate, trail);
  checkKey(estate, trail, bucket);
  checkTopic(estate, trail);
  checkLogs(estate, trail);
}

function checkBucket(estate: Estate, trail: Trail): Bucket {
  const bucket = estate.buckets.get(trail.bucket);
  if (!bucket) throw new AwsError('S3BucketDoesNotExistException', `S3 bucket ${trail.bucket} does not exist!`);
  if (bucketPolicyProblem(estate, trail, bucket, trail.homeRegion)) {
    throw new AwsError(
      'InsufficientS3BucketPolicyException',
      `Incorrect S3 bucket policy is detected for bucket: ${trail.bucket}`,
    );
  }
  return bucket;
}

function checkKey(estate: Estate, trail: Trail, bucket: Bucket): void {
  if (!trail.kmsKeyId) return;
  const key = keyByArn(estate, trail.kmsKeyId);
  if (!key) throw new AwsError('KmsKeyNotFoundException', `KMS key ${trail.kmsKeyId} does not exist.`);
  if (key.arn.split(':')[3] !== bucket.region) {
    throw new AwsError(
      'KmsKeyNotFoundException',
      `KMS key ${key.arn} and bucket ${bucket.name} are in different Regions.`,
    );
  }
  const problem = keyProblem(estate, trail);
  if (problem === 'AccessDenied') {
    throw new AwsError(
      'InsufficientEncryptionPolicyException',
      `Insufficient permissions to access KMS key ${key.arn}.`,
    );
  }
  if (problem) throw new AwsError('KmsException', `KMS key ${key.arn} cannot be used: it is ${key.state}.`);
}

function checkTopic(estate: Estate, trail: Trail): void {
  if (!trail.topicArn || !notificationProblem(estate, trail)) return;
  const exists = topicByArn(estate, trail.topicArn) !== undefined;
  throw new AwsError(
    'InsufficientSnsTopicPolicyException',
    exists
      ? `SNS topic ${trail.topicArn} does not let CloudTrail publish.`
      : `SNS topic ${trail.topicArn} does not exist.`,
  );
}

function checkLogs(estate: Estate, trail: Trail): void {
  if (!trail.logGroupArn && !trail.logRoleArn) return;
  const owner = accountOf(trail.arn);
  const group = /^arn:[\w-]+:logs:([\w-]+):(\d{12}):log-group:[^:*]+:\*$/.exec(trail.logGroupArn ?? '');
  const problem = trail.logRoleArn ? logsProblem(estate, trail) : undefined;
  if (group?.[1] !== trail.homeRegion || group[2] !== owner || problem === 'ResourceNotFoundException') {
    throw new AwsError(
      'InvalidCloudWatchLogsLogGroupArnException',
      `CloudTrail cannot validate the specified log group ARN ${trail.logGroupArn ?? '(none)'}.`,
    );
  }
  const roleArn = trail.logRoleArn ?? '';
  const role = estate.accounts.get(owner)?.roles.get(roleArn.split('/').at(-1) ?? '');
  const settled = role && estate.now().getTime() - role.createdAt.getTime() >= ROLE_SETTLES_MS;
  if (!/^arn:[\w-]+:iam::\d{12}:role\//.test(roleArn) || accountOf(roleArn) !== owner || !settled || problem) {
    throw new AwsError(
      'InvalidCloudWatchLogsRoleArnException',
      `Access denied. Verify in IAM that the role ${roleArn || '(none)'} has adequate permissions.`,
    );
  }
}
