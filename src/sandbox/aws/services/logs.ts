import type { Service } from '../types.ts';
import { associateKmsKey, disassociateKmsKey } from './logs/encryption.ts';
import { deleteMetricFilter, describeMetricFilters, putMetricFilter } from './logs/filters.ts';
import * as groups from './logs/groups.ts';
import { deleteResourcePolicy, describeResourcePolicies, putResourcePolicy } from './logs/resource-policies.ts';
import { deleteSubscriptionFilter, describeSubscriptionFilters, putSubscriptionFilter } from './logs/subscriptions.ts';

const logs: Service = {
  signingName: 'logs',
  protocol: 'json-1.1',
  operations: {
    AssociateKmsKey: associateKmsKey,
    CreateLogGroup: groups.createLogGroup,
    DeleteLogGroup: groups.deleteLogGroup,
    DeleteMetricFilter: deleteMetricFilter,
    DeleteRetentionPolicy: groups.deleteRetentionPolicy,
    DeleteResourcePolicy: deleteResourcePolicy,
    DeleteSubscriptionFilter: deleteSubscriptionFilter,
    DescribeLogGroups: groups.describeLogGroups,
    DescribeMetricFilters: describeMetricFilters,
    DescribeResourcePolicies: describeResourcePolicies,
    DescribeSubscriptionFilters: describeSubscriptionFilters,
    DisassociateKmsKey: disassociateKmsKey,
    ListTagsForResource: groups.listTagsForResource,
    PutLogGroupDeletionProtection: groups.putLogGroupDeletionProtection,
    PutMetricFilter: putMetricFilter,
    PutResourcePolicy: putResourcePolicy,
    PutRetentionPolicy: groups.putRetentionPolicy,
    PutSubscriptionFilter: putSubscriptionFilter,
  },
};

export default logs;
