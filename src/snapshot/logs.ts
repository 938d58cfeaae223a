import { placeOf } from './arn.ts';
import { absent, chainPart, mapPart, read } from './part.ts';
import type { PartReaders } from './reader.ts';
import type { Reading } from './reading.ts';
import type { LogGroup, MetricFilter, Part, SubscriptionFilter } from './types.ts';

/** Name in the ARN of a log group: names hold no colon. */
function nameOf(arn: string): string {
  return arn.split(':')[6] ?? '';
}

async function readLogGroup(reading: Reading, arn: string): Promise<Part<LogGroup>> {
  const name = nameOf(arn);
  const pages = await reading.askAll('logs:DescribeLogGroups', placeOf(arn), { logGroupNamePrefix: name });
  return chainPart(pages, (answers) => {
    const group = answers.flatMap(({ logGroups = [] }) => logGroups).find(({ logGroupName }) => logGroupName === name);
    if (group === undefined) return absent('ResourceNotFoundException');
    return read({
      logGroupName: name,
      arn,
      logGroupClass: group.logGroupClass ?? 'STANDARD',
      ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
      ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
      ...(group.deletionProtectionEnabled === undefined
        ? {}
        : { deletionProtectionEnabled: group.deletionProtectionEnabled }),
    });
  });
}

async function readFilters(reading: Reading, arn: string): Promise<Part<{ [name: string]: MetricFilter }>> {
  const pages = await reading.askAll('logs:DescribeMetricFilters', placeOf(arn), { logGroupName: nameOf(arn) });
  return mapPart(pages, (answers) => {
    const filters = answers.flatMap(({ metricFilters = [] }) => metricFilters);
    return Object.fromEntries(
      filters.map(({ filterName = '', filterPattern = '', metricTransformations = [] }) => [
        filterName,
        {
          filterName,
          filterPattern,
          metricTransformations: metricTransformations.map(
            ({ metricName = '', metricNamespace = '', metricValue = '' }) => ({
              metricName,
              metricNamespace,
              metricValue,
            }),
          ),
        },
      ]),
    );
  });
}

async function readSubscriptions(reading: Reading, arn: string): Promise<Part<SubscriptionFilter[]>> {
  const pages = await reading.askAll('logs:DescribeSubscriptionFilters', placeOf(arn), { logGroupName: nameOf(arn) });
  return mapPart(pages, (answers) =>
    answers.flatMap(({ subscriptionFilters = [] }) =>
      subscriptionFilters.map(({ filterName = '', destinationArn = '', roleArn }) => ({
        filterName,
        destinationArn,
        ...(roleArn ? { roleArn } : {}),
      })),
    ),
  );
}

async function readTags(reading: Reading, arn: string): Promise<Part<{ [key: string]: string }>> {
  const answer = await reading.ask('logs:ListTagsForResource', placeOf(arn), { resourceArn: arn });
  return mapPart(answer, ({ tags = {} }) => tags);
}

export const logParts: PartReaders<'logGroup' | 'logGroup.filters' | 'logGroup.subscriptions' | 'logGroup.tags'> = {
  logGroup: {
    key: 'log group ARN without :*',
    operations: ['logs:DescribeLogGroups'],
    needs: [],
    read: readLogGroup,
  },
  'logGroup.filters': {
    key: 'log group ARN without :*',
    operations: ['logs:DescribeMetricFilters'],
    needs: [],
    read: readFilters,
  },
  'logGroup.subscriptions': {
    key: 'log group ARN without :*',
    operations: ['logs:DescribeSubscriptionFilters'],
    needs: [],
    read: readSubscriptions,
  },
  'logGroup.tags': {
    key: 'log group ARN without :*',
    operations: ['logs:ListTagsForResource'],
    needs: [],
    read: readTags,
  },
};
