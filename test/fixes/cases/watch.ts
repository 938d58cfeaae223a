import { alarm, configRule, DEMO_ACCOUNTS, DEMO_TRAILS, group, user } from '../../../src/sandbox/aws/index.ts';
import { accountIn, addStatement, alarmIn, keyIn, topicIn, trailIn } from '../estate.ts';
import type { FixCase } from '../prove.ts';

const { web } = DEMO_ACCOUNTS;
const FULL_ACCESS = 'arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess';
const RULES = [
  'CLOUD_TRAIL_ENCRYPTION_ENABLED',
  'CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED',
  'MULTI_REGION_CLOUD_TRAIL_ENABLED',
];
const TOPIC = `arn:aws:sns:us-east-1:${web}:web-alerts`;

/** The key of web's trail. */
function webKey(estate: Parameters<typeof keyIn>[0]) {
  return keyIn(estate, trailIn(estate, DEMO_TRAILS.web).kmsKeyId ?? '');
}

export const WATCH_CASES: FixCase[] = [
  {
    check: 'key/usable',
    target: web,
    resource: ':key/',
    change: (estate) => {
      webKey(estate).state = 'Disabled';
    },
    makes: ['CancelKeyDeletion', 'EnableKey'],
    takesBack: [],
    drift: (estate) => {
      webKey(estate).state = 'PendingDeletion';
      webKey(estate).deletionDate = new Date(Date.now() + 7 * 86_400_000);
      return undefined;
    },
  },
  {
    check: 'key/delivery-policy',
    target: web,
    resource: ':key/',
    change: (estate) => {
      const { policy } = webKey(estate);
      policy.Statement = policy.Statement.slice(0, 1);
    },
    makes: ['PutKeyPolicy'],
    takesBack: 'could no longer deliver',
    drift: (estate) => {
      addStatement(webKey(estate).policy, { Effect: 'Allow', Action: 'kms:DescribeKey' });
      return undefined;
    },
  },
  {
    check: 'iam/full-access-policy',
    target: web,
    resource: web,
    file: { checks: { 'iam/full-access-policy': { allowed_principals: ['AWSReservedSSO_*'] } } },
    change: (estate) => {
      user(accountIn(estate, web), 'auditor');
      group(accountIn(estate, web), 'auditors', ['auditor'], { attached: [FULL_ACCESS] });
    },
    makes: ['DetachGroupPolicy', 'DetachRolePolicy', 'DetachUserPolicy'],
    takesBack: ['AttachUserPolicy', 'AttachRolePolicy', 'AttachGroupPolicy'],
    fails: { at: 'DetachRolePolicy', takesBack: ['AttachGroupPolicy'] },
    drift: (estate) => {
      user(accountIn(estate, web), 'newcomer', { attached: [FULL_ACCESS] });
      return undefined;
    },
  },
  {
    check: 'config/managed-rules',
    target: web,
    resource: web,
    file: { checks: { 'config/managed-rules': { rules: RULES } } },
    makes: ['PutConfigRule', 'PutConfigRule'],
    takesBack: ['DeleteConfigRule', 'DeleteConfigRule'],
    drift: (estate) => {
      configRule(estate, accountIn(estate, web), 'us-east-1', 'CLOUD_TRAIL_ENCRYPTION_ENABLED');
      return undefined;
    },
  },
  {
    check: 'alarm/cloudtrail-changes',
    target: web,
    resource: web,
    file: { checks: { 'alarm/cloudtrail-changes': { topic_arn: TOPIC } } },
    change: (estate) => {
      const topic = topicIn(estate, web, 'us-east-1');
      for (const subscription of topic.subscriptions) subscription.confirmed = true;
      topic.policy.Statement = [];
      alarmIn(estate, web, 'us-east-1').members.Namespace = 'Elsewhere';
    },
    makes: ['SetTopicAttributes', 'PutMetricFilter', 'PutMetricAlarm'],
    takesBack: ['DeleteAlarms', 'DeleteMetricFilter', 'SetTopicAttributes'],
    fails: { at: 'PutMetricAlarm', takesBack: ['DeleteMetricFilter', 'SetTopicAttributes'] },
    drift: (estate) => {
      addStatement(topicIn(estate, web, 'us-east-1').policy, { Action: 'sns:Publish', Resource: TOPIC });
      return undefined;
    },
  },
  {
    check: 'alarm/notification-path',
    target: web,
    resource: 'log-group:',
    change: (estate) => {
      for (const subscription of topicIn(estate, web, 'us-east-1').subscriptions) subscription.confirmed = true;
    },
    makes: ['EnableAlarmActions'],
    takesBack: ['DisableAlarmActions'],
    drift: (estate) => {
      alarmIn(estate, web, 'us-east-1').members.Threshold = 3;
      return undefined;
    },
  },
  {
    title: 'with an action, an open topic and somebody who listens',
    check: 'alarm/notification-path',
    target: web,
    resource: 'log-group:',
    file: { checks: { 'alarm/notification-path': { endpoint: `arn:aws:sqs:us-east-1:${web}:oncall` } } },
    change: (estate) => {
      const { policy, subscriptions, arn } = topicIn(estate, web, 'us-east-1');
      policy.Statement = [];
      subscriptions.length = 0;
      const { members } = alarmIn(estate, web, 'us-east-1');
      members.ActionsEnabled = true;
      alarm(estate, accountIn(estate, web), 'us-east-1', 'silent', {
        ...members,
        AlarmName: 'silent',
        AlarmActions: [],
      });
      members.AlarmActions = [arn];
    },
    makes: ['SetTopicAttributes', 'PutMetricAlarm', 'Subscribe'],
    takesBack: ['Unsubscribe', 'PutMetricAlarm', 'SetTopicAttributes'],
    drift: (estate) => {
      addStatement(topicIn(estate, web, 'us-east-1').policy, { Action: 'sns:Publish', Resource: TOPIC });
      return undefined;
    },
  },
];
