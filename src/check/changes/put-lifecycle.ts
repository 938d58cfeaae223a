import type { JsonObject, LifecycleRule, Part } from '../../snapshot/types.ts';
import type { OwnedBucket } from '../bucket.ts';
import { withFilter } from '../lifecycle.ts';
import type { Change } from '../plan.ts';
import { lifecycleState } from '../state.ts';

type Lifecycle = { Rules: LifecycleRule[]; TransitionDefaultMinimumObjectSize?: string };

/** s3:PutBucketLifecycleConfiguration with every rule there is and more: the call replaces the whole configuration. */
export function addLifecycleRules(
  bucket: OwnedBucket,
  partition: string,
  before: Part<Lifecycle>,
  rules: readonly LifecycleRule[],
): Change {
  const call = { account: bucket.owner, region: bucket.region, resource: `arn:${partition}:s3:::${bucket.Name}` };
  const base = { Bucket: bucket.Name, ExpectedBucketOwner: bucket.owner };
  const saved = before.state === 'read' ? before.value : undefined;
  const size = saved?.TransitionDefaultMinimumObjectSize;
  // The smallest size to move is a member of its own beside the rules; left out, it falls back to AWS's default.
  const minimum: JsonObject = size === undefined ? {} : { TransitionDefaultMinimumObjectSize: size };
  const document = (all: readonly LifecycleRule[]): JsonObject => ({
    ...base,
    LifecycleConfiguration: { Rules: [...all] },
    ...minimum,
  });
  const after = [...(saved?.Rules ?? []).map(withFilter), ...rules];
  const operation = 's3:PutBucketLifecycleConfiguration';
  return {
    ...call,
    operation,
    input: document(after),
    summary: `Decide how long ${bucket.Name} keeps its logs; every rule there is stays.`,
    target: `bucket.lifecycle:${bucket.Name}`,
    expect: saved === undefined ? null : lifecycleState({ Rules: saved.Rules, ...minimum }),
    result: lifecycleState({ Rules: after, ...minimum }),
    undo: {
      ...call,
      operation: saved === undefined ? 's3:DeleteBucketLifecycle' : operation,
      input: saved === undefined ? base : document(saved.Rules),
      summary: 'Put the saved rules back; what was moved or expired meanwhile stays so.',
      automatic: true,
    },
  };
}
