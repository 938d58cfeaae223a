import type { OwnedBucket } from '../bucket.ts';
import type { Change } from '../plan.ts';

/**
 * s3:PutBucketVersioning Enabled. There is a way back from Suspended only: a bucket that never had versions does not
 * become unversioned again.
 */
export function enableVersioning(
  { Name, owner, region }: OwnedBucket,
  partition: string,
  before: { Status?: 'Enabled' | 'Suspended' },
): Change {
  const call = {
    account: owner,
    region,
    operation: 's3:PutBucketVersioning',
    resource: `arn:${partition}:s3:::${Name}`,
  };
  const input = (Status: 'Enabled' | 'Suspended') => ({
    Bucket: Name,
    ExpectedBucketOwner: owner,
    VersioningConfiguration: { Status },
  });
  const undo = { ...call, input: input('Suspended'), summary: 'Suspend versioning again.', automatic: true };
  return {
    ...call,
    input: input('Enabled'),
    summary: `Keep versions of everything in ${Name} from now on.`,
    target: `bucket.versioning:${Name}`,
    expect: { Status: before.Status ?? null },
    result: { Status: 'Enabled' },
    ...(before.Status === 'Suspended' ? { undo } : {}),
  };
}
