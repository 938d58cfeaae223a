/** Log groups and how long they keep what they hold. */
import { neededString, stringIn } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { regionOf } from '../../region.ts';
import {
  AwsError,
  type Input,
  type LogGroup,
  type Operation,
  type Output,
  type Permission,
  type RequestContext,
} from '../../types.ts';
import { flagIn, numberIn } from '../members.ts';
import { tagMap } from '../tags.ts';
import { usableKey } from './encryption.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * Policies name a log group with a trailing `:*`, for every action but those on tags:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 */
export function groupPermission({ estate, account, region }: RequestContext, action: string, name: string): Permission {
  const group = `arn:${estate.partition}:logs:${region}:${account.id}:log-group:${name}`;
  return { action: `logs:${action}`, resource: `${group}:log-stream:` };
}

export function groupOf({ account, region }: RequestContext, input: Input): LogGroup {
  const group = regionOf(account, region).logGroups.get(neededString(input, 'logGroupName', INVALID));
  if (!group) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  return group;
}

export const INVALID = 'InvalidParameterException';

/** The name in an identifier: a name itself, or the ARN of a group. */
export function nameIn(identifier: string): string {
  return /^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:([^:*]+)(?::\*)?$/.exec(identifier)?.[1] ?? identifier;
}

/** An operation on one log group, named by `logGroupName`. */
export function onGroup(
  action: string,
  handle: (group: LogGroup, input: Input, context: RequestContext) => Output | undefined,
): Operation {
  return {
    permissions: (context, input) => [groupPermission(context, action, stringIn(input, 'logGroupName') ?? '')],
    handle: (context, input) => handle(groupOf(context, input), input, context) ?? {},
  };
}

export const describeLogGroups: Operation = {
  quota: { class: 'DescribeLogGroups', perSecond: 10 },
  permissions: (context) => [groupPermission(context, 'DescribeLogGroups', '')],
  handle({ account, region }, input) {
    const prefix = stringIn(input, 'logGroupNamePrefix') ?? '';
    const pattern = stringIn(input, 'logGroupNamePattern');
    const kind = stringIn(input, 'logGroupClass');
    if (prefix && pattern) throw new AwsError(INVALID, 'A prefix and a pattern exclude each other.');
    const groups = [...regionOf(account, region).logGroups.values()]
      .filter((group) => group.name.startsWith(prefix))
      .filter((group) => !pattern || group.name.toLowerCase().includes(pattern.toLowerCase()))
      .filter((group) => !kind || group.class === kind)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const invalid = new AwsError(INVALID, 'The specified nextToken is invalid.');
    const { items, next } = pageOf(groups, input.nextToken, sizeOf(input.limit, 50), invalid);
    return { logGroups: items.map(described), nextToken: next };
  },
};

/** `arn` ends in `:*`, `logGroupArn` does not. */
function described(group: LogGroup): Output {
  const arn = group.arn.replace(/:\*$/, '');
  return {
    logGroupName: group.name,
    arn: `${arn}:*`,
    logGroupArn: arn,
    creationTime: group.createdAt.getTime(),
    retentionInDays: group.retentionInDays,
    metricFilterCount: group.filters.size,
    storedBytes: 0,
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.class,
    deletionProtectionEnabled: group.deletionProtection,
  };
}

export const createLogGroup: Operation = {
  permissions(context, input) {
    const name = stringIn(input, 'logGroupName') ?? '';
    const needed = [groupPermission(context, 'CreateLogGroup', name)];
    if (Object.keys(tagMap(input.tags)).length === 0) return needed;
    const { estate, account, region } = context;
    const resource = `arn:${estate.partition}:logs:${region}:${account.id}:log-group:${name}`;
    return [...needed, { action: 'logs:TagResource', resource }];
  },
  handle(context, input) {
    const { estate, account, region } = context;
    const name = neededString(input, 'logGroupName', INVALID);
    if (!/^[\w./#-]{1,512}$/.test(name)) throw new AwsError(INVALID, `${name} is not the name of a log group.`);
    const { logGroups } = regionOf(account, region);
    if (logGroups.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    const arn = `arn:${estate.partition}:logs:${region}:${account.id}:log-group:${name}`;
    const key = stringIn(input, 'kmsKeyId');
    logGroups.set(name, {
      name,
      arn,
      class: classIn(input),
      retentionInDays: undefined,
      kmsKeyId: key === undefined ? undefined : usableKey(context, key, arn),
      createdAt: estate.now(),
      filters: new Map(),
      deletionProtection: input.deletionProtectionEnabled === true,
      subscriptions: new Map(),
      tags: tagMap(input.tags),
    });
    return {};
  },
};

function classIn(input: Input): LogGroup['class'] {
  const wanted = stringIn(input, 'logGroupClass') ?? 'STANDARD';
  if (wanted === 'STANDARD' || wanted === 'INFREQUENT_ACCESS' || wanted === 'DELIVERY') return wanted;
  throw new AwsError(INVALID, `${wanted} is not a log group class.`);
}

export const deleteLogGroup = onGroup('DeleteLogGroup', (group, _input, { account, region }) => {
  if (group.deletionProtection) {
    throw new AwsError('ValidationException', `The log group ${group.name} is protected from deletion.`);
  }
  regionOf(account, region).logGroups.delete(group.name);
});

export const putRetentionPolicy = onGroup('PutRetentionPolicy', (group, input) => {
  const days = numberIn(input, 'retentionInDays') ?? 0;
  if (!RETENTION_DAYS.includes(days)) throw new AwsError(INVALID, `retentionInDays ${days} is not possible.`);
  group.retentionInDays = days;
});

export const deleteRetentionPolicy = onGroup('DeleteRetentionPolicy', (group) => {
  group.retentionInDays = undefined;
});

/** Guards the group against DeleteLogGroup, and nothing else. */
export const putLogGroupDeletionProtection: Operation = {
  permissions: (context, input) => [
    groupPermission(context, 'PutLogGroupDeletionProtection', nameIn(stringIn(input, 'logGroupIdentifier') ?? '')),
  ],
  handle(context, input) {
    const wanted = flagIn(input, 'deletionProtectionEnabled');
    if (wanted === undefined) throw new AwsError(INVALID, 'deletionProtectionEnabled is missing.');
    const identifier = neededString(input, 'logGroupIdentifier', INVALID);
    groupOf(context, { logGroupName: nameIn(identifier) }).deletionProtection = wanted;
    return {};
  },
};

export const listTagsForResource: Operation = {
  permissions: (_context, input) => [
    { action: 'logs:ListTagsForResource', resource: stringIn(input, 'resourceArn') ?? '' },
  ],
  handle({ account, region }, input) {
    const arn = neededString(input, 'resourceArn', INVALID);
    const group = [...regionOf(account, region).logGroups.values()].find((one) => one.arn.replace(/:\*$/, '') === arn);
    if (!group) throw new AwsError('ResourceNotFoundException', `There is no log group ${arn}.`);
    return { tags: group.tags };
  },
};
