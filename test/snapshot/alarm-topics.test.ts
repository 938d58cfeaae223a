import { expect, test } from 'vitest';
import { topicsOf } from '../../src/snapshot/alarm-topics.ts';
import type { Alarm } from '../../src/snapshot/types.ts';
import { filter, metricAlarm } from '../support/snapshot.ts';

const FILTERS = { changes: filter('changes', '{ $.eventName = StopLogging }') };
const topic = (name: string) => `arn:aws:sns:us-east-1:111111111111:${name}`;

function composite(name: string, rule: string, to: string): Alarm {
  return {
    ...metricAlarm(name, { topic: to, members: { AlarmRule: rule } }),
    kind: 'composite',
    members: { AlarmRule: rule },
  };
}

test.each<[string, Alarm[], string[]]>([
  ['an alarm on the metric', [metricAlarm('changes', { topic: topic('a') })], [topic('a')]],
  ['an alarm on another metric', [metricAlarm('other', { topic: topic('a') })], []],
  [
    'an alarm on an expression over the metric',
    [
      metricAlarm('math', {
        topic: topic('a'),
        members: {
          MetricName: null,
          Namespace: null,
          Metrics: [{ Id: 'm1', MetricStat: { Metric: { Namespace: 'Trails', MetricName: 'changes' } } }],
        },
      }),
    ],
    [topic('a')],
  ],
  [
    'composite alarms over composite alarms over the alarm',
    [
      composite('top', 'ALARM("middle")', topic('top')),
      composite('middle', 'ALARM("changes")', topic('middle')),
      metricAlarm('changes', { actions: [] }),
    ],
    [topic('middle'), topic('top')],
  ],
  ['actions that are no topics', [metricAlarm('changes', { actions: ['arn:aws:lambda:us-east-1:1:function:f'] })], []],
])('%s', (_, alarms, expected) => {
  expect(topicsOf(FILTERS, Object.fromEntries(alarms.map((alarm) => [alarm.AlarmName, alarm])))).toEqual(expected);
});
