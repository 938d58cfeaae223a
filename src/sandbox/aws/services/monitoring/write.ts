/** Putting, muting and removing alarms. A put replaces everything an alarm of that name was. */
import { arn } from '../../arn.ts';
import { neededString, recordsIn, stringIn, stringsIn } from '../../input.ts';
import { regionOf } from '../../region.ts';
import {
  type Alarm,
  AwsError,
  type Input,
  type Json,
  type Operation,
  type Permission,
  type RequestContext,
} from '../../types.ts';
import { jsonOf, numberIn } from '../members.ts';

const QUOTA = { class: 'write', perSecond: 3 };
const OPERATORS = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
  'LessThanLowerOrGreaterThanUpperThreshold',
  'LessThanLowerThreshold',
  'GreaterThanUpperThreshold',
];
const MAX_ACTIONS = 5;

function alarmArn({ estate, account, region }: RequestContext, name: string): string {
  return arn(estate, 'cloudwatch', region, account.id, `alarm:${name}`);
}

function alarmPermission(context: RequestContext, action: string, name: string): Permission {
  return { action: `cloudwatch:${action}`, resource: alarmArn(context, name) };
}

function putting(action: string, kind: Alarm['kind'], check: (input: Input) => void): Operation {
  return {
    quota: QUOTA,
    permissions: (context, input) => [alarmPermission(context, action, stringIn(input, 'AlarmName') ?? '')],
    handle(context, input) {
      const name = neededString(input, 'AlarmName', 'ValidationError');
      if (name.length > 255) throw invalid('An alarm name has at most 255 characters.');
      for (const member of ['AlarmActions', 'OKActions', 'InsufficientDataActions']) {
        if (stringsIn(input, member).length > MAX_ACTIONS)
          throw invalid(`${member} has at most ${MAX_ACTIONS} entries.`);
      }
      check(input);
      const { alarms } = regionOf(context.account, context.region);
      const members = membersOf(context, input, alarms.get(name));
      alarms.set(name, { name, arn: alarmArn(context, name), kind, members });
      return {};
    },
  };
}

/** The alarm's state survives a put; tags count only for a new alarm and are no member of it. */
function membersOf({ estate }: RequestContext, input: Input, before: Alarm | undefined): Record<string, Json> {
  const now = estate.now().getTime() / 1000;
  const { Tags: _tags, ...given } = input;
  const put = Object.entries(given).map(([name, value]) => [name, jsonOf(value)] as const);
  return {
    ActionsEnabled: true,
    AlarmActions: [],
    OKActions: [],
    InsufficientDataActions: [],
    ...Object.fromEntries(put),
    StateValue: before?.members.StateValue ?? 'INSUFFICIENT_DATA',
    StateReason: before?.members.StateReason ?? 'Unchecked: Initial alarm creation',
    StateUpdatedTimestamp: before?.members.StateUpdatedTimestamp ?? now,
    AlarmConfigurationUpdatedTimestamp: now,
  };
}

export const putMetricAlarm = putting('PutMetricAlarm', 'metric', (input) => {
  const math = recordsIn(input, 'Metrics').length > 0;
  if (math === (stringIn(input, 'MetricName') !== undefined)) throw combination('Give either MetricName or Metrics.');
  if (!math && stringIn(input, 'Namespace') === undefined) throw invalid('Namespace must not be null.');
  if (!math && (stringIn(input, 'Statistic') === undefined) === (stringIn(input, 'ExtendedStatistic') === undefined)) {
    throw combination('Give either Statistic or ExtendedStatistic.');
  }
  const period = numberIn(input, 'Period');
  if (!math && (period === undefined || ![10, 20, 30].includes(period)) && (period ?? 0) % 60 !== 0) {
    throw invalid('Period must be 10, 20, 30 or a multiple of 60.');
  }
  if (!math && !period) throw invalid('Period must not be null.');
  const evaluations = numberIn(input, 'EvaluationPeriods') ?? 0;
  if (evaluations < 1) throw invalid('EvaluationPeriods must be at least 1.');
  if ((numberIn(input, 'DatapointsToAlarm') ?? 1) > evaluations) {
    throw invalid('DatapointsToAlarm must not exceed EvaluationPeriods.');
  }
  if (!OPERATORS.includes(stringIn(input, 'ComparisonOperator') ?? ''))
    throw invalid('ComparisonOperator is not valid.');
  if (numberIn(input, 'Threshold') === undefined && stringIn(input, 'ThresholdMetricId') === undefined) {
    throw invalid('Threshold must not be null.');
  }
  const missing = stringIn(input, 'TreatMissingData') ?? 'missing';
  if (!['breaching', 'notBreaching', 'ignore', 'missing'].includes(missing))
    throw invalid('TreatMissingData is not valid.');
});

export const putCompositeAlarm = putting('PutCompositeAlarm', 'composite', (input) => {
  neededString(input, 'AlarmRule', 'ValidationError');
});

export const deleteAlarms = naming('DeleteAlarms', (alarms, name) => {
  alarms.delete(name);
});
export const enableAlarmActions = naming('EnableAlarmActions', (alarms, name) => setActions(alarms, name, true));
export const disableAlarmActions = naming('DisableAlarmActions', (alarms, name) => setActions(alarms, name, false));

function setActions(alarms: Map<string, Alarm>, name: string, enabled: boolean): void {
  const alarm = alarms.get(name);
  if (alarm) alarm.members = { ...alarm.members, ActionsEnabled: enabled };
}

/** Names of alarms that do not exist are passed over in silence, as CloudWatch does; DeleteAlarms refuses them. */
function naming(action: string, act: (alarms: Map<string, Alarm>, name: string) => void): Operation {
  return {
    quota: QUOTA,
    permissions: (context, input) =>
      stringsIn(input, 'AlarmNames').map((name) => alarmPermission(context, action, name)),
    handle(context, input) {
      const { alarms } = regionOf(context.account, context.region);
      const names = stringsIn(input, 'AlarmNames');
      const missing = names.filter((name) => !alarms.has(name));
      if (action === 'DeleteAlarms' && missing.length > 0) {
        throw new AwsError('ResourceNotFound', `There are no alarms ${missing.join(', ')}.`, 404);
      }
      for (const name of names) act(alarms, name);
      return {};
    },
  };
}

function invalid(why: string): AwsError {
  return new AwsError('ValidationError', why);
}

function combination(why: string): AwsError {
  return new AwsError('InvalidParameterCombination', why);
}
