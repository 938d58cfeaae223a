import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/cloudtrail-changes.ts';
import type { Alarm, JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  allManagementAndS3Writes,
  denied,
  emptySnapshot,
  healthySnapshot,
  LOG_GROUP_ARN,
  MANAGEMENT,
  metricAlarm,
  REGION,
  TOPIC_ARN,
  TRAIL_ARN,
  TRAIL_CHANGES,
  withLogGroup,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, planOf } from '../bucket/support.ts';

type LogGroupOptions = NonNullable<Parameters<typeof withLogGroup>[1]>;
type TrailOptions = NonNullable<Parameters<typeof withTrail>[1]>;

const PLACE = `${ACCOUNT}/${REGION}`;
const PENDING = [{ SubscriptionArn: 'PendingConfirmation', Protocol: 'email', Endpoint: 'oncall@example.com' }];

function group(options: LogGroupOptions): Snapshot {
  return withLogGroup(healthySnapshot(), options);
}

function filters(...patterns: string[]): Snapshot {
  return group({ filters: Object.fromEntries(patterns.map((pattern, at) => [`filter-${at}`, pattern])) });
}

/** The log group as it is, behind another trail. */
function behind(trail: TrailOptions): Snapshot {
  const accounts = emptySnapshot({ accounts: [ACCOUNT, { id: MANAGEMENT, inScope: false }] });
  return withLogGroup(withTrail(accounts, trail));
}

function alarms(...list: Alarm[]): Snapshot {
  return group({ alarms: Object.fromEntries(list.map((alarm) => [alarm.AlarmName, alarm])) });
}

function composite(rule: string, more: Partial<Alarm> = {}): Alarm {
  const base = metricAlarm('above');
  return { ...base, kind: 'composite', members: { AlarmName: 'above', AlarmRule: rule }, ...more };
}

