import type { Bucket, Key, Part, PolicyText } from '../../snapshot/types.ts';
import { deadPrincipals } from '../evaluators/policy/dead-principals.ts';
import { mergeStatements } from '../evaluators/policy/merge.ts';
import { isPolicyError, parsePolicy } from '../evaluators/policy/parse.ts';
import { policySize } from '../evaluators/policy/size.ts';
import type { PolicyDocument, RawPolicy, RawStatement } from '../evaluators/policy/types.ts';
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
  document: RawPolicy,
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
  document: RawPolicy,
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

/** A change, `none` where everything wanted is there already, or why no plan can be made. */
export type PolicyEdit = { change: Change } | { change: undefined } | { problem: string };

/** s3:PutBucketPolicy with statements added; everything that was there stays as it was read. */
export function addToBucketPolicy(
  bucket: Bucket & { owner: string },
  partition: string,
  before: Part<PolicyText>,
  statements: readonly RawStatement[],
  words: { summary: string; undo: string },
): PolicyEdit {
  const merged = merge('bucket', before, statements);
  if ('problem' in merged) return merged;
  if (merged.document === undefined) return { change: undefined };
  return { change: putBucketPolicy(bucket, partition, before, merged.document, words) };
}

/** kms:PutKeyPolicy with statements added; everything that was there stays as it was read. */
export function addToKeyPolicy(
  key: Key,
  before: Part<PolicyText>,
  statements: readonly RawStatement[],
  words: { summary: string; undo: string },
): PolicyEdit {
  const merged = merge('key', before, statements);
  if ('problem' in merged) return merged;
  if (merged.document === undefined || before.state !== 'read') return { change: undefined };
  return { change: putKeyPolicy(key, before.value, merged.document, words) };
}

/** Parses the policy a plan starts from, or says why nothing can be built on it. */
export function policyToEdit(before: Part<PolicyText>): { policy: PolicyDocument | undefined } | { problem: string } {
  if (before.state === 'absent') return { policy: undefined };
  if (before.state !== 'read') return { problem: 'The policy could not be read.' };
  const policy = parsePolicy(before.value.text);
  if (isPolicyError(policy)) return { problem: `The policy cannot be parsed: ${policy.problem}` };
  // A deleted user or role reads back as its bare id, and AWS refuses to take that id in a put.
  const dead = deadPrincipals(policy).map(({ id }) => id);
  if (dead.length > 0) {
    return { problem: `The policy names ${dead.join(', ')}, which no longer exist. Remove them by hand first.` };
  }
  return { policy };
}

function merge(
  kind: 'bucket' | 'key',
  before: Part<PolicyText>,
  statements: readonly RawStatement[],
): { document: RawPolicy | undefined } | { problem: string } {
  const start = policyToEdit(before);
  if ('problem' in start) return start;
  const { document, unchanged } = mergeStatements(start.policy, statements);
  if (unchanged) return { document: undefined };
  const { fits, bytes, limit } = policySize(kind, document);
  return fits ? { document } : { problem: `The policy would have ${bytes} bytes; AWS takes ${limit}.` };
}
