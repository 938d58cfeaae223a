import {
  AssociateKmsKeyCommand,
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteMetricFilterCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  DescribeResourcePoliciesCommand,
  DescribeSubscriptionFiltersCommand,
  DisassociateKmsKeyCommand,
  ListTagsForResourceCommand,
  PutLogGroupDeletionProtectionCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { read, type Where, write } from '../operation.ts';

/** Some actions want the ARN of a log group with `:*` behind it, some without; IAM's reference does not always say. */
const onGroup = {
  on: (
    {
      logGroupName,
      logGroupIdentifier,
    }: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined },
    { partition, region, account, resource }: Where,
  ) => {
    const name = logGroupName ?? logGroupIdentifier ?? '*';
    const arn =
      resource ?? (name.startsWith('arn:') ? name : `arn:${partition}:logs:${region}:${account}:log-group:${name}`);
    const bare = arn.endsWith(':log-group:*') ? arn : arn.replace(/:\*$/, '');
    return [bare, `${bare}:*`];
  },
};

const TOKEN = { input: 'nextToken', output: 'nextToken' };

export const logs = {
  createClient: (config: object) => new CloudWatchLogsClient(config),
  global: false,
  operations: {
    DescribeLogGroups: read(DescribeLogGroupsCommand, { page: TOKEN }),
    DescribeMetricFilters: read(DescribeMetricFiltersCommand, { ...onGroup, page: TOKEN }),
    DescribeSubscriptionFilters: read(DescribeSubscriptionFiltersCommand, { ...onGroup, page: TOKEN }),
    DescribeResourcePolicies: read(DescribeResourcePoliciesCommand, { page: TOKEN }),
    ListTagsForResource: read(ListTagsForResourceCommand, { on: ({ resourceArn: arn }) => (arn ? [arn] : ['*']) }),
    CreateLogGroup: write(CreateLogGroupCommand, onGroup),
    PutRetentionPolicy: write(PutRetentionPolicyCommand, onGroup),
    DeleteRetentionPolicy: write(DeleteRetentionPolicyCommand, onGroup),
    AssociateKmsKey: write(AssociateKmsKeyCommand, onGroup),
    DisassociateKmsKey: write(DisassociateKmsKeyCommand, onGroup),
    PutLogGroupDeletionProtection: write(PutLogGroupDeletionProtectionCommand, onGroup),
    PutMetricFilter: write(PutMetricFilterCommand, onGroup),
    DeleteMetricFilter: write(DeleteMetricFilterCommand, onGroup),
  },
};
