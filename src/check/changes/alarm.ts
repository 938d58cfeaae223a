import type { Alarm, JsonObject } from '../../snapshot/types.ts';
import { alarmState } from '../alarms.ts';
import type { Change } from '../plan.ts';
import { accountOf, regionOf } from '../subject.ts';
import type { Place } from './create-log-group.ts';

/** cloudwatch:PutMetricAlarm for a name that is free; without that expectation a put would replace another alarm. */
export function createAlarm({ partition, account, region }: Place, input: JsonObject & { AlarmName: string }): Change {
  const { AlarmName } = input;
  const call = { account, region, resource: `arn:${partition}:cloudwatch:${region}:${account}:alarm:${AlarmName}` };
  return {
    ...call,
    operation: 'cloudwatch:PutMetricAlarm',
    input,
    summary: `Create the alarm ${AlarmName}.`,
    target: `alarms:${account}/${region}`,
    expect: { [AlarmName]: null },
    result: { [AlarmName]: alarmState(input) },
    undo: {
      ...call,
      operation: 'cloudwatch:DeleteAlarms',
      input: { AlarmNames: [AlarmName] },
      summary: `Delete the alarm ${AlarmName}.`,
      automatic: true,
    },
  };
}

/** cloudwatch:EnableAlarmActions on one alarm, metric or composite. */
export function enableActions(alarm: Alarm): Change {
  const { AlarmName, members } = alarm;
  const call = callOn(alarm);
  return {
    ...call,
    operation: 'cloudwatch:EnableAlarmActions',
    input: { AlarmNames: [AlarmName] },
    summary: `Switch the actions of ${AlarmName} on.`,
    expect: { [AlarmName]: alarmState(members) },
    result: { [AlarmName]: alarmState({ ...members, ActionsEnabled: true }) },
    target: targetOf(alarm),
    undo: {
      ...call,
      operation: 'cloudwatch:DisableAlarmActions',
      input: { AlarmNames: [AlarmName] },
      summary: `Switch the actions of ${AlarmName} off again.`,
      automatic: true,
    },
  };
}

/** cloudwatch:PutMetricAlarm with the whole alarm as it is, its actions switched on, and the topic as its action. */
export function addAction(alarm: Alarm, topic: string): Change {
  const { AlarmName, members } = alarm;
  const call = { ...callOn(alarm), operation: 'cloudwatch:PutMetricAlarm' };
  const before = alarmState(members);
  const after = alarmState({ ...members, ActionsEnabled: true, AlarmActions: [topic] });
  return {
    ...call,
    input: after,
    summary: `Let ${AlarmName} tell ${topic}; everything else about it stays.`,
    expect: { [AlarmName]: before },
    result: { [AlarmName]: after },
    target: targetOf(alarm),
    undo: { ...call, input: before, summary: `Put ${AlarmName} back as it was.`, automatic: true },
  };
}

function callOn({ AlarmArn }: Alarm) {
  return { account: accountOf(AlarmArn), region: regionOf(AlarmArn), resource: AlarmArn };
}

function targetOf({ AlarmArn }: Alarm): Change['target'] {
  return `alarms:${accountOf(AlarmArn)}/${regionOf(AlarmArn)}`;
}
