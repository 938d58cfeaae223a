import type { Alarm, Json, MetricFilter } from './types.ts';

/**
 * ARNs of the SNS topics that alarms on the metrics of these filters lead to: alarms on the metric itself, on an
 * expression over it, and composite alarms over such alarms.
 */
export function topicsOf(filters: { [name: string]: MetricFilter }, alarms: { [name: string]: Alarm }): string[] {
  const metrics = new Set(
    Object.values(filters).flatMap(({ metricTransformations }) =>
      metricTransformations.map(({ metricNamespace, metricName }) => `${metricNamespace}\n${metricName}`),
    ),
  );
  const concerned = new Set<Alarm>(Object.values(alarms).filter(({ members }) => hasMetric(members, metrics)));
  const composites = Object.values(alarms).filter(({ kind }) => kind === 'composite');
  for (let before = -1; before < concerned.size; ) {
    before = concerned.size;
    for (const composite of composites) {
      const rule = String(composite.members.AlarmRule ?? '');
      if ([...concerned].some(({ AlarmName, AlarmArn }) => rule.includes(AlarmName) || rule.includes(AlarmArn))) {
        concerned.add(composite);
      }
    }
  }
  const actions = [...concerned].flatMap(({ AlarmActions }) => AlarmActions);
  return [...new Set(actions.filter((action) => /^arn:[^:]+:sns:/.test(action)))];
}

/** Does this structure, at any depth, name one of the metrics (`<namespace>\n<name>`)? */
function hasMetric(value: Json, metrics: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((element) => hasMetric(element, metrics));
  if (metrics.has(`${String(value.Namespace)}\n${String(value.MetricName)}`)) return true;
  return Object.values(value).some((member) => hasMetric(member, metrics));
}
