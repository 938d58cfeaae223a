import type { JsonObject, Part } from '../../snapshot/types.ts';
import type { OwnedBucket } from '../bucket.ts';
import type { Change } from '../plan.ts';

/** Default retention of new objects; without a mode there is none. */
export interface Retention {
  Mode?: 'GOVERNANCE' | 'COMPLIANCE';
  Days?: number;
  Years?: number;
}

/**
 * s3:PutObjectLockConfiguration with a default retention for files that arrive from now on. Where the lock was on, undo
 * puts the old retention back, for future files again; a lock that was off has no way back.
 */
export function lockNewObjects(
  { Name, owner, region }: OwnedBucket,
  partition: string,
  before: Part<Retention>,
  retention: Required<Pick<Retention, 'Mode'>> & Pick<Retention, 'Days' | 'Years'>,
): Change {
  const call = {
    account: owner,
    region,
    operation: 's3:PutObjectLockConfiguration',
    resource: `arn:${partition}:s3:::${Name}`,
  };
  const input = (wanted: Retention): JsonObject => ({
    Bucket: Name,
    ExpectedBucketOwner: owner,
    ObjectLockConfiguration: {
      ObjectLockEnabled: 'Enabled',
      ...(wanted.Mode === undefined ? {} : { Rule: { DefaultRetention: { ...wanted } } }),
    },
  });
  const state = ({ Mode, Days, Years }: Retention) => ({
    Mode: Mode ?? null,
    Days: Days ?? null,
    Years: Years ?? null,
  });
  const saved = before.state === 'read' ? before.value : undefined;
  const change = {
    ...call,
    input: input(retention),
    summary: `Lock every file that arrives in ${Name} from now on, for ${inWords(retention)} in ${retention.Mode} mode.`,
    target: `bucket.objectLock:${Name}` as const,
    expect: saved === undefined ? null : state(saved),
    result: state(retention),
  };
  if (saved === undefined) return change;
  const summary = 'Go back to the old default retention; files locked meanwhile stay locked.';
  return { ...change, undo: { ...call, input: input(saved), summary, automatic: true } };
}

/** The period in days; 1 year is 365 days. */
export function daysOf({ Days, Years }: Retention): number {
  return Days ?? (Years ?? 0) * 365;
}

function inWords({ Days, Years }: Retention): string {
  return Days === undefined ? `${Years ?? 0} years` : `${Days} days`;
}
