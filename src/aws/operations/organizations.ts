import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  EnableAWSServiceAccessCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListDelegatedAdministratorsCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListPoliciesCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  ListTargetsForPolicyCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { NEXT_TOKEN, read, write } from '../operation.ts';

const paged = { page: NEXT_TOKEN };

export const organizations = {
  createClient: (config: object) => new OrganizationsClient(config),
  global: true,
  operations: {
    DescribeOrganization: read(DescribeOrganizationCommand),
    ListAccounts: read(ListAccountsCommand, paged),
    ListRoots: read(ListRootsCommand, paged),
    ListOrganizationalUnitsForParent: read(ListOrganizationalUnitsForParentCommand, paged),
    ListAccountsForParent: read(ListAccountsForParentCommand, paged),
    ListParents: read(ListParentsCommand, paged),
    ListTagsForResource: read(ListTagsForResourceCommand, paged),
    ListAWSServiceAccessForOrganization: read(ListAWSServiceAccessForOrganizationCommand, paged),
    ListDelegatedAdministrators: read(ListDelegatedAdministratorsCommand, paged),
    ListPolicies: read(ListPoliciesCommand, paged),
    DescribePolicy: read(DescribePolicyCommand),
    ListTargetsForPolicy: read(ListTargetsForPolicyCommand, paged),
    EnableAWSServiceAccess: write(EnableAWSServiceAccessCommand, {
      condition: ({ ServicePrincipal }) =>
        ServicePrincipal === undefined
          ? undefined
          : { StringEquals: { 'organizations:ServicePrincipal': ServicePrincipal } },
      fullest: () => ({ ServicePrincipal: 'cloudtrail.amazonaws.com' }),
    }),
  },
};
