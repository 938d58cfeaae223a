import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { toJsonObject } from './json.ts';
import { readMuteRules } from './mute-rules.ts';
import { mapPart } from './part.ts';
import type { PartReaders } from './reader.ts';
import { type Reading, splitPlace } from './reading.ts';
import type { Alarm, Part } from './types.ts';

async function readAlarms(reading: Reading, key: string): Promise<Part<{ [name: string]: Alarm }>> {
  const pages = await reading.askAll('cloudwatch:DescribeAlarms', splitPlace(key), {
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
  });
  return mapPart(pages, (answers) => {
    const alarms = answers.flatMap(({ MetricAlarms = [], CompositeAlarms = [] }) => [
      ...MetricAlarms.map((alarm) => alarmFrom('metric', alarm)),
      ...CompositeAlarms.map((alarm) => alarmFrom('composite', alarm)),
    ]);
    return Object.fromEntries(alarms.map((alarm) => [alarm.AlarmName, alarm]));
  });
}

function alarmFrom(kind: Alarm['kind'], alarm: MetricAlarm | CompositeAlarm): Alarm {
  return {
    AlarmName: alarm.AlarmName ?? '',
    AlarmArn: alarm.AlarmArn ?? '',
    kind,
    ActionsEnabled: alarm.ActionsEnabled ?? true,
    AlarmActions: alarm.AlarmActions ?? [],
    members: toJsonObject(alarm),
  };
}

export const alarmParts: PartReaders<'alarms' | 'alarm.muteRules'> = {
  alarms: { key: 'account/region', operations: ['cloudwatch:DescribeAlarms'], needs: [], read: readAlarms },
  'alarm.muteRules': {
    key: 'account/region',
    operations: ['cloudwatch:ListAlarmMuteRules', 'cloudwatch:GetAlarmMuteRule'],
    needs: [],
    read: readMuteRules,
  },
};
