import type { Alarm, Json, JsonObject, MetricFilter } from '../snapshot/types.ts';

type Alarms = { readonly [name: string]: Alarm };

/** What DescribeAlarms adds to what was put: it changes by itself, or is made by CloudWatch. */
const NOT_PUT = new Set([
  'ActionsSuppressedBy',
  'ActionsSuppressedReason',
  'AlarmArn',
  'AlarmConfigurationUpdatedTimestamp',
  'EvaluationState',
  'StateReason',
  'StateReasonData',
  'StateTransitionedTimestamp',
  'StateUpdatedTimestamp',
  'StateValue',
]);

/**
 * The members of an alarm that a put sets, empty lists left out. It is the alarm's state for comparisons, and the whole
 * input to put it again: PutMetricAlarm replaces all of it.
 */
export function alarmState(members: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter(
      ([name, value]) => !NOT_PUT.has(name) && value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/** Metric alarms on one of the filter's metrics, by itself or within metric math. */
export function alarmsOn(alarms: Alarms, { metricTransformations }: MetricFilter): Alarm[] {
  const metrics = new Set(
    metricTransformations.map(({ metricNamespace, metricName }) => `${metricNamespace}\n${metricName}`),
  );
  return Object.values(alarms).filter(({ kind, members }) => kind === 'metric' && namesMetric(members, metrics));
}

/** Composite alarms that go off with this one, however many stand between. */
export function compositesAbove(alarms: Alarms, alarm: Alarm): Alarm[] {
  const found = new Map<string, Alarm>();
  const climb = (below: Alarm) => {
    for (const above of Object.values(alarms)) {
      if (above.kind !== 'composite' || found.has(above.AlarmName) || !goesOffWith(above, below)) continue;
      found.set(above.AlarmName, above);
      climb(above);
    }
  };
  climb(alarm);
  return [...found.values()];
}

/** `ALARM(name)`, `ALARM("name")` or the same with the ARN; https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
function goesOffWith(composite: Alarm, { AlarmName, AlarmArn }: Alarm): boolean {
  const rule = String(composite.members.AlarmRule ?? '');
  const named = [...rule.matchAll(/\bALARM\(\s*(?:"((?:[^"\\]|\\.)*)"|([^")]*?))\s*\)/g)];
  return named.some(([, quoted, bare]) => {
    const name = quoted?.replace(/\\(.)/g, '$1') ?? bare;
    return name === AlarmName || name === AlarmArn;
  });
}

function namesMetric(value: Json, metrics: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((element) => namesMetric(element, metrics));
  if (metrics.has(`${String(value.Namespace)}\n${String(value.MetricName)}`)) return true;
  return Object.values(value).some((member) => namesMetric(member, metrics));
}
