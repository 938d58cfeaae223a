import type { Snapshot, Trail } from '../snapshot/types.ts';
import { pinSources } from './changes/pin-sources.ts';
import { policyToEdit } from './changes/put-policy.ts';
import { partOf } from './check.ts';
import { DELIVERY_NEEDS, deliveryObstacles, trailsAt } from './delivery.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import { policySize } from './evaluators/policy/size.ts';
import type { PolicyDocument, RawPolicy } from './evaluators/policy/types.ts';
import { namesOf, obstacleReason } from './service-access.ts';
import type { SubjectOf } from './subject.ts';
import { isOurs, type Source, trailSources } from './trail-sources.ts';
import { unexplained } from './unexplained-writers.ts';

/** The parts that say whose trails a bucket policy lets CloudTrail write for, and whether these are all. */
export const PIN_NEEDS = [...DELIVERY_NEEDS, 'account.trails'] as const;

type PinSnapshot = Pick<Snapshot, (typeof PIN_NEEDS)[number] | 'partition' | 'accounts'>;

/** Those that let CloudTrail write for trails outside the estate. */
export function mendable(sources: readonly Source[]): Source[] {
  return sources.filter(({ writes, state }) => writes && (state === 'open' || state === 'foreign'));
}

/**
 * The bucket policy with those statements pinned to the trails that deliver here, and the names of the statements; or,
 * as a sentence, why that could stop somebody's delivery.
 */
export function pinToTrails(
  snapshot: PinSnapshot,
  { name, trails: arns }: SubjectOf<'bucket'>,
  accept: readonly string[],
): { document: RawPolicy; names: string } | { problem: string } {
  if (!accept.includes('aws:SourceArn')) return { problem: 'The settings do not accept aws:SourceArn.' };
  const start = policyToEdit(partOf(snapshot['bucket.policy'], name));
  if ('problem' in start) return start;
  const { policy } = start;
  if (policy === undefined) return { problem: 'There is no policy.' };
  const indexes = mendable(trailSources(policy, snapshot, accept)).map(({ index }) => index);
  const trails = trailsAt(snapshot, arns);
  const problem = unexplained(policy, indexes, `arn:${snapshot.partition}:s3:::${name}`, trails, snapshot);
  if (problem !== undefined) return { problem };
  const document = pinSources(policy, indexes, arns, (value) => isOurs('aws:sourcearn', value, snapshot) === true);
  const broken = newlyHindered(policy, document, trails, snapshot);
  if (broken !== undefined) return { problem: broken };
  const { fits, bytes, limit } = policySize('bucket', document);
  return fits
    ? { document, names: namesOf(policy, indexes) }
    : { problem: `The policy would have ${bytes} bytes; AWS takes ${limit}.` };
}

function newlyHindered(
  before: PolicyDocument,
  document: RawPolicy,
  trails: readonly Trail[],
  snapshot: PinSnapshot,
): string | undefined {
  const after = parsePolicy(document);
  if (isPolicyError(after)) return after.problem;
  const already = deliveryObstacles(before, trails, snapshot).map(({ trail }) => trail);
  const hindered = deliveryObstacles(after, trails, snapshot).filter(({ trail }) => !already.includes(trail));
  return hindered.length === 0 ? undefined : obstacleReason(hindered, trails.length);
}
