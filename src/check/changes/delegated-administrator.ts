import type { OrganizationAccount } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';

/**
 * cloudtrail:RegisterOrganizationDelegatedAdmin, from the management account. The way back leaves the trails that it
 * made to the management account, which owns them anyway.
 */
export function registerDelegatedAdministrator(
  place: { partition: string; managementAccount: string; region: string; organization: string },
  { Id, Name }: Pick<OrganizationAccount, 'Id' | 'Name'>,
): Change {
  const { partition, managementAccount, region, organization } = place;
  const call = {
    account: managementAccount,
    region,
    resource: `arn:${partition}:organizations::${managementAccount}:account/${organization}/${Id}`,
  };
  return {
    ...call,
    operation: 'cloudtrail:RegisterOrganizationDelegatedAdmin',
    input: { MemberAccountId: Id },
    summary: `Let ${Name} (${Id}) administer CloudTrail for the organization.`,
    target: 'organization.delegatedAdministrators:organization',
    expect: { [Id]: null },
    result: { [Id]: true },
    undo: {
      ...call,
      operation: 'cloudtrail:DeregisterOrganizationDelegatedAdmin',
      input: { DelegatedAdminAccountId: Id },
      summary: `Take the administration of CloudTrail from ${Name} (${Id}) again.`,
      automatic: true,
    },
  };
}
