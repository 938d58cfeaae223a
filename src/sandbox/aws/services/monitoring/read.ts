/** Reading alarms. */
import { arn } from '../../arn.ts';
import { isRecord, neededString, recordsIn, stringIn, stringsIn } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { regionOf } from '../../region.ts';
import { type Alarm, AwsError, type Input, type Json, type Operation, type Output } from '../../types.ts';

const MAX_ALARMS = 100;

export const describeAlarms: Operation = {
  quota: { class: 'DescribeAlarms', perSecond: 9 },
  permissions: ({ estate, account, region }) => [
    { action: 'cloudwatch:DescribeAlarms', resource: arn(estate, 'cloudwatch', region, account.id, 'alarm:*') },
  ],
  handle({ account, region }, input) {
    const names = stringsIn(input, 'AlarmNames');
    const prefix = stringIn(input, 'AlarmNamePrefix');
    if (names.length > 0 && prefix !== undefined) {
      throw new AwsError('InvalidParameterCombination', 'AlarmNames and AlarmNamePrefix exclude each other.');
    }
    const state = stringIn(input, 'StateValue');
    const types = stringsIn(input, 'AlarmTypes');
    // Without AlarmTypes only metric alarms are answered, even by name.
    const kinds = types.length === 0 ? ['MetricAlarm'] : types;
    const alarms = [...regionOf(account, region).alarms.values()]
      .filter((alarm) => kinds.includes(alarm.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm'))
      .filter((alarm) => names.length === 0 || names.includes(alarm.name))
      .filter((alarm) => alarm.name.startsWith(prefix ?? ''))
      .filter((alarm) => state === undefined || alarm.members.StateValue === state)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const invalid = new AwsError('InvalidNextToken', 'The next token is not valid.');
    const { items, next } = pageOf(alarms, input.NextToken, sizeOf(input.MaxRecords, MAX_ALARMS), invalid);
    return {
      MetricAlarms: items.filter((alarm) => alarm.kind === 'metric').map(described),
      CompositeAlarms: items.filter((alarm) => alarm.kind === 'composite').map(described),
      NextToken: next,
    };
  },
};

/** Alarms on one metric by itself; those on metric math and composite ones are not found this way. */
export const describeAlarmsForMetric: Operation = {
  quota: { class: 'DescribeAlarmsForMetric', perSecond: 9 },
  permissions: () => [{ action: 'cloudwatch:DescribeAlarmsForMetric', resource: '*' }],
  handle({ account, region }, input) {
    const wanted = {
      MetricName: neededString(input, 'MetricName', 'MissingRequiredParameterException'),
      Namespace: neededString(input, 'Namespace', 'MissingRequiredParameterException'),
      Statistic: stringIn(input, 'Statistic'),
      Period: input.Period,
    };
    const dimensions = dimensionKey(recordsIn(input, 'Dimensions'));
    const alarms = [...regionOf(account, region).alarms.values()].filter(
      ({ kind, members }) =>
        kind === 'metric' &&
        Object.entries(wanted).every(([name, value]) => value === undefined || members[name] === value) &&
        dimensionKey(dimensionsOf(members.Dimensions)) === dimensions,
    );
    return { MetricAlarms: alarms.map(described) };
  },
};

function dimensionsOf(value: Json | undefined): Input[] {
  return Array.isArray(value) ? value.flatMap((item) => (isRecord(item) ? [item] : [])) : [];
}

function dimensionKey(dimensions: Input[]): string {
  return dimensions
    .map((dimension) => `${String(dimension.Name)}=${String(dimension.Value)}`)
    .toSorted()
    .join(',');
}

function described(alarm: Alarm): Output {
  return { ...alarm.members, AlarmName: alarm.name, AlarmArn: alarm.arn };
}
