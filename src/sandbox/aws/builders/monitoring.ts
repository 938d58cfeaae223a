/** Builders for what watches a trail: log groups, alarms, topics. */
import { arn } from '../arn.ts';
import { regionOf } from '../region.ts';
import type { Account, Alarm, Estate, Json, LogGroup, MetricFilter, Topic } from '../types.ts';

export function logGroup(
  estate: Estate,
  account: Account,
  region: string,
  name: string,
  wanted: Partial<LogGroup> = {},
): LogGroup {
  const made: LogGroup = {
    name,
    arn: arn(estate, 'logs', region, account.id, `log-group:${name}`),
    class: 'STANDARD',
    retentionInDays: 365,
    kmsKeyId: undefined,
    createdAt: new Date('2024-03-01T09:00:00Z'),
    filters: new Map(),
    deletionProtection: false,
    subscriptions: new Map(),
    tags: {},
    ...wanted,
  };
  regionOf(account, region).logGroups.set(name, made);
  return made;
}

/** A filter that counts what matches into one metric. */
export function metricFilter(
  group: LogGroup,
  name: string,
  pattern: string,
  metric: { name: string; namespace: string },
): MetricFilter {
  const made: MetricFilter = {
    filterName: name,
    filterPattern: pattern,
    metricTransformations: [{ metricName: metric.name, metricNamespace: metric.namespace, metricValue: '1' }],
    creationTime: group.createdAt.getTime(),
  };
  group.filters.set(name, made);
  return made;
}

/** A metric alarm on one sum over five minutes; `members` are API members that differ. */
export function alarm(
  estate: Estate,
  account: Account,
  region: string,
  name: string,
  members: Record<string, Json>,
): Alarm {
  const alarmArn = arn(estate, 'cloudwatch', region, account.id, `alarm:${name}`);
  const made: Alarm = {
    name,
    arn: alarmArn,
    kind: 'metric',
    members: {
      ActionsEnabled: true,
      OKActions: [],
      AlarmActions: [],
      InsufficientDataActions: [],
      Statistic: 'Sum',
      Dimensions: [],
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      StateValue: 'OK',
      ...members,
      AlarmName: name,
      AlarmArn: alarmArn,
    },
  };
  regionOf(account, region).alarms.set(name, made);
  return made;
}

/** A topic that its own account may do everything with. */
export function topic(
  estate: Estate,
  account: Account,
  region: string,
  name: string,
  wanted: Partial<Topic> = {},
): Topic {
  const topicArn = arn(estate, 'sns', region, account.id, name);
  const made: Topic = {
    name,
    arn: topicArn,
    policy: {
      Version: '2008-10-17',
      Id: '__default_policy_ID',
      Statement: [
        {
          Sid: '__default_statement_ID',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: [
            'SNS:Publish',
            'SNS:Subscribe',
            'SNS:GetTopicAttributes',
            'SNS:SetTopicAttributes',
            'SNS:ListSubscriptionsByTopic',
            'SNS:AddPermission',
            'SNS:RemovePermission',
            'SNS:DeleteTopic',
          ],
          Resource: topicArn,
          Condition: { StringEquals: { 'AWS:SourceOwner': account.id } },
        },
      ],
    },
    kmsKeyId: undefined,
    subscriptions: [],
    tags: {},
    ...wanted,
  };
  regionOf(account, region).topics.set(name, made);
  return made;
}
