import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/cloudwatch-delivery-healthy.ts';
import type { JsonObject, LogGroup, Part, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  healthySnapshot,
  hoursBefore,
  LOG_GROUP_ARN,
  MANAGEMENT,
  metricAlarm,
  NOW,
  REGION,
  read,
  TRAIL_ARN,
  withLogGroup,
  withPart,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf } from '../bucket/support.ts';
import { accountWith, memberUnder, memberUnderUnknown, ORGANIZATION_TRAIL, type TrailOptions } from './support.ts';

const ago = (hours: number) => hoursBefore(NOW, hours);
const delivering = (status: TrailOptions['status'], more: TrailOptions = {}) =>
  withLogGroup(accountWith({ ...more, status: status ?? {} }));
const gone = absent('ResourceNotFoundException');
const withGroup = (group: Part<LogGroup>) =>
  withPart(withPart(delivering({}), 'logGroup', LOG_GROUP_ARN, group), 'logGroup.filters', LOG_GROUP_ARN, gone);

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['events arrive', healthySnapshot, 'pass'],
  [
    'Log delivery to S3 fresh but CloudWatch delivery old: fail (only the CloudWatch fields count)',
    () => delivering({ LatestDeliveryTime: ago(0.1), LatestCloudWatchLogsDeliveryTime: ago(30) }),
    'fail',
    { fix: 'manual', reason: 'Nothing reached the log group for more than 24 hours.' },
  ],
  ['S3 delivery old but CloudWatch delivery fresh', () => delivering({ LatestDeliveryTime: ago(30) }), 'pass'],
  [
    'No log group configured: not-applicable, trail/cloudwatch-logs decides',
    () => accountWith({ CloudWatchLogsLogGroupArn: undefined }),
    'not-applicable',
    { cause: 'trail/cloudwatch-logs' },
  ],
  [
    'Group deleted: fail, pointing to the group and the alarms that hang on it',
    () => withGroup(gone),
    'fail',
    {
      evidence: { logGroup: LOG_GROUP_ARN, exists: false },
      notes: ['These alarms may have hung on it and are silent now: cloudtrail-changes.'],
    },
  ],
  [
    'Events above 256 KB are never sent to CloudWatch Logs: not an error',
    () => delivering({ LatestDeliveryTime: ago(0.1), LatestCloudWatchLogsDeliveryTime: ago(6) }),
    'pass',
  ],
  [
    'an error of CloudWatch Logs',
    () => delivering({ LatestCloudWatchLogsDeliveryError: 'AccessDenied' }),
    'fail',
    { evidence: { LatestCloudWatchLogsDeliveryError: 'AccessDenied' } },
  ],
  ['an error of S3 alone', () => delivering({ LatestDeliveryError: 'AccessDenied' }), 'pass'],
  [
    'nothing came yet and no error shows',
    () => delivering({ LatestCloudWatchLogsDeliveryTime: undefined }),
    'unknown',
    { reason: expect.stringContaining('just now') },
  ],
  [
    'Stopped: not-applicable',
    () => delivering({ IsLogging: false, LatestCloudWatchLogsDeliveryError: 'AccessDenied' }),
    'not-applicable',
    { cause: 'trail/logging' },
  ],
  [
    'whether the group exists cannot be read',
    () => withGroup(denied('logs:DescribeLogGroups', ACCOUNT)),
    'unknown',
    { missingPermission: 'logs:DescribeLogGroups' },
  ],
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  [
    'AccessDenied on GetTrailStatus: unknown, naming cloudtrail:GetTrailStatus',
    () => accountWith({ status: denied('cloudtrail:GetTrailStatus', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetTrailStatus' },
  ],
  ['deleted meanwhile', () => accountWith({ status: absent('TrailNotFoundException') }), 'not-applicable'],
];

describe('trail/cloudwatch-delivery-healthy', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    expect(findingsOf(check, healthySnapshot())).toMatchObject([{ resource: TRAIL_ARN, region: 'us-east-1' }]);
  });

  it('Organization trail seen from a member: verdict inherited from the owner, with the trail ARN as evidence; no fix offered in the member', () => {
    const failing = memberUnder({ status: { LatestCloudWatchLogsDeliveryError: 'AccessDenied' } });
    expect(findingsOf(check, failing)).toMatchObject([
      { verdict: 'fail', account: MANAGEMENT, resource: ORGANIZATION_TRAIL },
    ]);
  });

  it('takes max_age_hours from the settings', () => {
    const old = delivering({ LatestCloudWatchLogsDeliveryTime: ago(30) });
    expect(findingOf(check, old, { settings: { max_age_hours: 48 } }).verdict).toBe('pass');
  });

  it('does not suspect alarms of AWS, or those that another filter feeds', () => {
    const other = 'arn:aws:logs:us-east-1:111111111111:log-group:other';
    const alarms = {
      fed: metricAlarm('fed'),
      cpu: metricAlarm('cpu', { members: { Namespace: 'AWS/EC2' } }),
      lost: metricAlarm('lost'),
      ...Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`z${at + 10}`, metricAlarm(`z${at + 10}`)])),
    };
    const snapshot = withLogGroup(withGroup(gone), { arn: other, filters: { fed: '{ $.eventName = * }' }, alarms });
    expect(findingOf(check, withPart(snapshot, 'alarms', `${ACCOUNT}/${REGION}`, read(alarms))).notes).toEqual([
      'These alarms may have hung on it and are silent now: lost, z10, z11, z12, z13, z14, z15, z16, z17, z18 and 2 more.',
    ]);
  });
});

describe('steps of trail/cloudwatch-delivery-healthy', () => {
  it('creates a group that was deleted, in its own place', () => {
    const text = JSON.stringify(fixOf(check, withGroup(gone)));
    expect(text).toContain('aws logs create-log-group --log-group-name cloudtrail --region us-east-1');
    expect(text).toContain('aws_cloudwatch_log_group');
  });

  it('leads to the role otherwise, and does not take the S3 delivery as proof', () => {
    const proposal = fixOf(check, delivering({ LatestCloudWatchLogsDeliveryError: 'AccessDenied' }));
    expect(proposal.kind).toBe('manual');
    expect(JSON.stringify(proposal)).toContain('log-group/delivery-role');
    expect(JSON.stringify(proposal)).toContain('the S3 delivery proves nothing');
  });
});
