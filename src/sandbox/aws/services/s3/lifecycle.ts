/** Lifecycle rules and what S3 refuses in them. */
import { isRecord, recordsIn, stringIn } from '../../input.ts';
import { AwsError, type Input } from '../../types.ts';
import { jsonOf, numberIn } from '../members.ts';
import { onBucket } from './bucket.ts';
import { malformedXml } from './shapes.ts';

const MAX_RULES = 1000;
const ACTIONS = [
  'Expiration',
  'Transitions',
  'NoncurrentVersionTransitions',
  'NoncurrentVersionExpiration',
  'AbortIncompleteMultipartUpload',
];
const DEFAULT_MINIMUM = { 'x-amz-transition-default-minimum-object-size': 'all_storage_classes_128K' };

export const getBucketLifecycleConfiguration = onBucket('GetLifecycleConfiguration', (bucket) => {
  if (!bucket.lifecycle) {
    throw new AwsError('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', 404);
  }
  return { LifecycleConfiguration: { Rules: bucket.lifecycle }, headers: DEFAULT_MINIMUM };
});

export const putBucketLifecycleConfiguration = onBucket('PutLifecycleConfiguration', (bucket, input, context) => {
  if (bucket.mfaDelete === 'Enabled') {
    throw new AwsError('InvalidRequest', 'Lifecycle configuration is not possible on a bucket with MFA delete.');
  }
  const configuration = isRecord(input.LifecycleConfiguration) ? input.LifecycleConfiguration : {};
  const rules = recordsIn(configuration, 'Rules');
  if (rules.length === 0 || rules.length > MAX_RULES) throw malformedXml();
  for (const rule of rules) checkRule(rule);
  const ids = rules.flatMap((rule) => stringIn(rule, 'ID') || []);
  if (new Set(ids).size !== ids.length) throw invalid('Rule ID must be unique. Found same ID for more than one rule');
  // S3 gives a rule without a name one of its own.
  bucket.lifecycle = rules.map((rule, index) =>
    jsonOf({ ...rule, ID: stringIn(rule, 'ID') || `${context.requestId}-${index}` }),
  );
  return { headers: DEFAULT_MINIMUM };
});

export const deleteBucketLifecycle = onBucket('PutLifecycleConfiguration', (bucket) => {
  bucket.lifecycle = undefined;
});

function checkRule(rule: Input): void {
  if (!['Enabled', 'Disabled'].includes(stringIn(rule, 'Status') ?? '')) throw malformedXml();
  if ((rule.Filter === undefined) === (rule.Prefix === undefined)) throw malformedXml();
  if (isRecord(rule.Filter) && Object.keys(rule.Filter).length > 1) throw malformedXml();
  if ((stringIn(rule, 'ID') ?? '').length > 255) throw invalid('ID length should not exceed allowed limit of 255');
  if (!ACTIONS.some((action) => rule[action] !== undefined)) {
    throw new AwsError('InvalidRequest', 'At least one action needs to be specified in a rule');
  }
  checkExpiration(rule);
  for (const member of ['NoncurrentVersionExpiration', 'AbortIncompleteMultipartUpload']) {
    const action = rule[member];
    if (!isRecord(action)) continue;
    const days = numberIn(action, 'NoncurrentDays') ?? numberIn(action, 'DaysAfterInitiation') ?? 0;
    if (days < 1) throw invalid(`'Days' for ${member} action must be a positive integer`);
  }
}

function checkExpiration(rule: Input): void {
  const expiration = isRecord(rule.Expiration) ? rule.Expiration : undefined;
  if (expiration && Object.keys(expiration).length !== 1) throw malformedXml();
  const days = expiration && numberIn(expiration, 'Days');
  if (days !== undefined && days < 1) throw invalid("'Days' for Expiration action must be a positive integer");
  for (const transition of recordsIn(rule, 'Transitions')) {
    const after = numberIn(transition, 'Days');
    const storage = stringIn(transition, 'StorageClass') ?? '';
    if (after !== undefined && after < 30 && ['STANDARD_IA', 'ONEZONE_IA'].includes(storage)) {
      throw invalid(`'Days' in Transition action must be greater than or equal to 30 for storageClass '${storage}'`);
    }
    if (after !== undefined && days !== undefined && days <= after) {
      throw invalid("'Days' in the Expiration action must be greater than 'Days' in the Transition action");
    }
  }
}

function invalid(why: string): AwsError {
  return new AwsError('InvalidArgument', why);
}
