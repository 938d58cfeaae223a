import type { Change, Plan } from '../check/plan.ts';
import type { PartKey, Snapshot } from '../snapshot/types.ts';
import { errorsOf } from './delivery.ts';

/** What is read again before and after a plan runs: what its changes touch, and what its checks judge around that. */
export function partsOf(plan: Plan, snapshot: Snapshot): PartKey[] {
  return [...new Set([...targetsOf(plan.changes), ...surroundings(plan, snapshot)])];
}

/** Targets of changes, each once. */
export function targetsOf(changes: readonly Change[]): PartKey[] {
  return [...new Set(changes.map(({ target }) => target))];
}

/** What is read again before the last of these changes: its target, and what those before it changed about its resource. */
export function targetsOfLast(changes: readonly Change[]): PartKey[] {
  const last = changes.at(-1);
  return targetsOf(changes.filter(({ resource }) => resource === last?.resource));
}

/**
 * The changes that tell whether a plan can start. Of several on one part the first one does, the others start from what
 * it leaves; and so does everything about a resource that the plan makes.
 */
export function firstChanges({ changes }: Pick<Plan, 'changes'>): Change[] {
  return changes.filter(
    ({ target, resource }, at) =>
      !changes
        .slice(0, at)
        .some((before) => before.target === target || (before.resource === resource && before.expect === null)),
  );
}

/** The watched trails with their buckets and keys. */
function surroundings(plan: Plan, snapshot: Snapshot): PartKey[] {
  return plan.watchDelivery.flatMap((arn): PartKey[] => {
    const trail = snapshot.trail[arn];
    const keys: PartKey[] = [`trail:${arn}`, `trail.status:${arn}`, `trail.selectors:${arn}`];
    if (trail?.state !== 'read') return keys;
    const { S3BucketName, KmsKeyId } = trail.value;
    keys.push(`bucket.policy:${S3BucketName}`);
    if (KmsKeyId !== undefined && KmsKeyId !== '') keys.push(`key:${KmsKeyId}`, `key.policy:${KmsKeyId}`);
    return keys;
  });
}

/** Delivery errors of the watched trails, of log files and of digests, so that only a new one counts against a fix. */
export function deliveryErrors(plan: Plan, snapshot: Snapshot): { [trailArn: string]: string } {
  return Object.fromEntries(
    plan.watchDelivery.flatMap((arn) => {
      const status = snapshot['trail.status'][arn];
      return errorsOf(arn, status?.state === 'read' ? status.value : undefined);
    }),
  );
}
