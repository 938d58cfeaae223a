import { afterAll, beforeAll, describe, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_BUCKETS, logDelivery, logGroup, topic, trail } from '../../src/sandbox/aws/index.ts';
import { regionOf } from '../../src/sandbox/aws/region.ts';
import type { Account, Estate } from '../../src/sandbox/aws/types.ts';
import { openTestStore, type TestStore } from '../support/store.ts';
import { accountIn, addStatement, topicIn } from './estate.ts';
import { type FixCase, proveFix } from './prove.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date() });
});
afterAll(() => opened.close());

const { web, management } = DEMO_ACCOUNTS;
const region = 'us-east-1';

/** A topic that somebody listens to, and that alarms may not publish to yet. */
function shutTopic(estate: Estate, account: Account) {
  const made = topic(estate, account, region, 'heard');
  made.subscriptions.push({
    arn: `${made.arn}:5e7f`,
    protocol: 'email',
    endpoint: 'oncall@example.com',
    confirmed: true,
  });
  made.policy.Statement = [];
  return made;
}

/** The alarm of one check in the account of web, whose log group has the filter for changes of trails only. */
function inWeb(name: string, settings: object = {}, filters = 1): FixCase {
  const arn = `arn:aws:sns:${region}:${web}:heard`;
  return {
    check: `alarm/${name}`,
    target: web,
    resource: web,
    file: { checks: { [`alarm/${name}`]: { topic_arn: arn, ...settings } } },
    change: (estate) => {
      shutTopic(estate, accountIn(estate, web));
    },
    makes: ['SetTopicAttributes', ...Array.from({ length: filters }, () => 'PutMetricFilter'), 'PutMetricAlarm'],
    takesBack: ['DeleteAlarms', ...Array.from({ length: filters }, () => 'DeleteMetricFilter'), 'SetTopicAttributes'],
    drift: (estate) => {
      const heard = [...regionOf(accountIn(estate, web), region).topics.values()].find((one) => one.arn === arn);
      addStatement(heard?.policy, { Action: 'sns:Publish', Resource: arn });
      return undefined;
    },
  };
}

const CASES: FixCase[] = [
  inWeb('unauthorized-calls'),
  inWeb('console-login-without-mfa'),
  inWeb('root-usage'),
  inWeb('iam-policy-changes', { form: 'cis' }),
  inWeb('console-login-failures'),
  inWeb('key-deletion'),
  inWeb('bucket-policy-changes'),
  inWeb('config-changes'),
  inWeb('security-group-changes', {}, 2),
  inWeb('network-acl-changes'),
  inWeb('network-gateway-changes'),
  inWeb('route-table-changes'),
  inWeb('vpc-changes'),
  inWeb('ec2-instance-changes', { enabled: true }),
  inWeb('trail-tampering'),
  {
    ...inWeb('organization-changes'),
    target: management,
    resource: management,
    file: { checks: { 'alarm/organization-changes': { topic_arn: `arn:aws:sns:${region}:${management}:heard` } } },
    change: (estate) => {
      const account = accountIn(estate, management);
      const group = logGroup(estate, account, region, 'cloudtrail/management');
      trail(estate, account, {
        name: 'management-alarms',
        bucket: DEMO_BUCKETS.archive,
        prefix: 'management',
        ...logDelivery(account, group),
      });
      shutTopic(estate, account);
    },
    drift: (estate) => {
      const { arn, policy } = topicIn(estate, management, region);
      addStatement(policy, { Action: 'sns:Publish', Resource: arn });
      return undefined;
    },
  },
];

describe('metric filters and their alarms: applied, read again as pass, undone, refused when drifted', () => {
  test.each(CASES)('$check', (one) => proveFix(opened.store, one));
});
