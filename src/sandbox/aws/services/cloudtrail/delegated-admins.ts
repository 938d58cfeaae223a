/** CloudTrail's own way to name and dismiss the organization's delegated administrators. */
import { arn } from '../../arn.ts';
import { neededString } from '../../input.ts';
import { AwsError, type Input, type Operation, type Organization, type RequestContext } from '../../types.ts';
import { WRITE } from './quotas.ts';

const SERVICE = 'cloudtrail.amazonaws.com';
const MOST = 3;

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator-permissions.html */
function delegating(
  verb: 'Register' | 'Deregister',
  member: string,
  change: (administrators: Set<string>, id: string, organization: Organization) => void,
): Operation {
  return {
    quota: WRITE,
    permissions(context, input) {
      const { estate, account } = context;
      const role = `role/aws-service-role/${SERVICE}/AWSServiceRoleForCloudTrail`;
      const resource = arn(estate, 'iam', '', account.id, role);
      const target = arn(
        estate,
        'organizations',
        '',
        account.id,
        `account/${estate.organization?.id ?? ''}/${String(input[member] ?? '')}`,
      );
      return [
        { action: `cloudtrail:${verb}OrganizationDelegatedAdmin`, resource: '*' },
        {
          action: `organizations:${verb}DelegatedAdministrator`,
          resource: target,
          context: { 'organizations:ServicePrincipal': SERVICE },
        },
        { action: 'organizations:ListAWSServiceAccessForOrganization', resource: '*' },
        ...(verb === 'Register'
          ? [
              { action: 'iam:GetRole', resource },
              { action: 'iam:CreateServiceLinkedRole', resource, context: { 'iam:AWSServiceName': SERVICE } },
            ]
          : []),
      ];
    },
    handle(context, input) {
      const { organization, id } = asked(context, input, member);
      const administrators = organization.delegatedAdministrators.get(SERVICE) ?? new Set<string>();
      change(administrators, id, organization);
      organization.delegatedAdministrators.set(SERVICE, administrators);
      return {};
    },
  };
}

function asked({ estate, account }: RequestContext, input: Input, member: string) {
  const { organization } = estate;
  if (!organization || account.parentId === undefined) {
    throw new AwsError('OrganizationsNotInUseException', 'The account is not a member of an organization.');
  }
  if (account.id !== organization.managementAccountId) {
    throw new AwsError('NotOrganizationManagementAccountException', 'Only the management account can do this.');
  }
  if (!organization.trustedAccess.has(SERVICE)) {
    throw new AwsError('CloudTrailAccessNotEnabledException', 'Trusted access for CloudTrail is not enabled.');
  }
  const id = neededString(input, member, 'InvalidParameterException');
  if (estate.accounts.get(id)?.parentId === undefined) {
    throw new AwsError('AccountNotFoundException', `Account ${id} is not part of the organization.`);
  }
  return { organization, id };
}

export const registerOrganizationDelegatedAdmin = delegating(
  'Register',
  'MemberAccountId',
  (administrators, id, organization) => {
    if (id === organization.managementAccountId) {
      throw new AwsError(
        'CannotDelegateManagementAccountException',
        'The management account cannot be a delegated administrator.',
      );
    }
    if (administrators.has(id))
      throw new AwsError('AccountRegisteredException', `Account ${id} is registered already.`);
    if (administrators.size >= MOST) {
      throw new AwsError('DelegatedAdminAccountLimitExceededException', `There are ${MOST} administrators already.`);
    }
    administrators.add(id);
  },
);

export const deregisterOrganizationDelegatedAdmin = delegating(
  'Deregister',
  'DelegatedAdminAccountId',
  (administrators, id) => {
    if (administrators.delete(id)) return;
    throw new AwsError('AccountNotRegisteredException', `Account ${id} is not a delegated administrator.`);
  },
);