const organizationTrail: TrailOptions = {
  owner: MANAGEMENT,
  IsOrganizationTrail: true,
  visibleIn: [MANAGEMENT, ACCOUNT],
};
const events = (...names: string[]) => `{ ${names.map((name) => `($.eventName = ${name})`).join(' || ')} }`;

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['everything is there', healthySnapshot, 'pass'],
  [
    'StopLogging of the very trail that feeds the group is asked for like the others',
    () => filters(events('CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging')),
    'fail',
    { reason: 'No metric filter matches StopLogging.' },
  ],
  [
    'filter that also has PutEventSelectors: broader',
    () => filters(TRAIL_CHANGES.replace(' }', ' || ($.eventName = PutEventSelectors) }')),
    'pass',
    { notes: ['The filter filter-0 matches more than is asked for; Security Hub refuses further terms.'] },
  ],
  [
    'a filter that matches nearly everything',
    () => filters('{ $.eventName != "HeadBucket" }'),
    'pass',
    { notes: ['The filter filter-0 matches nearly every event.'] },
  ],
  [
    'other order, spacing, quoting and bracketing',
    () =>
      filters(
        '{($.eventName="StopLogging")||(($.eventName="StartLogging")||($.eventName="DeleteTrail"))||$.eventName="UpdateTrail" || ($.eventName = "CreateTrail")}',
      ),
    'pass',
    { notes: [] },
  ],
  [
    'event source named besides',
    () => filters(`{ ($.eventSource = cloudtrail.amazonaws.com) && (${TRAIL_CHANGES.slice(2, -2)}) }`),
    'pass',
  ],
  [
    'narrower by an && term',
    () => filters(`{ ($.awsRegion = us-east-1) && (${TRAIL_CHANGES.slice(2, -2)}) }`),
    'fail',
    {
      reason: 'No metric filter matches CreateTrail, DeleteTrail, StartLogging, StopLogging, UpdateTrail.',
      fix: 'auto-second-approver',
    },
  ],
  [
    'two filters that cover the pattern together',
    () => filters(events('CreateTrail', 'UpdateTrail', 'DeleteTrail'), events('StartLogging', 'StopLogging')),
    'pass',
  ],
  [
    'two filters of which one has no alarm',
    () =>
      group({
        filters: {
          making: events('CreateTrail', 'UpdateTrail', 'DeleteTrail'),
          running: events('StartLogging', 'StopLogging'),
        },
        alarms: { making: metricAlarm('making') },
      }),
    'fail',
    { reason: 'No alarm watches what the filter running counts.' },
  ],
  [
    'many filters on other events beside a missing one',
    () =>
      filters(
        '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
        '{ ($.eventName = ConsoleLogin) && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") }',
        '{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }',
        '{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy)) }',
        events('CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging'),
      ),
    'fail',
    { reason: 'No metric filter matches StopLogging.' },
  ],
  ['no filter at all', () => filters(), 'fail', { fix: 'auto-second-approver' }],
  [
    'alarm on another namespace does not count',
    () => alarms(metricAlarm('cloudtrail-changes', { members: { Namespace: 'Other' } })),
    'fail',
    { reason: 'No alarm watches what the filter cloudtrail-changes counts.' },
  ],
  [
    'alarm in another region does not count',
    () => {
      const elsewhere = group({ alarms: {} });
      const alarm = metricAlarm('cloudtrail-changes', { region: 'eu-west-1' });
      return withPart(elsewhere, 'alarms', `${ACCOUNT}/eu-west-1`, {
        state: 'read',
        value: { 'cloudtrail-changes': alarm },
      });
    },
    'fail',
  ],
  [
    'alarm by metric math',
    () =>
      alarms(
        metricAlarm('math', {
          members: {
            MetricName: null,
            Namespace: null,
            Metrics: [
              {
                Id: 'm1',
                MetricStat: {
                  Metric: { Namespace: 'Trails', MetricName: 'cloudtrail-changes' },
                  Period: 300,
                  Stat: 'Sum',
                },
              },
            ],
          },
        }),
      ),
    'pass',
  ],
  [
    'composite alarm above it tells somebody',
    () => alarms(metricAlarm('cloudtrail-changes', { actions: [] }), composite('ALARM("cloudtrail-changes")')),
    'pass',
  ],
  [
    'composite alarm over another alarm of a longer name does not count',
    () => alarms(metricAlarm('cloudtrail-changes', { actions: [] }), composite('ALARM(cloudtrail-changes-2)')),
    'fail',
    { cause: 'alarm/notification-path' },
  ],
  [
    'actions disabled',
    () => alarms(metricAlarm('cloudtrail-changes', { enabled: false })),
    'fail',
    { cause: 'alarm/notification-path', fix: 'none' },
  ],
  [
    'no action',
    () => alarms(metricAlarm('cloudtrail-changes', { actions: [] })),
    'fail',
    { cause: 'alarm/notification-path', fix: 'none' },
  ],
  [
    'subscriptions pending only',
    () => group({ subscriptions: PENDING }),
    'fail',
    { cause: 'alarm/notification-path', fix: 'none' },
  ],
  [
    'subscribers of a topic cannot be listed',
    () => group({ subscriptions: denied('sns:ListSubscriptionsByTopic', ACCOUNT) }),
    'unknown',
    { missingPermission: 'sns:ListSubscriptionsByTopic', evidence: { topic: TOPIC_ARN } },
  ],
  [
    'alarm state INSUFFICIENT_DATA with missing data not breaching',
    () => alarms(metricAlarm('cloudtrail-changes', { members: { StateValue: 'INSUFFICIENT_DATA' } })),
    'pass',
  ],
  [
    'member covered by an organization trail: inherited, alarms in the owner account count',
    () => {
      const arn = `arn:aws:logs:${REGION}:${MANAGEMENT}:log-group:cloudtrail`;
      const snapshot = behind({ ...organizationTrail, CloudWatchLogsLogGroupArn: `${arn}:*` });
      return withLogGroup(snapshot, { arn });
    },
    'pass',
    { inheritedFrom: `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/audit` },
  ],
  [
    'member of an organization trail without alarms: fail, inherited, no fix in the member',
    () => {
      const arn = `arn:aws:logs:${REGION}:${MANAGEMENT}:log-group:cloudtrail`;
      const snapshot = behind({ ...organizationTrail, CloudWatchLogsLogGroupArn: `${arn}:*` });
      return withLogGroup(snapshot, { arn, filters: {} });
    },
    'fail',
    { inheritedFrom: `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/audit`, fix: 'none' },
  ],
  ['no covering trail', () => emptySnapshot(), 'fail', { cause: 'trail/account-covered', fix: 'none' }],
  ['stopped', () => behind({ status: { IsLogging: false } }), 'fail', { cause: 'trail/account-covered', fix: 'none' }],
  [
    'one region only',
    () => behind({ IsMultiRegionTrail: false }),
    'fail',
    { cause: 'trail/multi-region', fix: 'none' },
  ],
  [
    'not all management events',
    () => behind({ selectors: { EventSelectors: [{ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true }] } }),
    'fail',
    { cause: 'trail/management-events', fix: 'none' },
  ],
  [
    'no log group',
    () => behind({ CloudWatchLogsLogGroupArn: undefined }),
    'fail',
    { cause: 'trail/cloudwatch-logs', fix: 'none' },
  ],
  [
    'log group deleted',
    () => group({ group: absent('ResourceNotFoundException') }),
    'fail',
    { cause: 'trail/cloudwatch-logs', reason: 'The log group of audit no longer exists.' },
  ],
  [
    'log group of a class other than STANDARD',
    () => group({ group: { logGroupClass: 'INFREQUENT_ACCESS' } }),
    'fail',
    { fix: 'manual' },
  ],
  [
    'DescribeMetricFilters denied',
    () => group({ filters: denied('logs:DescribeMetricFilters', ACCOUNT), alarms: {} }),
    'unknown',
    { missingPermission: 'logs:DescribeMetricFilters' },
  ],
  [
    'DescribeAlarms denied',
    () => group({ alarms: denied('cloudwatch:DescribeAlarms', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudwatch:DescribeAlarms' },
  ],
  [
    'GetEventSelectors denied',
    () => behind({ selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
];

describe('alarm/cloudtrail-changes', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    const account = snapshot().accounts[ACCOUNT];
    expect(account).toBeDefined();
    const finding = findingsOf(check, snapshot()).find((it) => it.account === ACCOUNT);
    expect(finding).toMatchObject({ verdict, ...more });
  });

  it.each(['siem', 'eventbridge'] as const)('not applicable where %s is declared instead', (monitor) => {
    const snapshot = group({ filters: {} });
    expect(findingOf(check, snapshot, { settings: { alternative: monitor } }).verdict).toBe('not-applicable');
    expect(findingOf(check, snapshot, { estate: { monitor } })).toMatchObject({
      verdict: 'not-applicable',
      evidence: { monitor },
    });
  });

  it('takes the trail that is nearest to an alarm as the reason', () => {
    const snapshot = withTrail(group({ filters: {} }), {
      name: 'regional',
      IsMultiRegionTrail: false,
      selectors: allManagementAndS3Writes(),
    });
    expect(findingOf(check, snapshot)).toMatchObject({ evidence: { trail: TRAIL_ARN, logGroup: LOG_GROUP_ARN } });
  });
});

describe('plan of alarm/cloudtrail-changes', () => {
  const unwatched = () => group({ filters: {} });
  const suffix = () => findingOf(check, unwatched()).id.slice(0, 8);
  const name = () => `trail-check-cloudtrail-changes-${suffix()}`;

  it('puts topic, filter and alarm under names of the finding, and takes filter and alarm back', () => {
    const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:trail-check-${suffix()}`;
    const plan = planOf(check, unwatched());
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost', reversible: 'yes' });
    expect(
      plan.changes.map(({ operation, account, region, input }) => ({ operation, account, region, input })),
    ).toEqual([
      { operation: 'sns:CreateTopic', account: ACCOUNT, region: REGION, input: { Name: `trail-check-${suffix()}` } },
      {
        operation: 'sns:SetTopicAttributes',
        account: ACCOUNT,
        region: REGION,
        input: {
          TopicArn: topic,
          AttributeName: 'Policy',
          AttributeValue: expect.stringContaining('aws:SourceAccount'),
        },
      },
      {
        operation: 'logs:PutMetricFilter',
        account: ACCOUNT,
        region: REGION,
        input: {
          logGroupName: 'cloudtrail',
          filterName: name(),
          filterPattern: TRAIL_CHANGES,
          metricTransformations: [{ metricName: name(), metricNamespace: 'TrailCheck', metricValue: '1' }],
        },
      },
      {
        operation: 'cloudwatch:PutMetricAlarm',
        account: ACCOUNT,
        region: REGION,
        input: {
          AlarmName: name(),
          AlarmDescription: expect.stringContaining('alarm/cloudtrail-changes'),
          ActionsEnabled: true,
          AlarmActions: [topic],
          MetricName: name(),
          Namespace: 'TrailCheck',
          Statistic: 'Sum',
          Period: 300,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          TreatMissingData: 'notBreaching',
        },
      },
    ]);
    expect(plan.changes.map(({ undo }) => undo && [undo.operation, undo.input, undo.automatic])).toEqual([
      undefined,
      undefined,
      ['logs:DeleteMetricFilter', { logGroupName: 'cloudtrail', filterName: name() }, true],
      ['cloudwatch:DeleteAlarms', { AlarmNames: [name()] }, true],
    ]);
    expect(plan.warnings).toEqual([expect.stringContaining('confirmed')]);
  });

  it('expects the names of filter and alarm to be free, since both calls overwrite silently', () => {
    const [, , filter, alarm] = planOf(check, unwatched()).changes;
    expect(filter).toMatchObject({ target: `logGroup.filters:${LOG_GROUP_ARN}`, expect: { [name()]: null } });
    expect(alarm).toMatchObject({ target: `alarms:${PLACE}`, expect: { [name()]: null } });
  });

  it('uses the declared topic, and warns of nothing where it is heard', () => {
    const plan = planOf(check, unwatched(), { settings: { topic_arn: TOPIC_ARN, period: 60, threshold: 3 } });
    expect(plan.changes.map(({ operation }) => operation)).toEqual([
      'logs:PutMetricFilter',
      'cloudwatch:PutMetricAlarm',
    ]);
    expect(plan.changes[1]?.input).toMatchObject({ AlarmActions: [TOPIC_ARN], Period: 60, Threshold: 3 });
    expect(plan.warnings).toEqual([]);
  });

  it('opens the declared topic to CloudWatch where it is shut', () => {
    const shut = withPart(unwatched(), 'topic', TOPIC_ARN, {
      state: 'read',
      value: { TopicArn: TOPIC_ARN, Policy: '{"Version":"2012-10-17","Statement":[]}', owner: ACCOUNT },
    });
    const [first] = planOf(check, shut, { settings: { topic_arn: TOPIC_ARN } }).changes;
    expect(first).toMatchObject({ operation: 'sns:SetTopicAttributes', undo: { automatic: true } });
  });

  it.each([
    ['in another region', { topic_arn: `arn:aws:sns:eu-west-1:${ACCOUNT}:alerts` }],
    ['not readable', { topic_arn: `arn:aws:sns:${REGION}:${ACCOUNT}:elsewhere` }],
  ])('is blocked by a declared topic that is %s', (_name, settings) => {
    expect(fixOf(check, unwatched(), { settings })).toMatchObject({ kind: 'blocked', by: 'alarm/notification-path' });
  });

  it('is blocked where the group has as many filters as it takes', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, events(`Event${at}`)]));
    expect(fixOf(check, group({ filters: many, alarms: {} }))).toMatchObject({ kind: 'blocked' });
  });

  it('is guided where the class of the group evaluates no filters', () => {
    const snapshot = group({ group: { logGroupClass: 'INFREQUENT_ACCESS' } });
    expect(fixOf(check, snapshot)).toMatchObject({ kind: 'manual' });
  });
});
