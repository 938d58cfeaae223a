import type { Bucket, JsonObject, Key, Part, PolicyText } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';
import { policyState } from '../state.ts';

/**
 * s3:PutBucketPolicy with the whole new document. The way back is the text exactly as it was read, or
 * s3:DeleteBucketPolicy where there was none.
 */
export function putBucketPolicy(
  bucket: Bucket & { owner: string },
  partition: string,
  before: Part<PolicyText>,
  document: JsonObject,
  words: { summary: string; undo: string },
): Change {
  const saved = before.state === 'read' ? before.value.text : undefined;
  const call = { account: bucket.owner, region: bucket.region, resource: `arn:${partition}:s3:::${bucket.Name}` };
  const base = { Bucket: bucket.Name, ExpectedBucketOwner: bucket.owner };
  return {
    ...call,
    operation: 's3:PutBucketPolicy',
    input: { ...base, Policy: JSON.stringify(document) },
    summary: words.summary,
    target: `bucket.policy:${bucket.Name}`,
    expect: saved === undefined ? null : policyState(saved),
    result: policyState(document),
    undo: {
      ...call,
      operation: saved === undefined ? 's3:DeleteBucketPolicy' : 's3:PutBucketPolicy',
      input: saved === undefined ? base : { ...base, Policy: saved },
      summary: words.undo,
      automatic: true,
    },
  };
}

/**
 * kms:PutKeyPolicy with the whole new document, in the key's own account; the lock-out safety check of KMS stays on.
 */
export function putKeyPolicy(
  key: Key,
  before: PolicyText,
  document: JsonObject,
  words: { summary: string; undo: string },
): Change {
  const call = { account: key.AWSAccountId, region: key.region, operation: 'kms:PutKeyPolicy', resource: key.Arn };
  const base = { KeyId: key.Arn, PolicyName: 'default' };
  return {
    ...call,
    input: { ...base, Policy: JSON.stringify(document) },
    summary: words.summary,
    target: `key.policy:${key.Arn}`,
    expect: policyState(before.text),
    result: policyState(document),
    undo: { ...call, input: { ...base, Policy: before.text }, summary: words.undo, automatic: true },
  };
}
