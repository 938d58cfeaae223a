import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/cloudwatch-logs.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  denied,
  healthySnapshot,
  LOG_GROUP_ARN,
  MANAGEMENT,
  REGION,
  TRAIL_ARN,
  withPart,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, planOf } from '../bucket/support.ts';
import {
  accountWith,
  advanced,
  memberUnder,
  memberUnderUnknown,
  ORGANIZATION_TRAIL,
  type TrailOptions,
} from './support.ts';

const without: TrailOptions = { CloudWatchLogsLogGroupArn: undefined, CloudWatchLogsRoleArn: undefined };
const dataOnly = { AdvancedEventSelectors: [advanced({ eventCategory: { Equals: ['Data'] } })] };

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['group and role', healthySnapshot, 'pass'],
  ['neither', () => accountWith(without), 'fail', { severity: 'low', fix: 'auto-second-approver', risk: 'cost' }],
  [
    'Organization trail: the group lies in the management account, or in that of the delegated administrator that made the trail; members inherit',
    () => memberUnder(without),
    'fail',
    { account: MANAGEMENT, resource: ORGANIZATION_TRAIL },
  ],
  [
    'Group set, role missing: fail',
    () => accountWith({ CloudWatchLogsRoleArn: undefined }),
    'fail',
    { reason: 'A log group is set, but no role to write to it.' },
  ],
  [
    'Stopped trail: still judged; the finding says that it is stopped',
    () => accountWith({ ...without, status: { IsLogging: false } }),
    'fail',
    { notes: ['The trail is stopped.'] },
  ],
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  [
    'AccessDenied on DescribeTrails: unknown, naming cloudtrail:DescribeTrails',
    () => withPart(accountWith({}), 'trail', TRAIL_ARN, denied('cloudtrail:DescribeTrails', ACCOUNT)),
    'unknown',
    { missingPermission: 'cloudtrail:DescribeTrails' },
  ],
  [
    'GetEventSelectors denied',
    () => accountWith({ ...without, selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
];

describe('trail/cloudwatch-logs', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Data-only trail: not-applicable unless data_trails is true', () => {
    const settings = { data_trails: true };
    expect(findingOf(check, accountWith({ ...without, selectors: dataOnly })).verdict).toBe('not-applicable');
    expect(findingOf(check, accountWith({ ...without, selectors: dataOnly }), { settings }).verdict).toBe('fail');
  });

  it.each(['siem', 'eventbridge'] as const)(
    'Environment that declares another monitor (alternative: siem or eventbridge): not-applicable, with the declaration as evidence (%s)',
    (monitor) => {
      const expected = { verdict: 'not-applicable', evidence: { monitor } };
      expect(findingOf(check, accountWith(without), { estate: { monitor } })).toMatchObject(expected);
      expect(findingOf(check, accountWith(without), { settings: { alternative: monitor } })).toMatchObject(expected);
    },
  );

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    expect(findingsOf(check, memberUnder({}))).toHaveLength(1);
  });
});

describe('plan of trail/cloudwatch-logs', () => {
  const nameOf = (snapshot: Snapshot) => `trail-check-${findingOf(check, snapshot).id.slice(0, 8)}`;

  it('makes group and role in the owner and home region of the trail, and takes trail and role back', () => {
    const snapshot = accountWith({ ...without, region: 'eu-west-1' });
    const trail = `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/audit`;
    const name = nameOf(snapshot);
    const group = `/aws/cloudtrail/${name}`;
    const groupArn = `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:${group}`;
    const role = `arn:aws:iam::${ACCOUNT}:role/trail-check/${name}`;
    const plan = planOf(check, snapshot);
    expect(plan.changes.map(({ operation, account, region }) => [operation, account, region])).toEqual([
      ['logs:CreateLogGroup', ACCOUNT, 'eu-west-1'],
      ['logs:PutRetentionPolicy', ACCOUNT, 'eu-west-1'],
      ['iam:CreateRole', ACCOUNT, ''],
      ['iam:PutRolePolicy', ACCOUNT, ''],
      ['cloudtrail:UpdateTrail', ACCOUNT, 'eu-west-1'],
    ]);
    const [create, retention, makeRole, allow, update] = plan.changes;
    expect(create?.input).toEqual({ logGroupName: group });
    expect(retention?.input).toEqual({ logGroupName: group, retentionInDays: 365 });
    // A condition on the source has stopped delivery before.
    expect(JSON.parse(String(makeRole?.input.AssumeRolePolicyDocument)).Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
    expect(JSON.parse(String(allow?.input.PolicyDocument)).Statement).toMatchObject([
      {
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: [`${groupArn}:log-stream:${ACCOUNT}_CloudTrail_eu-west-1*`],
      },
    ]);
    expect(update?.input).toEqual({
      Name: trail,
      CloudWatchLogsLogGroupArn: `${groupArn}:*`,
      CloudWatchLogsRoleArn: role,
    });
    expect(plan.changes.map(({ undo }) => undo && [undo.operation, undo.input])).toEqual([
      undefined,
      undefined,
      ['iam:DeleteRole', { RoleName: name }],
      ['iam:DeleteRolePolicy', { RoleName: name, PolicyName: 'deliver-to-log-group' }],
      ['cloudtrail:UpdateTrail', { Name: trail, CloudWatchLogsLogGroupArn: '', CloudWatchLogsRoleArn: '' }],
    ]);
    expect(plan).toMatchObject({ class: 'auto-second-approver', reversible: 'partly', watchDelivery: [trail] });
  });

  it('lets the streams of the members of an organization in', () => {
    const [, , , allow] = planOf(check, memberUnder(without)).changes;
    expect(JSON.stringify(JSON.parse(String(allow?.input.PolicyDocument)))).toContain(':log-stream:o-acme123456_*');
  });

  it('keeps the group of a trail that only lacks the role', () => {
    const plan = planOf(check, accountWith({ CloudWatchLogsRoleArn: undefined }));
    expect(plan.changes.map(({ operation }) => operation)).toEqual([
      'iam:CreateRole',
      'iam:PutRolePolicy',
      'cloudtrail:UpdateTrail',
    ]);
    expect(plan.changes[2]?.input).toMatchObject({ CloudWatchLogsLogGroupArn: `${LOG_GROUP_ARN}:*` });
    expect(String(plan.changes[1]?.input.PolicyDocument)).toContain(
      `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:cloudtrail:log-stream:`,
    );
  });
});
