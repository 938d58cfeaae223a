/** Who may ask Organizations what, and the shapes that all its operations share. */
import { arn } from '../../arn.ts';
import { stringIn } from '../../input.ts';
import { offsetIn, pageOf, sizeOf, tokenFor } from '../../paging.ts';
import {
  type Account,
  AwsError,
  type Input,
  type Operation,
  type Organization,
  type Output,
  type Permission,
  type RequestContext,
} from '../../types.ts';

const PAGE = 20;

type Handle = (context: RequestContext, organization: Organization, input: Input) => Output;
/** What the permission is asked on, and its condition keys; everything and none unless told. */
type Asked = (context: RequestContext, organization: Organization, input: Input) => Partial<Permission>;

/** Everything but DescribeOrganization is for the management account and delegated administrators, writes for the first. */
export function operation(
  name: string,
  who: 'member' | 'administrator' | 'management',
  handle: Handle,
  asked: Asked = () => ({}),
): Operation {
  return {
    quota: { class: who === 'management' ? 'write' : 'read', perSecond: who === 'management' ? 1 : 8 },
    permissions(context, input) {
      const { organization } = context.estate;
      const particular = organization ? asked(context, organization, input) : {};
      return [{ resource: '*', ...particular, action: `organizations:${name}` }];
    },
    handle(context, input) {
      const { organization } = context.estate;
      if (!organization || context.account.parentId === undefined) {
        throw new AwsError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
      }
      const management = context.account.id === organization.managementAccountId;
      const delegated = [...organization.delegatedAdministrators.values()].some((ids) => ids.has(context.account.id));
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
export function paged<T>(items: T[], input: Input, member: string): Output {
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

export function organizationArn(context: RequestContext, organization: Organization, resource: string): string {
  return arn(context.estate, 'organizations', '', organization.managementAccountId, resource);
}

export function describeAccount(context: RequestContext, organization: Organization, account: Account): Output {
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

export function membersOf(context: RequestContext): Account[] {
  return [...context.estate.accounts.values()].filter((account) => account.parentId !== undefined);
}

export function neededMember(context: RequestContext, id: string): Account {
  const account = membersOf(context).find((candidate) => candidate.id === id);
  if (!account) throw new AwsError('AccountNotFoundException', `You specified an account that doesn't exist: ${id}`);
  return account;
}

export function neededParent(organization: Organization, id: string): string {
  if (id !== organization.rootId && !organization.units.has(id)) {
    throw new AwsError('ParentNotFoundException', `You specified a parent that doesn't exist: ${id}`);
  }
  return id;
}

/** Condition key of calls that name a service: a policy may allow them for one service only. */
export function ofService(input: Input): Partial<Permission> {
  const service = stringIn(input, 'ServicePrincipal');
  return service === undefined ? {} : { context: { 'organizations:ServicePrincipal': service } };
}

/** ARN of a root, unit or account by its id. */
export function targetArn(context: RequestContext, organization: Organization, id: string): string {
  const kind = id.startsWith('r-') ? 'root' : id.startsWith('ou-') ? 'ou' : 'account';
  return organizationArn(context, organization, `${kind}/${organization.id}/${id}`);
}
