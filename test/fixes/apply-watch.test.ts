import { afterAll, beforeAll, describe, test } from 'vitest';
import { configRule, DEMO_ACCOUNTS, DEMO_TRAILS, user } from '../../src/sandbox/aws/index.ts';
import { openTestStore, type TestStore } from '../support/store.ts';
import { accountIn, addStatement, alarmIn, keyIn, topicIn, trailIn } from './estate.ts';
import { type FixCase, proveFix } from './prove.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date() });
});
afterAll(() => opened.close());

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

const CASES: FixCase[] = [
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
    takesBack: ['PutKeyPolicy'],
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
    makes: ['DetachRolePolicy', 'DetachUserPolicy'],
    takesBack: ['AttachUserPolicy', 'AttachRolePolicy'],
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
];

describe('fixes of keys and of what watches: applied, read again as pass, undone, refused when drifted', () => {
  test.each(CASES)('$check', (one) => proveFix(opened.store, one));
});
