import type { Trail } from '../../snapshot/types.ts';
import { type DeliverySnapshot, deliveryObstacles, organizationOf } from '../delivery.ts';
import { mergeStatements } from '../evaluators/policy/merge.ts';
import { isPolicyError, parsePolicy } from '../evaluators/policy/parse.ts';
import { policySize } from '../evaluators/policy/size.ts';
import { bucketDeliveryStatements } from '../evaluators/policy/statements.ts';
import type { PolicyDocument, RawPolicy } from '../evaluators/policy/types.ts';
import { obstacleReason } from '../service-access.ts';

/**
 * The bucket policy with what these trails still need added, each statement pinned to its trail; or why no document
 * would let all of them deliver. Nothing that is in the policy is taken away.
 */
export function allowDelivery(
  policy: PolicyDocument | undefined,
  trails: readonly Trail[],
  snapshot: DeliverySnapshot,
): { document: RawPolicy } | { problem: string } {
  const failing = new Set(deliveryObstacles(policy, trails, snapshot).map(({ trail }) => trail));
  const wanted = trails
    .filter(({ TrailARN }) => failing.has(TrailARN))
    .flatMap((trail) =>
      bucketDeliveryStatements({
        partition: snapshot.partition,
        bucket: trail.S3BucketName,
        prefix: trail.S3KeyPrefix,
        trailArn: trail.TrailARN,
        accountId: trail.owner,
        organizationId: organizationOf(snapshot, trail),
      }),
    );
  const { document } = mergeStatements(policy, wanted);
  const after = parsePolicy(document);
  if (isPolicyError(after)) return after;
  const left = deliveryObstacles(after, trails, snapshot);
  if (left.length > 0) return { problem: obstacleReason(left, trails.length) };
  const { fits, bytes, limit } = policySize('bucket', document);
  return fits ? { document } : { problem: `The policy would have ${bytes} bytes; AWS takes ${limit}.` };
}
