import type { Service } from '../types.ts';
import { deleteMetricFilter, describeMetricFilters, putMetricFilter } from './logs/filters.ts';
import * as groups from './logs/groups.ts';

const logs: Service = {
  signingName: 'logs',
  protocol: 'json-1.1',
  operations: {
    CreateLogGroup: groups.createLogGroup,
    DeleteLogGroup: groups.deleteLogGroup,
    DeleteMetricFilter: deleteMetricFilter,
    DeleteRetentionPolicy: groups.deleteRetentionPolicy,
    DescribeLogGroups: groups.describeLogGroups,
    DescribeMetricFilters: describeMetricFilters,
    ListTagsForResource: groups.listTagsForResource,
    PutMetricFilter: putMetricFilter,
    PutRetentionPolicy: groups.putRetentionPolicy,
  },
};

export default logs;
