import { neededString, tagList } from '../input.ts';
import { AwsError, type Operation, type Service } from '../types.ts';
import {
  describeAccount,
  membersOf,
  neededMember,
  neededParent,
  ofService,
  operation,
  organizationArn,
  paged,
  targetArn,
} from './organizations/common.ts';
import { delegationOperations } from './organizations/delegation.ts';
import { policyOperations, policyTypesOf } from './organizations/policies.ts';

type Reading = Parameters<typeof operation>;

const read = (name: string, handle: Reading[2], member?: string): [string, Operation] => [
  name,
  operation(name, 'administrator', handle, (context, organization, input) =>
    member === undefined ? {} : { resource: targetArn(context, organization, String(input[member] ?? '')) },
  ),
];

const organizations: Service = {
  signingName: 'organizations',
  protocol: 'json-1.1',
  operations: {
    DescribeOrganization: operation('DescribeOrganization', 'member', (context, organization) => {
      const management = context.estate.accounts.get(organization.managementAccountId);
      return {
        Organization: {
          Id: organization.id,
          Arn: organizationArn(context, organization, `organization/${organization.id}`),
          FeatureSet: organization.featureSet,
          MasterAccountArn: organizationArn(
            context,
            organization,
            `account/${organization.id}/${organization.managementAccountId}`,
          ),
          MasterAccountId: organization.managementAccountId,
          MasterAccountEmail: management?.email,
          AvailablePolicyTypes: policyTypesOf(organization),
        },
      };
    }),
    EnableAWSServiceAccess: operation(
      'EnableAWSServiceAccess',
      'management',
      (_context, organization, input) => {
        organization.trustedAccess.add(neededString(input, 'ServicePrincipal', 'InvalidInputException'));
        return {};
      },
      (_context, _organization, input) => ofService(input),
    ),
    DisableAWSServiceAccess: operation(
      'DisableAWSServiceAccess',
      'management',
      (_context, organization, input) => {
        organization.trustedAccess.delete(neededString(input, 'ServicePrincipal', 'InvalidInputException'));
        return {};
      },
      (_context, _organization, input) => ofService(input),
    ),
    ...policyOperations,
    ...delegationOperations,
    ...Object.fromEntries([
      read('ListAccounts', (context, organization, input) =>
        paged(
          membersOf(context).map((account) => describeAccount(context, organization, account)),
          input,
          'Accounts',
        ),
      ),
      read(
        'DescribeAccount',
        (context, organization, input) => ({
          Account: describeAccount(
            context,
            organization,
            neededMember(context, neededString(input, 'AccountId', 'InvalidInputException')),
          ),
        }),
        'AccountId',
      ),
      read('ListRoots', (context, organization, input) =>
        paged(
          [
            {
              Id: organization.rootId,
              Arn: organizationArn(context, organization, `root/${organization.id}/${organization.rootId}`),
              Name: 'Root',
              PolicyTypes: policyTypesOf(organization),
            },
          ],
          input,
          'Roots',
        ),
      ),
      read(
        'ListOrganizationalUnitsForParent',
        (context, organization, input) => {
          const parent = neededParent(organization, neededString(input, 'ParentId', 'InvalidInputException'));
          const units = [...organization.units.values()].filter((unit) => unit.parentId === parent);
          const described = units.map((unit) => ({
            Id: unit.id,
            Arn: organizationArn(context, organization, `ou/${organization.id}/${unit.id}`),
            Name: unit.name,
          }));
          return paged(described, input, 'OrganizationalUnits');
        },
        'ParentId',
      ),
      read(
        'ListAccountsForParent',
        (context, organization, input) => {
          const parent = neededParent(organization, neededString(input, 'ParentId', 'InvalidInputException'));
          const children = membersOf(context).filter((account) => account.parentId === parent);
          return paged(
            children.map((account) => describeAccount(context, organization, account)),
            input,
            'Accounts',
          );
        },
        'ParentId',
      ),
      read(
        'ListParents',
        (context, organization, input) => {
          const child = neededString(input, 'ChildId', 'InvalidInputException');
          const parentId = organization.units.get(child)?.parentId ?? context.estate.accounts.get(child)?.parentId;
          if (parentId === undefined)
            throw new AwsError('ChildNotFoundException', `You specified a child that doesn't exist: ${child}`);
          const type = parentId === organization.rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT';
          return paged([{ Id: parentId, Type: type }], input, 'Parents');
        },
        'ChildId',
      ),
      read(
        'ListTagsForResource',
        (context, _organization, input) => {
          const id = neededString(input, 'ResourceId', 'InvalidInputException');
          const account = membersOf(context).find((candidate) => candidate.id === id);
          if (!account) throw new AwsError('TargetNotFoundException', `We can't find a resource with the id ${id}.`);
          return paged(tagList(account.tags), input, 'Tags');
        },
        'ResourceId',
      ),
      read('ListAWSServiceAccessForOrganization', (_context, organization, input) =>
        paged(
          [...organization.trustedAccess].map((ServicePrincipal) => ({ ServicePrincipal })),
          input,
          'EnabledServicePrincipals',
        ),
      ),
    ]),
  },
};

export default organizations;
