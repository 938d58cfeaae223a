import type { EncryptionRule, JsonObject } from '../../snapshot/types.ts';
import type { OwnedBucket } from '../bucket.ts';
import type { Change } from '../plan.ts';

/** The rule of a bucket with another key by default and a Bucket Key; what else stands in it stays. */
export function withDefaultKey(rule: EncryptionRule | undefined, keyArn: string): EncryptionRule {
  return {
    ...rule,
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
    BucketKeyEnabled: true,
  };
}

/** s3:PutBucketEncryption for files that arrive from now on; those that are there stay as they are. */
export function encryptByDefault(
  { Name, owner, region }: OwnedBucket,
  partition: string,
  saved: readonly EncryptionRule[],
  rule: EncryptionRule,
): Change {
  const call = {
    account: owner,
    region,
    operation: 's3:PutBucketEncryption',
    resource: `arn:${partition}:s3:::${Name}`,
  };
  const input = (Rules: readonly EncryptionRule[]): JsonObject => ({
    Bucket: Name,
    ExpectedBucketOwner: owner,
    ServerSideEncryptionConfiguration: { Rules: [...Rules] },
  });
  return {
    ...call,
    input: input([rule]),
    summary: `Encrypt what arrives in ${Name} without an encryption of its own with the declared key.`,
    target: `bucket.encryption:${Name}`,
    expect: { Rules: [...saved] },
    result: { Rules: [rule] },
    undo: { ...call, input: input(saved), summary: 'Put the saved default back.', automatic: true },
  };
}
