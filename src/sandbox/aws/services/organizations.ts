import { arn } from '../arn.ts';
import { neededString, stringIn, tagList } from '../input.ts';
import { offsetIn, pageOf, sizeOf, tokenFor } from '../paging.ts';
import {
  type Account,
  AwsError,
  type Input,
  type Operation,
  type Organization,
  type Output,
  type RequestContext,
  type Service,
} from '../types.ts';

const PAGE = 20;

type Handle = (context: RequestContext, organization: Organization, input: Input) => Output;

/** Everything but DescribeOrganization is for the management account and delegated administrators, writes for the first. */
function operation(name: string, who: 'member' | 'administrator' | 'management', handle: Handle): Operation {
  return {
    quota: { class: who === 'management' ? 'write' : 'read', perSecond: who === 'management' ? 1 : 8 },
    permissions: () => [{ action: `organizations:${name}`, resource: '*' }],
    handle(context, input) {
      const { organization } = context.estate;
      if (!organization || context.account.parentId === undefined) {
        throw new AwsError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
      }
      const management = context.account.id === organization.managementAccountId;
      const delegated = organization.delegatedAdministrators.has(context.account.id);
      if (who !== 'member' && !management && !(who === 'administrator' && delegated)) {
        throw new AwsError('AccessDeniedException', "You don't have permissions to access this resource.");
      }
      return handle(context, organization, input);
    },
  };
}

/**
 * A listing of more than one page has an empty page after its first: AWS may return one at any time, and only a missing
 * NextToken ends a listing.
 */
function paged<T>(items: T[], input: Input, member: string): Output {
  const invalid = new AwsError('InvalidInputException', 'You specified an invalid value for NextToken.');
  const size = sizeOf(input.MaxResults, PAGE);
  const token = stringIn(input, 'NextToken');
  if (token?.startsWith('empty.')) {
    return { [member]: [], NextToken: tokenFor(offsetIn(token.slice('empty.'.length), invalid)) };
  }
  const page = pageOf(items, token, size, invalid);
  const next = page.next !== undefined && token === undefined ? `empty.${page.next}` : page.next;
  return { [member]: page.items, NextToken: next };
}

function organizationArn(context: RequestContext, organization: Organization, resource: string): string {
  return arn(context.estate, 'organizations', '', organization.managementAccountId, resource);
}

function describeAccount(context: RequestContext, organization: Organization, account: Account): Output {
  const state = account.state === 'CLOSED' ? 'SUSPENDED' : account.state;
  return {
    Id: account.id,
    Arn: organizationArn(context, organization, `account/${organization.id}/${account.id}`),
    Email: account.email,
    Name: account.name,
    // Status is on its way out and knows fewer states than State.
    Status: state === 'PENDING_ACTIVATION' ? 'ACTIVE' : state,
    State: account.state,
    JoinedMethod: account.id === organization.managementAccountId ? 'INVITED' : 'CREATED',
    JoinedTimestamp: account.joinedAt,
  };
}

function membersOf(context: RequestContext): Account[] {
  return [...context.estate.accounts.values()].filter((account) => account.parentId !== undefined);
}

function neededMember(context: RequestContext, id: string): Account {
  const account = membersOf(context).find((candidate) => candidate.id === id);
  if (!account) throw new AwsError('AccountNotFoundException', `You specified an account that doesn't exist: ${id}`);
  return account;
}

function neededParent(organization: Organization, id: string): string {
  if (id !== organization.rootId && !organization.units.has(id)) {
    throw new AwsError('ParentNotFoundException', `You specified a parent that doesn't exist: ${id}`);
  }
  return id;
}

const read = (name: string, handle: Handle): [string, Operation] => [name, operation(name, 'administrator', handle)];

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
          AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
        },
      };
    }),
    EnableAWSServiceAccess: operation('EnableAWSServiceAccess', 'management', (_context, organization, input) => {
      organization.trustedAccess.add(neededString(input, 'ServicePrincipal', 'InvalidInputException'));
      return {};
    }),
    ...Object.fromEntries([
      read('ListAccounts', (context, organization, input) =>
        paged(
          membersOf(context).map((account) => describeAccount(context, organization, account)),
          input,
          'Accounts',
        ),
      ),
      read('DescribeAccount', (context, organization, input) => ({
        Account: describeAccount(
          context,
          organization,
          neededMember(context, neededString(input, 'AccountId', 'InvalidInputException')),
        ),
      })),
      read('ListRoots', (context, organization, input) =>
        paged(
          [
            {
              Id: organization.rootId,
              Arn: organizationArn(context, organization, `root/${organization.id}/${organization.rootId}`),
              Name: 'Root',
              PolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
            },
          ],
          input,
          'Roots',
        ),
      ),
      read('ListOrganizationalUnitsForParent', (context, organization, input) => {
        const parent = neededParent(organization, neededString(input, 'ParentId', 'InvalidInputException'));
        const units = [...organization.units.values()].filter((unit) => unit.parentId === parent);
        const described = units.map((unit) => ({
          Id: unit.id,
          Arn: organizationArn(context, organization, `ou/${organization.id}/${unit.id}`),
          Name: unit.name,
        }));
        return paged(described, input, 'OrganizationalUnits');
      }),
      read('ListAccountsForParent', (context, organization, input) => {
        const parent = neededParent(organization, neededString(input, 'ParentId', 'InvalidInputException'));
        const children = membersOf(context).filter((account) => account.parentId === parent);
        return paged(
          children.map((account) => describeAccount(context, organization, account)),
          input,
          'Accounts',
        );
      }),
      read('ListParents', (context, organization, input) => {
        const child = neededString(input, 'ChildId', 'InvalidInputException');
        const parentId = organization.units.get(child)?.parentId ?? context.estate.accounts.get(child)?.parentId;
        if (parentId === undefined)
          throw new AwsError('ChildNotFoundException', `You specified a child that doesn't exist: ${child}`);
        const type = parentId === organization.rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT';
        return paged([{ Id: parentId, Type: type }], input, 'Parents');
      }),
      read('ListTagsForResource', (context, _organization, input) => {
        const id = neededString(input, 'ResourceId', 'InvalidInputException');
        const account = membersOf(context).find((candidate) => candidate.id === id);
        if (!account) throw new AwsError('TargetNotFoundException', `We can't find a resource with the id ${id}.`);
        return paged(tagList(account.tags), input, 'Tags');
      }),
      read('ListAWSServiceAccessForOrganization', (_context, organization, input) =>
        paged(
          [...organization.trustedAccess].map((ServicePrincipal) => ({ ServicePrincipal })),
          input,
          'EnabledServicePrincipals',
        ),
      ),
      read('ListDelegatedAdministrators', (context, organization, input) => {
        const service = stringIn(input, 'ServicePrincipal');
        const ids =
          service === undefined || service === 'cloudtrail.amazonaws.com' ? organization.delegatedAdministrators : [];
        const administrators = [...ids].map((id) => describeAccount(context, organization, neededMember(context, id)));
        return paged(administrators, input, 'DelegatedAdministrators');
      }),
    ]),
  },
};

export default organizations;
