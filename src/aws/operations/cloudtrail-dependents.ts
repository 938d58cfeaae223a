import type { Permission, Where } from '../operation.ts';
import { usesKey } from './key-arn.ts';
import { passRole } from './pass-role.ts';

/*
 * What CloudTrail asks of the caller beside its own action ("dependent actions"):
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html
 */

/** The role with which CloudTrail works in the accounts of an organization. */
const serviceRole = ({ partition, account }: Where) =>
  `arn:${partition}:iam::${account}:role/aws-service-role/cloudtrail.amazonaws.com/AWSServiceRoleForCloudTrail`;

const FOR_CLOUDTRAIL = { StringEquals: { 'organizations:ServicePrincipal': 'cloudtrail.amazonaws.com' } };

const everywhere = (...actions: string[]): Permission[] => actions.map((action) => ({ action, resource: '*' }));

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html */
function ofOrganization(where: Where): Permission[] {
  return [
    { action: 'iam:GetRole', resource: serviceRole(where) },
    { action: 'iam:CreateServiceLinkedRole', resource: serviceRole(where) },
    ...everywhere(
      'organizations:DescribeOrganization',
      'organizations:ListAccounts',
      'organizations:ListAWSServiceAccessForOrganization',
    ),
  ];
}

/** Of a trail: the role for CloudWatch Logs is passed, and an organization is looked into. */
export function ofTrail(
  {
    CloudWatchLogsRoleArn: role,
    IsOrganizationTrail,
  }: { CloudWatchLogsRoleArn?: string | undefined; IsOrganizationTrail?: boolean | undefined },
  where: Where,
): Permission[] {
  const passed = role ? [passRole(role, 'cloudtrail.amazonaws.com')] : [];
  return IsOrganizationTrail || where.organizationTrail ? [...passed, ...ofOrganization(where)] : passed;
}

/** Of an event data store: it is encrypted anew under the caller's name. */
export function ofStore(
  { KmsKeyId: key, OrganizationEnabled }: { KmsKeyId?: string | undefined; OrganizationEnabled?: boolean | undefined },
  where: Where,
): Permission[] {
  const encrypted = usesKey(key, where, 'kms:GenerateDataKey', 'kms:Decrypt');
  return OrganizationEnabled === undefined && !where.organizationTrail
    ? encrypted
    : [...encrypted, ...ofOrganization(where)];
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-admin-permissions.html */
export function ofNewAdministrator(_: object, where: Where): Permission[] {
  return [
    { action: 'iam:GetRole', resource: serviceRole(where) },
    { action: 'iam:CreateServiceLinkedRole', resource: serviceRole(where) },
    { action: 'organizations:RegisterDelegatedAdministrator', resource: '*', condition: FOR_CLOUDTRAIL },
    ...everywhere('organizations:ListAWSServiceAccessForOrganization'),
  ];
}

export function ofFormerAdministrator(): Permission[] {
  return [
    { action: 'organizations:DeregisterDelegatedAdministrator', resource: '*', condition: FOR_CLOUDTRAIL },
    ...everywhere('organizations:ListAWSServiceAccessForOrganization'),
  ];
}
