import type { JsonObject, Trail } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';

/** Where a trail writes; an empty prefix is none. */
export interface Destination {
  bucket: string;
  prefix: string;
}

/**
 * cloudtrail:UpdateTrail with the bucket, and with the prefix where that changes: it is a partial update, and an empty
 * prefix is sent only to clear the one that is set.
 */
export function redirectTrail(trail: Trail, { bucket, prefix }: Destination): Change {
  const call = {
    account: trail.owner,
    region: trail.HomeRegion,
    operation: 'cloudtrail:UpdateTrail',
    resource: trail.TrailARN,
  };
  const saved = trail.S3KeyPrefix ?? '';
  const input = (S3BucketName: string, S3KeyPrefix: string): JsonObject => {
    return { Name: trail.TrailARN, S3BucketName, ...(prefix === saved ? {} : { S3KeyPrefix }) };
  };
  const state = (S3BucketName: string, S3KeyPrefix: string): JsonObject => {
    return { S3BucketName, S3KeyPrefix: S3KeyPrefix === '' ? null : S3KeyPrefix };
  };
  return {
    ...call,
    input: input(bucket, prefix),
    summary: `Deliver ${trail.Name} to ${placeOf({ bucket, prefix })} from now on; what was delivered stays where it is.`,
    target: `trail:${trail.TrailARN}`,
    expect: state(trail.S3BucketName, saved),
    result: state(bucket, prefix),
    undo: {
      ...call,
      input: input(trail.S3BucketName, saved),
      summary: `Deliver ${trail.Name} to ${placeOf({ bucket: trail.S3BucketName, prefix: saved })} again.`,
      automatic: true,
    },
  };
}

/** For people: `bucket/prefix`. */
export function placeOf({ bucket, prefix }: Destination): string {
  return prefix === '' ? bucket : `${bucket}/${prefix}`;
}
