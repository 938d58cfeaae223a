import type { JsonObject, LifecycleRule } from '../../snapshot/types.ts';
import type { OwnedBucket } from '../bucket.ts';
import type { Change } from '../plan.ts';
import { lifecycleState } from '../state.ts';

/**
 * s3:PutBucketLifecycleConfiguration with other versions of rules that are there: the call replaces the whole
 * configuration, so all of them go with it. Its way back throws log files away, so it never runs by itself.
 */
export function replaceRules(
  { Name, owner, region }: OwnedBucket,
  partition: string,
  saved: { Rules: LifecycleRule[]; TransitionDefaultMinimumObjectSize?: string },
  after: readonly LifecycleRule[],
  summary: string,
): Change {
  const call = {
    account: owner,
    region,
    operation: 's3:PutBucketLifecycleConfiguration',
    resource: `arn:${partition}:s3:::${Name}`,
  };
  const size = saved.TransitionDefaultMinimumObjectSize;
  // A member beside the rules; left out, it falls back to AWS's default.
  const minimum: JsonObject = size === undefined ? {} : { TransitionDefaultMinimumObjectSize: size };
  const document = (Rules: readonly LifecycleRule[]): JsonObject => ({
    Bucket: Name,
    ExpectedBucketOwner: owner,
    LifecycleConfiguration: { Rules: [...Rules] },
    ...minimum,
  });
  return {
    ...call,
    input: document(after),
    summary,
    target: `bucket.lifecycle:${Name}`,
    expect: lifecycleState({ Rules: saved.Rules, ...minimum }),
    result: lifecycleState({ Rules: [...after], ...minimum }),
    undo: {
      ...call,
      input: document(saved.Rules),
      summary: 'Put the saved rules back, which throw log files away early again.',
      automatic: false,
    },
  };
}
