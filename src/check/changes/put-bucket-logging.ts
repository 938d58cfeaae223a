import type { JsonObject, Part } from '../../snapshot/types.ts';
import type { OwnedBucket } from '../bucket.ts';
import type { Change } from '../plan.ts';

/**
 * s3:PutBucketLogging with keys that are partitioned by the time of the event. Logging that was off is turned off by an
 * empty status, for there is no call that deletes it.
 */
export function logAccess(
  bucket: OwnedBucket,
  partition: string,
  before: Part<{ TargetBucket: string; TargetPrefix: string }>,
  target: { TargetBucket: string; TargetPrefix: string },
): Change {
  const call = {
    account: bucket.owner,
    region: bucket.region,
    operation: 's3:PutBucketLogging',
    resource: `arn:${partition}:s3:::${bucket.Name}`,
  };
  const saved = before.state === 'read' ? { ...before.value } : undefined;
  const input = (status: JsonObject): JsonObject => ({
    Bucket: bucket.Name,
    ExpectedBucketOwner: bucket.owner,
    BucketLoggingStatus: status,
  });
  return {
    ...call,
    input: input({
      LoggingEnabled: {
        ...target,
        TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
      },
    }),
    summary: `Log access to ${bucket.Name} in ${target.TargetBucket}.`,
    target: `bucket.logging:${bucket.Name}`,
    expect: saved ?? null,
    result: { ...target },
    undo: {
      ...call,
      input: input(saved === undefined ? {} : { LoggingEnabled: saved }),
      summary: saved === undefined ? 'Turn access logging off again.' : 'Log to the old target again.',
      automatic: true,
    },
  };
}
