import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/no-dead-filters.ts';
import { eventsNamed } from '../../../src/check/watched-events.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  emptySnapshot,
  LOG_GROUP_ARN,
  withLogGroup,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf } from '../bucket/support.ts';
import { advanced, basic } from '../trail/support.ts';

type TrailOptions = NonNullable<Parameters<typeof withTrail>[1]>;
type GroupOptions = NonNullable<Parameters<typeof withLogGroup>[1]>;

const KEY_DELETION =
  '{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }';
const NO_KMS: TrailOptions = {
  selectors: { EventSelectors: [basic('All', true, { ExcludeManagementEventSources: ['kms.amazonaws.com'] })] },
};
const READS: TrailOptions = { selectors: { EventSelectors: [basic('ReadOnly')] } };

/** A log group with one filter, fed by these trails. */
function fed(pattern: string, trails: TrailOptions[], options: GroupOptions = {}): Snapshot {
  const start = trails.reduce<Snapshot>(
    (snapshot, trail, at) => withTrail(snapshot, { name: at === 0 ? 'audit' : `audit-${at}`, ...trail }),
    emptySnapshot(),
  );
  return withLogGroup(start, { filters: { it: pattern }, ...options });
}

const regional = (region: string, more: TrailOptions = {}): TrailOptions => ({
  region,
  IsMultiRegionTrail: false,
  CloudWatchLogsLogGroupArn: `${LOG_GROUP_ARN}:*`,
  ...more,
});

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['all that is waited for is recorded', () => fed(KEY_DELETION, [{}]), 'pass'],
  [
    'Trail excludes kms.amazonaws.com, filter looks for ScheduleKeyDeletion: fail',
    () => fed(KEY_DELETION, [NO_KMS]),
    'fail',
    {
      reason: 'The filter it waits for DisableKey, ScheduleKeyDeletion, but audit leaves out kms.amazonaws.com.',
      cause: 'trail/no-excluded-sources',
      fix: 'none',
    },
  ],
  ['a filter without an alarm counts as well', () => fed(KEY_DELETION, [NO_KMS], { alarms: {} }), 'fail'],
  ['the source is told by the name of the event', () => fed('{ $.eventName = ScheduleKeyDeletion }', [NO_KMS]), 'fail'],
  [
    'the same exclusion by an advanced selector',
    () =>
      fed(KEY_DELETION, [
        {
          selectors: {
            AdvancedEventSelectors: [
              advanced({
                eventCategory: { Equals: ['Management'] },
                eventSource: { NotEquals: ['kms.amazonaws.com'] },
              }),
            ],
          },
        },
      ]),
    'fail',
    { cause: 'trail/no-excluded-sources' },
  ],
  [
    'Trail records reads only, filter looks for writes: fail',
    () => fed('{ $.eventName = StopLogging }', [READS]),
    'fail',
    {
      reason: 'The filter it waits for StopLogging, but audit records no write management events.',
      cause: 'trail/management-events',
    },
  ],
  [
    'Single-region trail outside us-east-1, filter looks for IAM events: fail',
    () => fed('{ $.eventName = PutRolePolicy }', [regional('eu-west-1')]),
    'fail',
    { reason: 'The filter it waits for PutRolePolicy, but audit records eu-west-1 only.', cause: 'trail/multi-region' },
  ],
  [
    'single-region trail in us-east-1, filter looks for IAM events',
    () => fed('{ $.eventName = PutRolePolicy }', [regional('us-east-1')]),
    'pass',
  ],
  [
    'single-region trail in us-east-1 without global service events',
    () => fed('{ $.eventName = PutRolePolicy }', [regional('us-east-1', { IncludeGlobalServiceEvents: false })]),
    'fail',
  ],
  [
    'single-region trail, filter looks for events of another region',
    () => fed('{ ($.eventName = StopInstances) && ($.awsRegion = eu-west-1) }', [regional('us-east-1')]),
    'fail',
    { cause: 'trail/multi-region' },
  ],
  [
    'single-region trail, filter looks for events of any region',
    () => fed('{ $.eventName = StopInstances }', [regional('us-east-1')]),
    'pass',
  ],
  ['Second trail on the same group records them: pass', () => fed(KEY_DELETION, [NO_KMS, {}]), 'pass'],
  [
    'a second trail that is stopped records nothing',
    () => fed(KEY_DELETION, [NO_KMS, { status: { IsLogging: false } }]),
    'fail',
  ],
  [
    'Group of a class other than STANDARD: fail, for all filters',
    () => fed(KEY_DELETION, [{}], { group: { logGroupClass: 'INFREQUENT_ACCESS' } }),
    'fail',
    { evidence: { logGroupClass: 'INFREQUENT_ACCESS', filters: ['it'] } },
  ],
  [
    'Event larger than 256 KB: never delivered, named as a limit, no finding',
    () => fed(KEY_DELETION, [{}]),
    'pass',
    { notes: [expect.stringContaining('256 KB')] },
  ],
  ['Filter nobody counts: ignored', () => fed('{ $.eventName = SomethingOfOurs }', [NO_KMS]), 'pass'],
  ['a filter on plain text is ignored', () => fed('ERROR', [NO_KMS]), 'pass'],
  [
    'filter looks for data events that no selector asks for',
    () => fed('{ ($.eventName = GetObject) && ($.requestParameters.bucketName = secrets) }', [{}]),
    'fail',
    { reason: 'The filter it waits for GetObject, but audit records no read data events of AWS::S3::Object.' },
  ],
  ['filter looks for data events that are recorded', () => fed('{ $.eventName = DeleteObject }', [{}]), 'pass'],
  [
    'one living part of a filter does not save the dead one',
    () => fed('{ ($.eventName = StopLogging) || ($.eventName = DisableKey) }', [NO_KMS]),
    'fail',
    { evidence: { dead: { it: ['DisableKey: audit leaves out kms.amazonaws.com'] } } },
  ],
  ['filter on refusals of any call', () => fed('{ $.errorCode = "AccessDenied*" }', [READS]), 'pass'],
  ['events of a source, reading or writing', () => fed('{ $.eventSource = kms.amazonaws.com }', [READS]), 'pass'],
  ['all events of a source that is left out', () => fed('{ $.eventSource = kms.amazonaws.com }', [NO_KMS]), 'fail'],
  [
    'AccessDenied on GetEventSelectors: unknown, naming cloudtrail:GetEventSelectors',
    () => fed(KEY_DELETION, [{ selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }]),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
  [
    'selectors of one of two trails denied, and the other does not record it',
    () => fed(KEY_DELETION, [NO_KMS, { selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }]),
    'unknown',
  ],
  [
    'GetTrailStatus denied',
    () => fed(KEY_DELETION, [{ status: denied('cloudtrail:GetTrailStatus', ACCOUNT) }]),
    'unknown',
    { missingPermission: 'cloudtrail:GetTrailStatus' },
  ],
  [
    'DescribeMetricFilters denied',
    () => fed('', [{}], { filters: denied('logs:DescribeMetricFilters', ACCOUNT), alarms: {} }),
    'unknown',
    { missingPermission: 'logs:DescribeMetricFilters' },
  ],
  [
    'DescribeLogGroups denied',
    () => fed(KEY_DELETION, [{}], { group: denied('logs:DescribeLogGroups', ACCOUNT) }),
    'unknown',
  ],
  [
    'every trail stopped',
    () => fed(KEY_DELETION, [{ status: { IsLogging: false } }]),
    'fail',
    { cause: 'trail/logging' },
  ],
  ['no filter', () => fed('', [{}], { filters: {} }), 'not-applicable'],
  ['the group does not exist', () => fed('', [{}], { group: absent('ResourceNotFoundException') }), 'not-applicable'],
];

describe('alarm/no-dead-filters', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('knows every event that the checks alarm/* wait for by name', () => {
    const folder = join(import.meta.dirname, '../../../checks/alarm');
    const names = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .flatMap((text) => [...text.matchAll(/\$\.eventName\s*=\s*"?(\w+)/g)].flatMap(([, name]) => name ?? []));
    expect(names.length).toBeGreaterThan(80);
    expect(names.filter((name) => eventsNamed(name).length === 0)).toEqual([]);
  });
});
