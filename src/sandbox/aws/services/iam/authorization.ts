/** GetAccountAuthorizationDetails: who may do what in an account, in pages over users, groups, roles and policies. */
import { stringIn, stringsIn, tagList } from '../../input.ts';
import {
  type Account,
  AwsError,
  type Group,
  type Input,
  type ManagedPolicy,
  type Operation,
  type Output,
  type RequestContext,
  type User,
} from '../../types.ts';
import { describeRole, type Entity, encodedDocument, entityArn, type Kind } from './entities.ts';
import { describePolicy, describeVersion, managedPolicyOf } from './managed.ts';
import { iamPage } from './paging.ts';

type Part = 'User' | 'Group' | 'Role' | 'LocalManagedPolicy' | 'AWSManagedPolicy';

const PARTS: Part[] = ['User', 'Group', 'Role', 'LocalManagedPolicy', 'AWSManagedPolicy'];

interface Item {
  part: Part;
  describe(): Output;
}

/** Members that users, groups and roles have alike. */
function common({ estate, account }: RequestContext, kind: Kind, entity: Entity): Output {
  return {
    Path: entity.path,
    [`${kind}Name`]: entity.name,
    [`${kind}Id`]: entity.id,
    Arn: entityArn(estate, account, kind, entity.name),
    CreateDate: entity.createdAt,
    [`${kind}PolicyList`]: [...entity.inline].map(([PolicyName, document]) => ({
      PolicyName,
      PolicyDocument: encodedDocument(document),
    })),
    AttachedManagedPolicies: [...entity.attached].map((PolicyArn) => ({
      PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
      PolicyArn,
    })),
  };
}

function describeUser(context: RequestContext, user: User): Output {
  const groups = [...context.account.groups.values()].filter((group: Group) => group.members.has(user.name));
  return {
    ...common(context, 'User', user),
    GroupList: groups.map((group) => group.name),
    PermissionsBoundary: user.boundary && {
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: user.boundary,
    },
    Tags: [],
  };
}

function itemsOf(context: RequestContext): Item[] {
  const { account } = context;
  return [
    ...[...account.users.values()].map((user) => ({
      part: 'User' as const,
      describe: () => describeUser(context, user),
    })),
    ...[...account.groups.values()].map((group) => ({
      part: 'Group' as const,
      describe: () => common(context, 'Group', group),
    })),
    ...[...account.roles.values()].map((role) => ({
      part: 'Role' as const,
      describe: () => ({
        ...describeRole(context, role, true),
        ...common(context, 'Role', role),
        InstanceProfileList: [],
        Tags: tagList(role.tags),
        MaxSessionDuration: undefined,
      }),
    })),
    ...[...account.managedPolicies.values()].map((policy) => ({
      part: 'LocalManagedPolicy' as const,
      describe: () => describeManaged(account, policy),
    })),
    ...usedOfAws(account).map((policy) => ({
      part: 'AWSManagedPolicy' as const,
      describe: () => describeManaged(account, policy),
    })),
  ];
}

/** Of AWS's policies only those that somebody has, attached or as a boundary. */
function usedOfAws(account: Account): ManagedPolicy[] {
  const holders = [...account.users.values(), ...account.roles.values()];
  const used = [
    ...[...holders, ...account.groups.values()].flatMap((entity) => [...entity.attached]),
    ...holders.flatMap((entity) => entity.boundary ?? []),
  ];
  return [...new Set(used)]
    .filter((policyArn) => !account.managedPolicies.has(policyArn))
    .flatMap((policyArn) => managedPolicyOf(account, policyArn) ?? []);
}

function describeManaged(account: Account, policy: ManagedPolicy): Output {
  const versions = [...policy.versions.keys()].toReversed();
  return {
    ...describePolicy(account, policy),
    PolicyVersionList: versions.map((id) => describeVersion(policy, id, true)),
  };
}

function partsAsked(input: Input): Part[] {
  const wanted = stringsIn(input, 'Filter');
  const unknown = wanted.find((part) => !PARTS.some((known) => known === part));
  if (unknown !== undefined || stringIn(input, 'Filter')) {
    throw new AwsError('ValidationError', `${unknown ?? ''} is not a type of entity.`);
  }
  return wanted.length === 0 ? PARTS : PARTS.filter((part) => wanted.includes(part));
}

export const getAccountAuthorizationDetails: Operation = {
  quota: { class: 'GetAccountAuthorizationDetails', perSecond: 5 },
  permissions: () => [{ action: 'iam:GetAccountAuthorizationDetails', resource: '*' }],
  handle(context, input) {
    const parts = partsAsked(input);
    const asked = itemsOf(context).filter((item) => parts.includes(item.part));
    const { items, marker } = iamPage(asked, input);
    const of = (...wanted: Part[]) => items.filter((item) => wanted.includes(item.part)).map((item) => item.describe());
    return {
      UserDetailList: of('User'),
      GroupDetailList: of('Group'),
      RoleDetailList: of('Role'),
      Policies: of('LocalManagedPolicy', 'AWSManagedPolicy'),
      ...marker,
    };
  },
};
