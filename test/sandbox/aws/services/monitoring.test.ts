import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetAlarmMuteRuleCommand,
  ListAlarmMuteRulesCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { alarm } from '../../../../src/sandbox/aws/builders.ts';
import { regionOf } from '../../../../src/sandbox/aws/region.ts';
import { errorOf } from '../core/support.ts';
import { MEMBER, organization } from './support.ts';

const ALARM = {
  AlarmName: 'root-use',
  MetricName: 'RootUse',
  Namespace: 'Trail',
  Statistic: 'Sum',
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: [`arn:aws:sns:us-east-1:${MEMBER}:alerts`],
} satisfies PutMetricAlarmCommandInput;

async function watched() {
  const parts = await organization();
  return { ...parts, client: new CloudWatchClient(parts.as(parts.member)) };
}

test('an alarm is read as it was put, and a second put replaces it whole', async () => {
  const { client } = await watched();
  await client.send(new PutMetricAlarmCommand({ ...ALARM, AlarmDescription: 'first' }));
  await client.send(new PutMetricAlarmCommand(ALARM));
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['root-use'] }));
  expect(MetricAlarms).toMatchObject([
    {
      ...ALARM,
      ActionsEnabled: true,
      OKActions: [],
      StateValue: 'INSUFFICIENT_DATA',
      StateUpdatedTimestamp: expect.any(Date),
    },
  ]);
  expect(MetricAlarms?.[0]?.AlarmDescription).toBeUndefined();
});

test('composite alarms are answered only when asked for', async () => {
  const { client } = await watched();
  await client.send(new PutMetricAlarmCommand(ALARM));
  await client.send(new PutCompositeAlarmCommand({ AlarmName: 'any', AlarmRule: 'ALARM("root-use")' }));
  const plain = await client.send(new DescribeAlarmsCommand({}));
  expect([plain.MetricAlarms?.length, plain.CompositeAlarms?.length]).toEqual([1, 0]);
  const both = await client.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
  expect(both.CompositeAlarms).toMatchObject([{ AlarmName: 'any', AlarmRule: 'ALARM("root-use")' }]);
});

test('alarms page', async () => {
  const { client, estate, member } = await watched();
  for (let index = 0; index < 120; index += 1) alarm(estate, member, 'us-east-1', `alarm-${index}`, {});
  const first = await client.send(new DescribeAlarmsCommand({}));
  const second = await client.send(new DescribeAlarmsCommand({ NextToken: first.NextToken }));
  expect([first.MetricAlarms?.length, second.MetricAlarms?.length, second.NextToken]).toEqual([100, 20, undefined]);
  const forged = await errorOf(client.send(new DescribeAlarmsCommand({ NextToken: 'forged' })));
  expect(forged.name).toMatch(/^InvalidNextToken/);
});

test('alarms on a metric are those on it alone, with the same dimensions', async () => {
  const { client, estate, member } = await watched();
  await client.send(new PutMetricAlarmCommand(ALARM));
  alarm(estate, member, 'us-east-1', 'narrow', { ...ALARM, Dimensions: [{ Name: 'a', Value: 'b' }] });
  alarm(estate, member, 'us-east-1', 'math', { Metrics: [{ Id: 'm1' }] });
  const { MetricAlarms } = await client.send(
    new DescribeAlarmsForMetricCommand({ MetricName: 'RootUse', Namespace: 'Trail' }),
  );
  expect(MetricAlarms?.map((one) => one.AlarmName)).toEqual(['root-use']);
});

test('actions are turned off and on, and an alarm is deleted once', async () => {
  const { client } = await watched();
  await client.send(new PutMetricAlarmCommand(ALARM));
  const AlarmNames = ['root-use'];
  const enabled = async () =>
    (await client.send(new DescribeAlarmsCommand({ AlarmNames }))).MetricAlarms?.[0]?.ActionsEnabled;
  await client.send(new DisableAlarmActionsCommand({ AlarmNames }));
  expect(await enabled()).toBe(false);
  await client.send(new EnableAlarmActionsCommand({ AlarmNames }));
  expect(await enabled()).toBe(true);
  await client.send(new DeleteAlarmsCommand({ AlarmNames }));
  expect((await errorOf(client.send(new DeleteAlarmsCommand({ AlarmNames })))).name).toMatch(/^ResourceNotFound/);
});

test.each<[string, Partial<PutMetricAlarmCommandInput>]>([
  ['a metric and metric math', { Metrics: [{ Id: 'm1', Expression: '1' }] }],
  ['an odd period', { Period: 45 }],
  ['more data points than periods', { DatapointsToAlarm: 2 }],
  [
    'six actions',
    { AlarmActions: Array.from({ length: 6 }, (_, index) => `arn:aws:sns:us-east-1:${MEMBER}:t${index}`) },
  ],
])('%s is refused', async (_what, change) => {
  const { client } = await watched();
  expect((await errorOf(client.send(new PutMetricAlarmCommand({ ...ALARM, ...change })))).status).toBe(400);
});

test('mute rules are listed by alarm with what they are now', async () => {
  const { client, estate, member } = await watched();
  await client.send(new PutMetricAlarmCommand(ALARM));
  const hours = (count: number) => new Date(estate.now().getTime() + count * 3_600_000);
  const { muteRules } = regionOf(member, 'us-east-1');
  for (const [name, from, to] of [
    ['now', -1, 1],
    ['later', 1, 2],
    ['over', -2, -1],
  ] as const) {
    const arn = `arn:aws:cloudwatch:us-east-1:${MEMBER}:alarm-mute-rule:${name}`;
    muteRules.set(name, { name, arn, alarmNames: ['root-use'], startsAt: hours(from), endsAt: hours(to) });
  }
  const { AlarmMuteRuleSummaries } = await client.send(new ListAlarmMuteRulesCommand({ AlarmName: 'root-use' }));
  expect(AlarmMuteRuleSummaries?.map((rule) => rule.Status)).toEqual(['ACTIVE', 'SCHEDULED', 'EXPIRED']);
  const active = await client.send(new ListAlarmMuteRulesCommand({ Statuses: ['ACTIVE'] }));
  expect(active.AlarmMuteRuleSummaries).toMatchObject([{ MuteType: 'ONE_TIME', ExpireDate: expect.any(Date) }]);
  const told = await client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: 'later' }));
  expect(told).toMatchObject({
    MuteTargets: { AlarmNames: ['root-use'] },
    Rule: { Schedule: { Expression: expect.stringMatching(/^at\(/), Duration: 'PT60M' } },
  });
  const none = await errorOf(client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: 'none' })));
  expect(none.name).toMatch(/^ResourceNotFound/);
});
