import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
  ListTrailsCommand,
  LookupEventsCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import { lookup, NEXT_TOKEN, type Permission, read, type Where, write } from '../operation.ts';
import { passRole } from './pass-role.ts';

/** Trails are named by name or by ARN. */
function trailArn(name: string | undefined, { partition, region, account }: Where): string[] {
  return [name?.startsWith('arn:') ? name : `arn:${partition}:cloudtrail:${region}:${account}:trail/${name ?? '*'}`];
}

interface TrailInput {
  CloudWatchLogsRoleArn?: string | undefined;
  IsOrganizationTrail?: boolean | undefined;
}

/**
 * CloudTrail passes the role for CloudWatch Logs, and for an organization trail asks the caller for its service-linked role:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html
 */
function dependent({ CloudWatchLogsRoleArn: role, IsOrganizationTrail }: TrailInput, where: Where): Permission[] {
  const passed = role ? [passRole(role, 'cloudtrail.amazonaws.com')] : [];
  if (!IsOrganizationTrail && !where.organizationTrail) return passed;
  const linked = `arn:${where.partition}:iam::${where.account}:role/aws-service-role/cloudtrail.amazonaws.com/AWSServiceRoleForCloudTrail`;
  return [
    ...passed,
    { action: 'iam:GetRole', resource: linked },
    { action: 'iam:CreateServiceLinkedRole', resource: linked },
    { action: 'organizations:DescribeOrganization', resource: '*' },
    { action: 'organizations:ListAccounts', resource: '*' },
    { action: 'organizations:ListAWSServiceAccessForOrganization', resource: '*' },
  ];
}

const byName = { on: (input: { Name?: string | undefined }, where: Where) => trailArn(input.Name, where) };
const byTrailName = {
  on: (input: { TrailName?: string | undefined }, where: Where) => trailArn(input.TrailName, where),
};
export const cloudtrail = {
  createClient: (config: object) => new CloudTrailClient(config),
  global: false,
  operations: {
    DescribeTrails: read(DescribeTrailsCommand),
    ListTrails: read(ListTrailsCommand, { page: NEXT_TOKEN }),
    GetTrailStatus: read(GetTrailStatusCommand, byName),
    GetEventSelectors: read(GetEventSelectorsCommand, byTrailName),
    ListTags: read(ListTagsCommand, { on: ({ ResourceIdList: ids }) => ids ?? [], page: NEXT_TOKEN }),
    LookupEvents: lookup(LookupEventsCommand, { page: NEXT_TOKEN }),
    CreateTrail: write(CreateTrailCommand, { ...byName, also: dependent }),
    UpdateTrail: write(UpdateTrailCommand, { ...byName, also: dependent }),
    DeleteTrail: write(DeleteTrailCommand, byName),
    StartLogging: write(StartLoggingCommand, byName),
    PutEventSelectors: write(PutEventSelectorsCommand, byTrailName),
  },
};
