import type { Snapshot, Trail, Unreadable } from '../snapshot/types.ts';
import { partOf } from './check.ts';
import type { LogTarget } from './evaluators/event-selectors/log-loop.ts';
import type { LoggingTrail } from './logging-trails.ts';

export type LogLoopSnapshot = Pick<Snapshot, 'partition' | 'trail' | 'bucket' | 'account.trails'>;

/** Where logs arrive, and why it is not known whether the trail sees it. */
export type SeenTarget = LogTarget & { name: string; doubt?: Unreadable };

/**
 * The log buckets whose deliveries a trail sees, for the account that is judged: CloudTrail's own writes are recorded
 * in the account that owns the bucket. That is the account itself; for the owner of an organization trail also the
 * members, since only the owner can mend it.
 */
export function targetsSeenBy(snapshot: LogLoopSnapshot, account: string, { trail, inherited }: LoggingTrail) {
  const seen = new Map<string, SeenTarget>();
  for (const part of Object.values(snapshot.trail)) {
    if (part.state !== 'read') continue;
    const target = targetOf(part.value, snapshot.partition);
    const bucket = partOf(snapshot.bucket, target.name);
    if (bucket.state === 'absent') continue;
    if (bucket.state !== 'read') {
      seen.set(target.files, { ...target, doubt: bucket });
      continue;
    }
    const { owner } = bucket.value;
    const isOwn = owner === account;
    const isMember = !inherited && trail.IsOrganizationTrail && owner !== undefined && reaches(snapshot, trail, owner);
    if (isOwn || isMember) seen.set(target.files, target);
  }
  return [...seen.values()];
}

function targetOf({ S3BucketName: name, S3KeyPrefix: prefix }: Trail, partition: string): SeenTarget {
  const bucket = `arn:${partition}:s3:::${name}/`;
  return { name, bucket, files: `${bucket}${prefix === undefined || prefix === '' ? '' : `${prefix}/`}AWSLogs/` };
}

/** Unless its own list of trails says otherwise, an account of the estate is in the organization. */
function reaches(snapshot: LogLoopSnapshot, { TrailARN }: Trail, account: string): boolean {
  const listing = snapshot['account.trails'][account];
  return listing?.state !== 'read' || listing.value.some((it) => it.TrailARN === TrailARN);
}
