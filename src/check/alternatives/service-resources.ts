import type { JsonObject } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';
import type { Body, Resource } from './hcl.ts';
import { document, nameOf, type Renderer, SET_IN_PLACE, text } from './renderer.ts';
import { bodyOf, type Names } from './snake.ts';

const ALARM_NAMES: Names = {
  AlarmActions: 'alarm_actions',
  OKActions: 'ok_actions',
  Dimensions: undefined,
  Metrics: 'metric_query',
  MetricStat: 'metric',
  Tags: undefined,
};

/** Metric math nests a metric within a query; Terraform holds what AWS calls MetricStat and Metric in one block. */
function alarmBody(input: JsonObject): Body {
  const { Dimensions } = input;
  const pairs = Array.isArray(Dimensions) ? Dimensions : [];
  const dimensions = Object.fromEntries(
    pairs.map((pair) => {
      const { Name = '', Value = '' } = typeof pair === 'object' && pair !== null && !Array.isArray(pair) ? pair : {};
      return [String(Name), String(Value)];
    }),
  );
  const body = bodyOf(input, ALARM_NAMES);
  return pairs.length === 0 ? body : { ...body, arguments: { ...body.arguments, dimensions } };
}

function inKey(change: Change, given: Body['arguments']): Resource {
  const name = `key ${nameOf(change.resource)}`;
  return { type: 'aws_kms_key', name, comments: [SET_IN_PLACE], body: { arguments: given ?? {} } };
}

function inLogGroup(change: Change, given: Body['arguments']): Resource {
  const name = text(change, 'logGroupName') || nameOf(text(change, 'logGroupIdentifier') || change.resource);
  return { type: 'aws_cloudwatch_log_group', name, comments: [SET_IN_PLACE], body: { arguments: { name, ...given } } };
}

const detached = (change: Change) =>
  `Remove the attachment of ${text(change, 'PolicyArn')} to ${nameOf(change.resource)} from your code.`;

/** Keys, log groups, alarms, topics, roles and the organization. */
export const services: { readonly [operation: string]: Renderer } = {
  'kms:PutKeyPolicy': (change) => ({
    type: 'aws_kms_key_policy',
    name: `key ${nameOf(text(change, 'KeyId'))}`,
    body: { arguments: { key_id: text(change, 'KeyId'), policy: document(text(change, 'Policy')) } },
  }),
  'kms:EnableKeyRotation': (change) =>
    inKey(change, { enable_key_rotation: true, rotation_period_in_days: change.input.RotationPeriodInDays }),
  'kms:EnableKey': (change) => inKey(change, { is_enabled: true }),
  'kms:CancelKeyDeletion': () => 'Terraform cannot take back a deletion; make this call yourself.',

  'logs:CreateLogGroup': (change) => ({
    type: 'aws_cloudwatch_log_group',
    name: text(change, 'logGroupName'),
    body: bodyOf(change.input, { logGroupName: 'name', logGroupClass: 'log_group_class', tags: undefined }),
  }),
  'logs:PutRetentionPolicy': (change) => inLogGroup(change, { retention_in_days: change.input.retentionInDays }),
  'logs:AssociateKmsKey': (change) => inLogGroup(change, { kms_key_id: change.input.kmsKeyId }),
  'logs:PutLogGroupDeletionProtection': (change) =>
    inLogGroup(change, { deletion_protection_enabled: change.input.deletionProtectionEnabled }),
  'logs:PutMetricFilter': (change) => ({
    type: 'aws_cloudwatch_log_metric_filter',
    name: text(change, 'filterName'),
    body: bodyOf(change.input, {
      filterName: 'name',
      filterPattern: 'pattern',
      metricTransformations: 'metric_transformation',
      metricName: 'name',
      metricNamespace: 'namespace',
      metricValue: 'value',
    }),
  }),

  'cloudwatch:PutMetricAlarm': (change) => ({
    type: 'aws_cloudwatch_metric_alarm',
    name: text(change, 'AlarmName'),
    body: alarmBody(change.input),
  }),
  'cloudwatch:EnableAlarmActions': (change) => ({
    type: 'aws_cloudwatch_metric_alarm',
    name: nameOf(change.resource),
    comments: [SET_IN_PLACE],
    body: { arguments: { actions_enabled: true } },
  }),

  'sns:CreateTopic': (change) => ({
    type: 'aws_sns_topic',
    name: text(change, 'Name'),
    body: { arguments: { name: text(change, 'Name') } },
  }),
  'sns:SetTopicAttributes': (change) => {
    const name = nameOf(change.resource);
    if (text(change, 'AttributeName') === 'Policy') {
      const policy = document(text(change, 'AttributeValue'));
      return { type: 'aws_sns_topic_policy', name, body: { arguments: { arn: text(change, 'TopicArn'), policy } } };
    }
    const given = { kms_master_key_id: text(change, 'AttributeValue') };
    return { type: 'aws_sns_topic', name, comments: [SET_IN_PLACE], body: { arguments: given } };
  },
  'sns:Subscribe': (change) => ({
    type: 'aws_sns_topic_subscription',
    name: `${nameOf(change.resource)} ${text(change, 'Endpoint')}`,
    body: bodyOf(change.input, { ReturnSubscriptionArn: undefined }),
  }),

  'iam:CreateRole': (change) => ({
    type: 'aws_iam_role',
    name: text(change, 'RoleName'),
    body: {
      arguments: {
        name: text(change, 'RoleName'),
        path: text(change, 'Path') || undefined,
        assume_role_policy: document(text(change, 'AssumeRolePolicyDocument')),
      },
    },
  }),
  'iam:PutRolePolicy': (change) => ({
    type: 'aws_iam_role_policy',
    name: `${text(change, 'RoleName')} ${text(change, 'PolicyName')}`,
    body: {
      arguments: {
        name: text(change, 'PolicyName'),
        role: text(change, 'RoleName'),
        policy: document(text(change, 'PolicyDocument')),
      },
    },
  }),
  'iam:UpdateAssumeRolePolicy': (change) => ({
    type: 'aws_iam_role',
    name: text(change, 'RoleName'),
    comments: [SET_IN_PLACE],
    body: { arguments: { assume_role_policy: document(text(change, 'PolicyDocument')) } },
  }),
  'iam:DetachRolePolicy': detached,
  'iam:DetachUserPolicy': detached,
  'iam:DetachGroupPolicy': detached,
  'iam:CreateServiceLinkedRole': (change) => ({
    type: 'aws_iam_service_linked_role',
    name: text(change, 'AWSServiceName').replace('.amazonaws.com', ''),
    body: { arguments: { aws_service_name: text(change, 'AWSServiceName') } },
  }),
  'organizations:EnableAWSServiceAccess': (change) => ({
    type: 'aws_organizations_organization',
    name: 'organization',
    comments: ['In the resource as you have it, add to the list:'],
    body: { arguments: { aws_service_access_principals: [text(change, 'ServicePrincipal')] } },
  }),
};
