import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/cloudtrail-changes.ts';
import type { Alarm, JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  allManagementAndS3Writes,
  healthySnapshot,
  LOG_GROUP_ARN,
  metricAlarm,
  REGION,
  TOPIC_ARN,
  TRAIL_ARN,
  TRAIL_CHANGES,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, planOf } from '../bucket/support.ts';
import { alarmFamily, anyOf, filters, group, joined } from './family.ts';

const PLACE = `${ACCOUNT}/${REGION}`;

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['everything is there', healthySnapshot, 'pass'],
  [
    'StopLogging of the very trail that feeds the group: still delivered, as a rule the last event; so it is asked for like the others',
    () => filters(anyOf('CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging')),
    'fail',
    { reason: 'No metric filter matches StopLogging.' },
  ],
  [
    'Filter that also has PutEventSelectors: pass, broader; Security Hub would refuse it',
    () => filters(joined(TRAIL_CHANGES, '|| ($.eventName = PutEventSelectors)')),
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
    'event source named besides',
    () => filters(`{ ($.eventSource = cloudtrail.amazonaws.com) && (${TRAIL_CHANGES.slice(2, -2)}) }`),
    'pass',
  ],
  [
    'two filters of which one has no alarm',
    () =>
      group({
        filters: {
          making: anyOf('CreateTrail', 'UpdateTrail', 'DeleteTrail'),
          running: anyOf('StartLogging', 'StopLogging'),
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
        anyOf('CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging'),
      ),
    'fail',
    { reason: 'No metric filter matches StopLogging.' },
  ],
  ['no filter at all', () => filters(), 'fail', { fix: 'auto-second-approver' }],
  [
    'composite alarm over another alarm of a longer name does not count',
    () => {
      const members = { AlarmName: 'above', AlarmRule: 'ALARM(cloudtrail-changes-2)' };
      const above: Alarm = { ...metricAlarm('above'), kind: 'composite', members };
      return group({ alarms: { 'cloudtrail-changes': metricAlarm('cloudtrail-changes', { actions: [] }), above } });
    },
    'fail',
    { cause: 'alarm/notification-path' },
  ],
  [
    'log group deleted',
    () => group({ group: absent('ResourceNotFoundException') }),
    'fail',
    { cause: 'trail/cloudwatch-logs', reason: 'The log group of audit no longer exists.' },
  ],
];

alarmFamily({ check, cis: TRAIL_CHANGES });

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
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, anyOf(`Event${at}`)]));
    expect(fixOf(check, group({ filters: many, alarms: {} }))).toMatchObject({ kind: 'blocked' });
  });

  it('is guided where the class of the group evaluates no filters', () => {
    const snapshot = group({ group: { logGroupClass: 'INFREQUENT_ACCESS' } });
    expect(fixOf(check, snapshot)).toMatchObject({ kind: 'manual' });
  });
});
