/** Metric filters of a log group. */
import { neededString, recordsIn, stringIn } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { regionOf } from '../../region.ts';
import { AwsError, type Input, type LogGroup, type MetricFilter, type Operation } from '../../types.ts';
import { numberIn } from '../members.ts';
import { groupOf, groupPermission, INVALID, onGroup } from './groups.ts';

const MAX_FILTERS = 100;
const MAX_PATTERN = 1024;

export const describeMetricFilters: Operation = {
  quota: { class: 'DescribeMetricFilters', perSecond: 5 },
  permissions: (context, input) => [
    groupPermission(context, 'DescribeMetricFilters', stringIn(input, 'logGroupName') ?? ''),
  ],
  handle(context, input) {
    const groups =
      stringIn(input, 'logGroupName') === undefined
        ? [...regionOf(context.account, context.region).logGroups.values()]
        : [groupOf(context, input)];
    const filters = groups.flatMap((group) =>
      [...group.filters.values()].filter((filter) => matches(filter, input)).map((filter) => describe(group, filter)),
    );
    const invalid = new AwsError(INVALID, 'The specified nextToken is invalid.');
    const { items, next } = pageOf(filters, input.nextToken, sizeOf(input.limit, 50), invalid);
    return { metricFilters: items, nextToken: next };
  },
};

function describe(group: LogGroup, filter: MetricFilter) {
  return { ...filter, logGroupName: group.name };
}

function matches(filter: MetricFilter, input: Input): boolean {
  const name = stringIn(input, 'metricName');
  const namespace = stringIn(input, 'metricNamespace');
  return (
    filter.filterName.startsWith(stringIn(input, 'filterNamePrefix') ?? '') &&
    filter.metricTransformations.some(
      (metric) =>
        (name === undefined || metric.metricName === name) &&
        (namespace === undefined || metric.metricNamespace === namespace),
    )
  );
}

/** Puts in place of a filter of the same name, or beside the others. */
export const putMetricFilter = onGroup('PutMetricFilter', (group, input, { estate }) => {
  const name = neededString(input, 'filterName', INVALID);
  const pattern = stringIn(input, 'filterPattern');
  const transformations = recordsIn(input, 'metricTransformations').map(transformation);
  if (!/^[^:*]{1,512}$/.test(name)) throw new AwsError(INVALID, `${name} is not the name of a metric filter.`);
  if (pattern === undefined || pattern.length > MAX_PATTERN) {
    throw new AwsError(INVALID, `A filter pattern has at most ${MAX_PATTERN} characters.`);
  }
  if (pattern.trim().startsWith('{') !== pattern.trim().endsWith('}')) {
    throw new AwsError(INVALID, 'Invalid metric filter pattern');
  }
  if (transformations.length !== 1) throw new AwsError(INVALID, 'A filter has exactly one metric transformation.');
  if (group.class !== 'STANDARD') {
    throw new AwsError(INVALID, `Metric filters are not possible in the log class ${group.class}.`);
  }
  if (!group.filters.has(name) && group.filters.size >= MAX_FILTERS) {
    throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
  }
  group.filters.set(name, {
    filterName: name,
    filterPattern: pattern,
    metricTransformations: transformations,
    creationTime: estate.now().getTime(),
  });
});

function transformation(given: Input): MetricFilter['metricTransformations'][number] {
  const defaultValue = numberIn(given, 'defaultValue');
  return {
    metricName: neededString(given, 'metricName', INVALID),
    metricNamespace: neededString(given, 'metricNamespace', INVALID),
    metricValue: neededString(given, 'metricValue', INVALID),
    ...(defaultValue === undefined ? {} : { defaultValue }),
  };
}

export const deleteMetricFilter = onGroup('DeleteMetricFilter', (group, input) => {
  if (group.filters.delete(neededString(input, 'filterName', INVALID))) return;
  throw new AwsError('ResourceNotFoundException', 'The specified metric filter does not exist.');
});
