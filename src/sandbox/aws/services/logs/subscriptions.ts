/** Subscription filters: copies of what a log group receives, sent on. */
import { neededString, stringIn } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { AwsError } from '../../types.ts';
import { INVALID, onGroup } from './groups.ts';

const MOST = 2;

export const describeSubscriptionFilters = onGroup('DescribeSubscriptionFilters', (group, input) => {
  const prefix = stringIn(input, 'filterNamePrefix') ?? '';
  const filters = [...group.subscriptions.values()].filter((filter) => filter.filterName.startsWith(prefix));
  const invalid = new AwsError(INVALID, 'The specified nextToken is invalid.');
  const { items, next } = pageOf(filters, input.nextToken, sizeOf(input.limit, 50), invalid);
  return {
    subscriptionFilters: items.map((filter) => ({ ...filter, logGroupName: group.name, distribution: 'ByLogStream' })),
    nextToken: next,
  };
});

export const putSubscriptionFilter = onGroup('PutSubscriptionFilter', (group, input, { estate }) => {
  const name = neededString(input, 'filterName', INVALID);
  if (!group.subscriptions.has(name) && group.subscriptions.size >= MOST) {
    throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
  }
  group.subscriptions.set(name, {
    filterName: name,
    filterPattern: stringIn(input, 'filterPattern') ?? '',
    destinationArn: neededString(input, 'destinationArn', INVALID),
    roleArn: stringIn(input, 'roleArn'),
    creationTime: estate.now().getTime(),
  });
});

export const deleteSubscriptionFilter = onGroup('DeleteSubscriptionFilter', (group, input) => {
  if (group.subscriptions.delete(neededString(input, 'filterName', INVALID))) return;
  throw new AwsError('ResourceNotFoundException', 'The specified subscription filter does not exist.');
});
