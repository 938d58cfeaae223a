import type { Part, Snapshot, Unreadable } from '../snapshot/types.ts';
import { partOf } from './check.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import { writers } from './evaluators/policy/writers.ts';
import { namesOf } from './service-access.ts';

/** The parts that say whether S3 leaves access logs in a bucket. */
export const RECEIVER_NEEDS = ['bucket.logging', 'bucket.policy', 'bucket.acl', 'bucket.ownership'] as const;

export type ReceiverSnapshot = Pick<Snapshot, (typeof RECEIVER_NEEDS)[number] | 'partition'>;

/** The group by which S3 writes access logs where no policy lets it. */
export const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery';

/** `how` is half a sentence with the bucket as its subject left out: `its policy lets S3 write access logs (X)`. */
export type Receiver =
  | { receives: true; how: string }
  | { receives: false }
  | { receives: 'unknown'; because: Unreadable };

/** Does the bucket receive server access logs, as far as logging, policy and ACL tell? */
export function receivesAccessLogs(snapshot: ReceiverSnapshot, name: string): Receiver {
  const source = Object.entries(snapshot['bucket.logging']).find(
    ([, part]) => part.state === 'read' && part.value.TargetBucket === name,
  );
  if (source !== undefined) return { receives: true, how: `${source[0]} logs its access here` };
  const text = partOf(snapshot['bucket.policy'], name);
  const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
  if (policy !== undefined && !isPolicyError(policy)) {
    const writer = writers(policy, `arn:${snapshot.partition}:s3:::${name}`).find(
      ({ principal }) => principal === 'logging.s3.amazonaws.com',
    );
    if (writer !== undefined) {
      return { receives: true, how: `its policy lets S3 write access logs (${namesOf(policy, [writer.index])})` };
    }
  }
  const ownership = partOf(snapshot['bucket.ownership'], name);
  const enforced = ownership.state === 'read' && ownership.value.ObjectOwnership === 'BucketOwnerEnforced';
  const acl = partOf(snapshot['bucket.acl'], name);
  if (!enforced && acl.state === 'read' && acl.value.Grants.some(({ Grantee }) => Grantee.URI === LOG_DELIVERY)) {
    return { receives: true, how: 'its ACL lets S3 write access logs' };
  }
  const unread = [text, ...(enforced ? [] : [acl])].find(isUnread);
  return unread === undefined ? { receives: false } : { receives: 'unknown', because: unread };
}

function isUnread(part: Part<unknown>): part is Unreadable {
  return part.state !== 'read' && part.state !== 'absent';
}
