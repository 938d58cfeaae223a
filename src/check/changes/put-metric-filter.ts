import type { MetricFilter } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';
import { accountOf, regionOf } from '../subject.ts';

/** logs:PutMetricFilter under a name that is free; without that expectation a put would replace another filter. */
export function createMetricFilter(logGroup: string, filter: MetricFilter): Change {
  const { filterName, filterPattern, metricTransformations } = filter;
  const logGroupName = logGroup.split(':')[6] ?? '';
  const call = { account: accountOf(logGroup), region: regionOf(logGroup), resource: logGroup };
  return {
    ...call,
    operation: 'logs:PutMetricFilter',
    input: { logGroupName, filterName, filterPattern, metricTransformations },
    summary: `Count these events by a filter on ${logGroupName}.`,
    target: `logGroup.filters:${logGroup}`,
    expect: { [filterName]: null },
    result: { [filterName]: { filterName, filterPattern, metricTransformations } },
    undo: {
      ...call,
      operation: 'logs:DeleteMetricFilter',
      input: { logGroupName, filterName },
      summary: `Delete the filter ${filterName}.`,
      automatic: true,
    },
  };
}
