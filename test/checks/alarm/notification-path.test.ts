import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/notification-path.ts';
import type { Alarm, JsonObject, MuteRule, Snapshot, Subscription } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  denied,
  healthySnapshot,
  KEY_ARN,
  LOG_GROUP_ARN,
  metricAlarm,
  NOW,
  REGION,
  read,
  TOPIC_ARN,
  TRAIL_CHANGES,
  unreachable,
  unsupported,
  withKey,
  withLogGroup,
  withPart,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';

type LogGroupOptions = NonNullable<Parameters<typeof withLogGroup>[1]>;

const NAME = 'cloudtrail-changes';
const LAMBDA = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:page`;
const PENDING: Subscription = {
  SubscriptionArn: 'PendingConfirmation',
  Protocol: 'email',
  Endpoint: 'oncall@example.com',
};

function group(options: LogGroupOptions): Snapshot {
  return withLogGroup(healthySnapshot(), options);
}

function alarms(...list: Alarm[]): Snapshot {
  return group({ alarms: Object.fromEntries(list.map((alarm) => [alarm.AlarmName, alarm])) });
}

function muted(rule: Partial<MuteRule>): Snapshot {
  return group({ muteRules: { night: { name: 'night', alarmNames: [NAME], ...rule } } });
}

function topicWith(members: { Policy?: string; KmsMasterKeyId?: string }): Snapshot {
  const part = healthySnapshot().topic[TOPIC_ARN];
  if (part?.state !== 'read') throw new Error('the topic is there');
  return withPart(healthySnapshot(), 'topic', TOPIC_ARN, read({ ...part.value, ...members }));
}

function topicPolicy(...Statement: JsonObject[]): Snapshot {
  return topicWith({ Policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
}

const composite = (members: JsonObject): Alarm => ({
  ...metricAlarm('above'),
  kind: 'composite',
  members: { AlarmName: 'above', AlarmRule: `ALARM("${NAME}")`, ...members },
});
const byDefault = {
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: ['SNS:Publish', 'SNS:Subscribe'],
  Resource: TOPIC_ARN,
  Condition: { StringEquals: { 'AWS:SourceOwner': ACCOUNT } },
};
const served = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
    },
  ],
};
const encrypted = (options: NonNullable<Parameters<typeof withKey>[1]>) =>
  withKey(topicWith({ KmsMasterKeyId: KEY_ARN }), options);

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['everything is there', healthySnapshot, 'pass'],
  ['ActionsEnabled false: fail', () => alarms(metricAlarm(NAME, { enabled: false })), 'fail'],
  [
    'Action for OK only: fail',
    () => alarms(metricAlarm(NAME, { actions: [], members: { OKActions: [TOPIC_ARN] } })),
    'fail',
    { reason: `The alarm ${NAME} has no action for the ALARM state.` },
  ],
  [
    'Topic deleted, or its policy or key shuts out cloudwatch.amazonaws.com: fail (deleted)',
    () => withPart(healthySnapshot(), 'topic', TOPIC_ARN, absent('NotFound')),
    'fail',
  ],
  ['topic policy shuts out cloudwatch.amazonaws.com', () => topicPolicy(), 'fail'],
  ['topic policy as SNS makes it', () => topicPolicy(byDefault), 'pass'],
  [
    'topic policy denies',
    () => topicPolicy(byDefault, { ...byDefault, Effect: 'Deny', Condition: {} }),
    'fail',
    { reason: `The alarm ${NAME} leads to the topic ${TOPIC_ARN}, whose policy shuts CloudWatch out.` },
  ],
  ['topic key shuts out cloudwatch.amazonaws.com', () => encrypted({}), 'fail'],
  ['topic key lets CloudWatch in', () => encrypted({ policy: served }), 'pass'],
  ['topic key managed by AWS', () => encrypted({ key: { KeyManager: 'AWS' }, policy: served }), 'fail'],
  ['topic key disabled', () => encrypted({ key: { KeyState: 'Disabled' }, policy: served }), 'fail'],
  [
    'GetKeyPolicy denied',
    () => encrypted({ policy: denied('kms:GetKeyPolicy', ACCOUNT) }),
    'unknown',
    { missingPermission: 'kms:GetKeyPolicy' },
  ],
  [
    'All subscriptions PendingConfirmation or Deleted: fail, naming the endpoint that never confirmed',
    () => group({ subscriptions: [PENDING] }),
    'fail',
    { reason: expect.stringContaining('oncall@example.com never confirmed') },
  ],
  ['all subscriptions Deleted', () => group({ subscriptions: [{ ...PENDING, SubscriptionArn: 'Deleted' }] }), 'fail'],
  [
    'Mute rule that ended: pass; in force or without end: fail, naming it (ended)',
    () => muted({ endsAt: '2026-11-20T11:00:00.000Z' }),
    'pass',
  ],
  [
    'mute rule that has yet to begin',
    () => muted({ startsAt: '2026-11-21T00:00:00Z', endsAt: '2026-11-22T00:00:00Z' }),
    'pass',
  ],
  [
    'mute rule in force',
    () => muted({ startsAt: NOW, endsAt: '2026-11-21T00:00:00.000Z' }),
    'fail',
    { reason: `The alarm ${NAME} is muted by the rule night until 2026-11-21T00:00:00.000Z.` },
  ],
  [
    'mute rule without end',
    () => muted({ schedule: 'cron(0 22 * * *) PT8H' }),
    'fail',
    { reason: `The alarm ${NAME} is muted by the rule night without end.` },
  ],
  ['mute rule on another alarm', () => muted({ alarmNames: ['other'] }), 'pass'],
  [
    "Alarm muted through a composite alarm's suppressor: fail",
    () =>
      alarms(
        metricAlarm(NAME, { actions: [] }),
        composite({ ActionsSuppressor: 'maintenance' }),
        metricAlarm('maintenance', { members: { StateValue: 'ALARM', MetricName: 'other' } }),
      ),
    'fail',
  ],
  [
    'a suppressor that does not go off',
    () =>
      alarms(
        metricAlarm(NAME, { actions: [] }),
        composite({ ActionsSuppressor: 'maintenance' }),
        metricAlarm('maintenance', { members: { StateValue: 'OK', MetricName: 'other' } }),
      ),
    'pass',
  ],
  ['action is a Lambda function', () => alarms(metricAlarm(NAME, { actions: [LAMBDA] })), 'fail'],
  [
    'Topic in another account whose subscribers cannot be listed: unknown',
    () => {
      const topic = `arn:aws:sns:${REGION}:${ARCHIVE}:central`;
      const snapshot = group({ topic, alarms: { [NAME]: metricAlarm(NAME, { actions: [topic] }) } });
      const open = read({
        TopicArn: topic,
        Policy: JSON.stringify({ Statement: [{ ...byDefault, Resource: topic }] }),
        owner: ARCHIVE,
      });
      return withPart(withPart(snapshot, 'topic', topic, open), 'topic.subscriptions', topic, unreachable(ARCHIVE));
    },
    'unknown',
    { missingPermission: 'sts:AssumeRole' },
  ],
  [
    'ListAlarmMuteRules not offered in the region: no rules; denied: unknown, naming cloudwatch:ListAlarmMuteRules (not offered)',
    () => group({ muteRules: unsupported('cloudwatch:ListAlarmMuteRules') }),
    'pass',
  ],
  [
    'ListAlarmMuteRules denied',
    () => group({ muteRules: denied('cloudwatch:ListAlarmMuteRules', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudwatch:ListAlarmMuteRules' },
  ],
  [
    'Alarm on a metric of another filter of the group: judged too',
    () =>
      group({
        filters: { [NAME]: TRAIL_CHANGES, other: '{ $.eventName = PutBucketPolicy }' },
        alarms: { [NAME]: metricAlarm(NAME), other: metricAlarm('other', { enabled: false }) },
      }),
    'fail',
    { reason: 'The alarm other has its actions switched off.' },
  ],
  [
    'an alarm on a metric of no filter',
    () => alarms(metricAlarm(NAME), metricAlarm('other', { enabled: false })),
    'pass',
  ],
  ['No filter on the group: not-applicable', () => group({ filters: {} }), 'not-applicable'],
  ['no alarm on the filters', () => group({ alarms: {} }), 'not-applicable'],
  [
    'AccessDenied on DescribeAlarms: unknown, naming cloudwatch:DescribeAlarms',
    () => group({ alarms: denied('cloudwatch:DescribeAlarms', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudwatch:DescribeAlarms' },
  ],
  [
    'DescribeMetricFilters denied',
    () => group({ filters: denied('logs:DescribeMetricFilters', ACCOUNT) }),
    'unknown',
    { missingPermission: 'logs:DescribeMetricFilters' },
  ],
];

describe('alarm/notification-path', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, resource: LOG_GROUP_ARN, ...more });
  });

  it('Action is a Lambda function or an incident plan: pass if in accept', () => {
    const snapshot = alarms(metricAlarm(NAME, { actions: [LAMBDA] }));
    expect(findingOf(check, snapshot, { settings: { accept: ['sns', 'lambda'] } }).verdict).toBe('pass');
  });
});

describe('plan of alarm/notification-path', () => {
  it('switches the actions on, and off again as undo', () => {
    const plan = planOf(check, alarms(metricAlarm(NAME, { enabled: false })));
    expect(onlyChange(plan)).toMatchObject({
      operation: 'cloudwatch:EnableAlarmActions',
      account: ACCOUNT,
      region: REGION,
      input: { AlarmNames: [NAME] },
      target: `alarms:${ACCOUNT}/${REGION}`,
      expect: { [NAME]: { ActionsEnabled: false } },
      result: { [NAME]: { ActionsEnabled: true } },
      undo: { operation: 'cloudwatch:DisableAlarmActions', input: { AlarmNames: [NAME] }, automatic: true },
    });
    expect(plan.reversible).toBe('yes');
  });

  it('puts the whole present alarm plus the topic of the others, and the saved alarm as undo', () => {
    const bare = metricAlarm(NAME, {
      actions: [],
      members: { AlarmDescription: 'kept', EvaluationPeriods: 3, StateValue: 'OK', StateReason: 'not put' },
    });
    const filters = { [NAME]: TRAIL_CHANGES, other: '{ $.eventName = PutBucketPolicy }' };
    const plan = planOf(check, group({ filters, alarms: { [NAME]: bare, other: metricAlarm('other') } }));
    const whole = {
      AlarmName: NAME,
      AlarmDescription: 'kept',
      ActionsEnabled: true,
      MetricName: NAME,
      Namespace: 'Trails',
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 3,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    };
    const change = onlyChange(plan);
    expect(change.operation).toBe('cloudwatch:PutMetricAlarm');
    expect(change.input).toEqual({ ...whole, AlarmActions: [TOPIC_ARN] });
    expect(change.undo).toMatchObject({ operation: 'cloudwatch:PutMetricAlarm', input: whole });
  });

  it('is guided where no other alarm leads to a topic', () => {
    expect(fixOf(check, alarms(metricAlarm(NAME, { actions: [] })))).toMatchObject({ kind: 'manual' });
  });

  it('merges CloudWatch into the topic policy and keeps every other statement', () => {
    const mine = {
      Sid: 'Mine',
      Effect: 'Allow',
      Principal: { AWS: ACCOUNT },
      Action: 'sns:Subscribe',
      Resource: TOPIC_ARN,
    };
    const change = onlyChange(planOf(check, topicPolicy(mine)));
    expect(change).toMatchObject({
      operation: 'sns:SetTopicAttributes',
      input: { TopicArn: TOPIC_ARN, AttributeName: 'Policy' },
      undo: {
        operation: 'sns:SetTopicAttributes',
        input: { AttributeValue: JSON.stringify({ Version: '2012-10-17', Statement: [mine] }) },
      },
    });
    const { Statement } = JSON.parse(String(change.input.AttributeValue));
    expect(Statement).toEqual([
      mine,
      expect.objectContaining({
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
      }),
    ]);
  });

  it('is guided where a statement denies CloudWatch: an Allow beside it would change nothing', () => {
    const deny = { ...byDefault, Effect: 'Deny', Condition: {} };
    expect(fixOf(check, topicPolicy(deny))).toMatchObject({ kind: 'manual' });
  });

  it('subscribes the declared endpoint, whose way back names what SNS answered', () => {
    const plan = planOf(check, group({ subscriptions: [] }), { settings: { endpoint: 'oncall@example.com' } });
    expect(onlyChange(plan)).toMatchObject({
      operation: 'sns:Subscribe',
      input: { TopicArn: TOPIC_ARN, Protocol: 'email', Endpoint: 'oncall@example.com', ReturnSubscriptionArn: true },
      target: `topic.subscriptions:${TOPIC_ARN}`,
      expect: { 'email oncall@example.com': null },
      result: { 'email oncall@example.com': true },
      undo: {
        operation: 'sns:Unsubscribe',
        input: { SubscriptionArn: { $output: [0, 'SubscriptionArn'] } },
        automatic: false,
      },
    });
    expect(plan).toMatchObject({ reversible: 'partly', warnings: [expect.stringContaining('must confirm')] });
  });

  it('names the step of the subscription after the steps before it', () => {
    const snapshot = group({ alarms: { [NAME]: metricAlarm(NAME, { enabled: false }) }, subscriptions: [] });
    const queue = `arn:aws:sqs:${REGION}:${ACCOUNT}:alerts`;
    const [, second] = planOf(check, snapshot, { settings: { endpoint: queue } }).changes;
    expect(second).toMatchObject({
      input: { Protocol: 'sqs', Endpoint: queue },
      undo: { input: { SubscriptionArn: { $output: [1, 'SubscriptionArn'] } }, automatic: true },
    });
  });

  it('never calls a pending subscription confirmed: it says who must confirm', () => {
    const snapshot = group({ alarms: { [NAME]: metricAlarm(NAME, { enabled: false }) }, subscriptions: [PENDING] });
    expect(planOf(check, snapshot).warnings).toEqual([expect.stringContaining('oncall@example.com must confirm')]);
    expect(fixOf(check, group({ subscriptions: [PENDING] }))).toMatchObject({
      kind: 'manual',
      steps: [{ text: expect.stringContaining('must confirm') }],
    });
  });

  it('is guided where a mute rule keeps the alarm silent', () => {
    expect(fixOf(check, muted({}))).toMatchObject({
      kind: 'manual',
      steps: [{ text: `${NAME} is muted by night without end: end that rule.` }],
    });
  });
});
