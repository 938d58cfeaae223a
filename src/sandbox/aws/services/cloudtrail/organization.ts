/** What organization trails ask of the organization and of the caller. */
import { type Account, AwsError, type Permission, type RequestContext } from '../../types.ts';
import { isTrailAdministrator } from './find.ts';

const SERVICE_ROLE = 'aws-service-role/cloudtrail.amazonaws.com/AWSServiceRoleForCloudTrail';

/** The account that owns a new organization trail: always the management account. Throws what AWS answers otherwise. */
export function checkOrganization({ estate, account }: RequestContext): Account {
  const { organization } = estate;
  if (!organization || account.parentId === undefined) {
    throw new AwsError('OrganizationsNotInUseException', 'The account is not a member of an organization.');
  }
  if (organization.managementAccountId !== account.id && !isTrailAdministrator(estate, account)) {
    throw new AwsError(
      'NotOrganizationMasterAccountException',
      'Only the management account or a delegated administrator can do this.',
    );
  }
  if (organization.featureSet !== 'ALL') {
    throw new AwsError(
      'OrganizationNotInAllFeaturesModeException',
      'The organization does not have all features enabled.',
    );
  }
  const management = estate.accounts.get(organization.managementAccountId);
  if (!organization.trustedAccess.has('cloudtrail.amazonaws.com') || !management) {
    throw new AwsError(
      'CloudTrailAccessNotEnabledException',
      'Trusted access for CloudTrail is not enabled in the organization.',
    );
  }
  return management;
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html */
export function organizationPermissions({ estate, account }: RequestContext): Permission[] {
  const role = `arn:${estate.partition}:iam::${account.id}:role/${SERVICE_ROLE}`;
  return [
    { action: 'iam:GetRole', resource: role },
    {
      action: 'iam:CreateServiceLinkedRole',
      resource: role,
      context: { 'iam:AWSServiceName': 'cloudtrail.amazonaws.com' },
    },
    { action: 'organizations:DescribeOrganization', resource: '*' },
    { action: 'organizations:ListAccounts', resource: '*' },
    { action: 'organizations:ListAWSServiceAccessForOrganization', resource: '*' },
  ];
}
