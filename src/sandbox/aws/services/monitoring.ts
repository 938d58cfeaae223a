import type { Service } from '../types.ts';
import { getAlarmMuteRule, listAlarmMuteRules } from './monitoring/mute-rules.ts';
import { describeAlarms, describeAlarmsForMetric } from './monitoring/read.ts';
import {
  deleteAlarms,
  disableAlarmActions,
  enableAlarmActions,
  putCompositeAlarm,
  putMetricAlarm,
} from './monitoring/write.ts';

const monitoring: Service = {
  signingName: 'monitoring',
  protocol: 'json-1.0',
  operations: {
    DeleteAlarms: deleteAlarms,
    DescribeAlarms: describeAlarms,
    DescribeAlarmsForMetric: describeAlarmsForMetric,
    DisableAlarmActions: disableAlarmActions,
    EnableAlarmActions: enableAlarmActions,
    GetAlarmMuteRule: getAlarmMuteRule,
    ListAlarmMuteRules: listAlarmMuteRules,
    PutCompositeAlarm: putCompositeAlarm,
    PutMetricAlarm: putMetricAlarm,
  },
};

export default monitoring;
