import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetAlarmMuteRuleCommand,
  ListAlarmMuteRulesCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { NEXT_TOKEN, read, type Where, write } from '../operation.ts';

/** An alarm's name may hold what is a wildcard in a policy; https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
const alarmArn = (name: string | undefined, { partition, region, account }: Where) =>
  `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name?.replace(/[*?$]/g, (wildcard) => `$\{${wildcard}}`) ?? '*'}`;

const onAlarms = {
  on: ({ AlarmNames }: { AlarmNames?: string[] | undefined }, where: Where) =>
    AlarmNames?.map((name) => alarmArn(name, where)) ?? [alarmArn(undefined, where)],
};

export const cloudwatch = {
  createClient: (config: object) => new CloudWatchClient(config),
  global: false,
  operations: {
    DescribeAlarms: read(DescribeAlarmsCommand, { page: NEXT_TOKEN }),
    DescribeAlarmsForMetric: read(DescribeAlarmsForMetricCommand),
    ListAlarmMuteRules: read(ListAlarmMuteRulesCommand, { page: NEXT_TOKEN }),
    GetAlarmMuteRule: read(GetAlarmMuteRuleCommand),
    PutMetricAlarm: write(PutMetricAlarmCommand, { on: ({ AlarmName }, where) => [alarmArn(AlarmName, where)] }),
    DeleteAlarms: write(DeleteAlarmsCommand, onAlarms),
    EnableAlarmActions: write(EnableAlarmActionsCommand, onAlarms),
    DisableAlarmActions: write(DisableAlarmActionsCommand, onAlarms),
  },
};
