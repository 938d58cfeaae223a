import type { JsonObject, Trail } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';

/** Members of UpdateTrail that fixes set, by the name they carry in GetTrail. */
const INPUT_NAMES = {
  LogFileValidationEnabled: 'EnableLogFileValidation',
  IsMultiRegionTrail: 'IsMultiRegionTrail',
  IncludeGlobalServiceEvents: 'IncludeGlobalServiceEvents',
  IsOrganizationTrail: 'IsOrganizationTrail',
  KmsKeyId: 'KmsKeyId',
  // By name or by ARN; the ARN is the only way to a topic of another account.
  SnsTopicARN: 'SnsTopicName',
  CloudWatchLogsLogGroupArn: 'CloudWatchLogsLogGroupArn',
  CloudWatchLogsRoleArn: 'CloudWatchLogsRoleArn',
} as const;

export type TrailMembers = { [Name in keyof typeof INPUT_NAMES]?: string | boolean };

/**
 * cloudtrail:UpdateTrail by ARN in the home region with just the members given: it is a partial update, and every
 * member sent beside the point is one that could be switched off by accident. A member that was unset is cleared with
 * an empty string on the way back.
 */
export function updateTrail(
  trail: Trail,
  members: TrailMembers,
  words: { summary: string; undo: string | null },
): Change {
  const names = Object.keys(members) as (keyof TrailMembers)[];
  const before: JsonObject = {};
  const after: JsonObject = {};
  const input: JsonObject = { Name: trail.TrailARN };
  const inverse: JsonObject = { Name: trail.TrailARN };
  for (const name of names) {
    const value = members[name];
    if (value === undefined) continue;
    const saved = trail[name];
    before[name] = saved ?? null;
    after[name] = value;
    input[INPUT_NAMES[name]] = value;
    inverse[INPUT_NAMES[name]] = saved ?? (typeof value === 'boolean' ? false : '');
  }
  const call = {
    account: trail.owner,
    region: trail.HomeRegion,
    operation: 'cloudtrail:UpdateTrail',
    resource: trail.TrailARN,
  };
  return {
    ...call,
    input,
    summary: words.summary,
    target: `trail:${trail.TrailARN}`,
    expect: before,
    result: after,
    ...(words.undo === null ? {} : { undo: { ...call, input: inverse, summary: words.undo, automatic: true } }),
  };
}
