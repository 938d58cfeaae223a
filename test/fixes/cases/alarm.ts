import {
  alarm,
  DEMO_ACCOUNTS,
  DEMO_BUCKETS,
  logDelivery,
  logGroup,
  metricFilter,
  topic,
  trail,
} from '../../../src/sandbox/aws/index.ts';
import { regionOf } from '../../../src/sandbox/aws/region.ts';
import type { Account, Estate } from '../../../src/sandbox/aws/types.ts';
import { accountIn, addStatement, alarmIn, topicIn } from '../estate.ts';
import type { FixCase, PlanCase } from '../prove.ts';

const { web, management } = DEMO_ACCOUNTS;
const region = 'us-east-1';

const LISTENER = {
  arn: `arn:aws:sns:${region}:${web}:heard:5e7f`,
  protocol: 'email',
  endpoint: 'oncall@example.com',
  confirmed: true,
};

/** A topic that somebody listens to, and that alarms may not publish to yet. */
function shutTopic(estate: Estate, account: Account) {
  const made = topic(estate, account, region, 'heard');
  made.subscriptions.push(LISTENER);
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

/** A trail of the management account's own that feeds a log group. */
function managementGroup(estate: Estate): void {
  const account = accountIn(estate, management);
  const group = logGroup(estate, account, region, 'cloudtrail/management');
  trail(estate, account, {
    name: 'management-alarms',
    bucket: DEMO_BUCKETS.archive,
    prefix: 'management',
    ...logDelivery(account, group),
  });
}

export const ALARM_CASES: FixCase[] = [
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
      managementGroup(estate);
      shutTopic(estate, accountIn(estate, management));
    },
    drift: (estate) => {
      const { arn, policy } = topicIn(estate, management, region);
      addStatement(policy, { Action: 'sns:Publish', Resource: arn });
      return undefined;
    },
  },
  {
    ...inWeb('root-usage'),
    title: 'with a new topic, which nobody hears yet',
    file: {},
    change: () => undefined,
    makes: ['CreateTopic', 'SetTopicAttributes', 'PutMetricFilter', 'PutMetricAlarm'],
    takesBack: ['DeleteAlarms', 'DeleteMetricFilter'],
    ends: 'unconfirmed',
    drift: (estate, { changes }) => {
      const account = accountIn(estate, web);
      const { logGroups, alarms, topics } = regionOf(account, region);
      const filter = changes.find(({ operation }) => operation === 'logs:PutMetricFilter');
      const [group] = logGroups.values();
      if (group === undefined) throw new Error('web has no log group');
      const heard = topic(estate, account, region, 'heard');
      heard.subscriptions.push(LISTENER);
      metricFilter(group, 'root', String(filter?.input.filterPattern), { name: 'Root', namespace: 'Acme' });
      alarm(estate, account, region, 'root', { Namespace: 'Acme', MetricName: 'Root', AlarmActions: [heard.arn] });
      return () => {
        group.filters.delete('root');
        alarms.delete('root');
        topics.delete('heard');
      };
    },
  },
];

const inManagement = ['alarm/organization-changes'];

/** Every alarm where no topic is declared: all of them make one in the same way, so that one is carried out above. */
export const ALARMS_WITH_NEW_TOPICS: readonly PlanCase[] = [
  {
    target: web,
    checks: [...ALARM_CASES.map(({ check }) => check), 'alarm/cloudtrail-changes'].filter(
      (check) => !inManagement.includes(check),
    ),
    file: { checks: { 'alarm/ec2-instance-changes': { enabled: true } } },
    change: (estate) => {
      alarmIn(estate, web, region).members.Namespace = 'Elsewhere';
    },
  },
  { target: management, checks: inManagement, change: managementGroup },
];
