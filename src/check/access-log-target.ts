import type { Snapshot, Unreadable } from '../snapshot/types.ts';
import type { OwnedBucket } from './bucket.ts';
import { partOf } from './check.ts';
import { serviceContext } from './evaluators/policy/contexts.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import type { PolicyDocument } from './evaluators/policy/types.ts';
import { organizationIdOf } from './organization.ts';
import { askPolicy, type Obstacle } from './service-access.ts';

/** The parts that say whether access logs of a bucket arrive in a target. */
export const ACCESS_LOG_NEEDS = [
  'bucket',
  'bucket.policy',
  'bucket.objectLock',
  'organization',
  'organization.accounts',
] as const;

export type AccessLogSnapshot = Pick<Snapshot, (typeof ACCESS_LOG_NEEDS)[number] | 'partition'>;

/** What can be said of a target: it takes the logs, it does not (why, half a sentence), or that is not known. */
export type TargetVerdict = { ok: true } | { ok: false; why: string } | { ok: 'unknown'; because: Unreadable | string };

/** Is the target another bucket that exists in the same account and region, without a default retention? */
export function judgeTargetBucket(snapshot: AccessLogSnapshot, source: OwnedBucket, target: string): TargetVerdict {
  if (target === source.Name) return { ok: false, why: 'the target is the bucket itself' };
  const part = partOf(snapshot.bucket, target);
  if (part.state === 'absent') return { ok: false, why: `the target ${target} does not exist` };
  if (part.state !== 'read') return { ok: 'unknown', because: part };
  const { owner, region } = part.value;
  if (owner === undefined) {
    return part.value.everyAccountListed
      ? { ok: false, why: `the target ${target} belongs to somebody else` }
      : { ok: 'unknown', because: `The owner of the target ${target} is not known.` };
  }
  if (owner !== source.owner) return { ok: false, why: `the target ${target} lies in account ${owner}` };
  if (region !== source.region) return { ok: false, why: `the target ${target} lies in ${region}` };
  const lock = partOf(snapshot['bucket.objectLock'], target);
  if (lock.state === 'read' && lock.value.Mode !== undefined) {
    return { ok: false, why: `the target ${target} has a default retention, and S3 writes no logs there` };
  }
  return lock.state === 'read' || lock.state === 'absent' ? { ok: true } : { ok: 'unknown', because: lock };
}

/** Does the policy of the target let S3 write the source's logs there? Grants by ACL are not looked at. */
export function judgeTargetPolicy(
  snapshot: AccessLogSnapshot,
  source: OwnedBucket,
  target: string,
  prefix: string,
): TargetVerdict {
  const text = partOf(snapshot['bucket.policy'], target);
  if (text.state !== 'read' && text.state !== 'absent') return { ok: 'unknown', because: text };
  const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
  if (policy !== undefined && isPolicyError(policy)) return { ok: 'unknown', because: policy.problem };
  const obstacle = accessLogObstacle(policy, snapshot, source, target, prefix);
  if (obstacle === undefined) return { ok: true };
  if (obstacle.kind !== 'unclear') return { ok: false, why: obstacle.text };
  const sentence = `${obstacle.text.charAt(0).toUpperCase()}${obstacle.text.slice(1)}.`;
  return { ok: 'unknown', because: sentence };
}

/** What keeps the logging service of S3 from writing into the target under the prefix. */
export function accessLogObstacle(
  policy: PolicyDocument | undefined,
  snapshot: Pick<Snapshot, 'partition' | 'organization' | 'organization.accounts'>,
  source: OwnedBucket,
  target: string,
  prefix: string,
): Obstacle | undefined {
  const service = 'logging.s3.amazonaws.com';
  const arn = `arn:${snapshot.partition}:s3:::`;
  return askPolicy(
    policy,
    {
      principal: { service },
      action: 's3:PutObject',
      resource: `${arn}${target}/${prefix}*`,
      context: {
        ...serviceContext({
          service,
          sourceArn: `${arn}${source.Name}`,
          sourceAccount: source.owner,
          organizationId: organizationIdOf(snapshot, source.owner),
        }),
        // The service asks for no encryption of its own.
        's3:x-amz-server-side-encryption': [],
        's3:x-amz-server-side-encryption-aws-kms-key-id': [],
      },
    },
    `writing access logs to ${target}`,
    `${arn}${target}/${prefix}2026-01-01-00-00-00-0123456789ABCDEF`,
  );
}
