import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetGroupCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAccountAliasesCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { read, type Where, write } from '../operation.ts';

type Entity = 'role' | 'user' | 'group';

/** An ARN holds the path, which inputs leave out; without `where.resource` any path is meant. */
function entityArns(kind: Entity, name: string | undefined, { partition, account, resource }: Where): string[] {
  if (resource?.includes(`:${kind}/`)) return [resource];
  const all = `arn:${partition}:iam::${account}:${kind}/`;
  return name === undefined ? [`${all}*`] : [`${all}${name}`, `${all}*/${name}`];
}

/** Of a role that does not exist yet the path is known: it is in the input. */
function newRoleArn(
  { RoleName = '*', Path = '/' }: { RoleName?: string | undefined; Path?: string | undefined },
  { partition, account }: Where,
): string {
  return `arn:${partition}:iam::${account}:role${Path}${RoleName}`;
}

const onRole = {
  on: ({ RoleName }: { RoleName?: string | undefined }, where: Where) => entityArns('role', RoleName, where),
};
const onUser = {
  on: ({ UserName }: { UserName?: string | undefined }, where: Where) => entityArns('user', UserName, where),
};
const onGroup = {
  on: ({ GroupName }: { GroupName?: string | undefined }, where: Where) => entityArns('group', GroupName, where),
};
const onPolicy = { on: ({ PolicyArn }: { PolicyArn?: string | undefined }) => [PolicyArn ?? '*'] };

/** Attach and detach exactly this policy. */
const thatPolicy = {
  condition: ({ PolicyArn }: { PolicyArn?: string | undefined }) =>
    PolicyArn === undefined ? undefined : { ArnEquals: { 'iam:PolicyARN': PolicyArn } },
};

const MARKER = { input: 'Marker', output: 'Marker' };

export const iam = {
  createClient: (config: object) => new IAMClient(config),
  global: true,
  operations: {
    ListAccountAliases: read(ListAccountAliasesCommand, { page: MARKER }),
    GetAccountAuthorizationDetails: read(GetAccountAuthorizationDetailsCommand, { page: MARKER }),
    GetPolicy: read(GetPolicyCommand, onPolicy),
    GetPolicyVersion: read(GetPolicyVersionCommand, onPolicy),
    ListEntitiesForPolicy: read(ListEntitiesForPolicyCommand, { ...onPolicy, page: MARKER }),
    GetGroup: read(GetGroupCommand, { ...onGroup, page: MARKER }),
    GetRole: read(GetRoleCommand, onRole),
    GetRolePolicy: read(GetRolePolicyCommand, onRole),
    ListRolePolicies: read(ListRolePoliciesCommand, { ...onRole, page: MARKER }),
    ListAttachedRolePolicies: read(ListAttachedRolePoliciesCommand, { ...onRole, page: MARKER }),
    CreateRole: write(CreateRoleCommand, { on: (input, where) => [newRoleArn(input, where)] }),
    PutRolePolicy: write(PutRolePolicyCommand, onRole),
    DeleteRolePolicy: write(DeleteRolePolicyCommand, onRole),
    UpdateAssumeRolePolicy: write(UpdateAssumeRolePolicyCommand, onRole),
    DeleteRole: write(DeleteRoleCommand, onRole),
    CreateServiceLinkedRole: write(CreateServiceLinkedRoleCommand, {
      on: ({ AWSServiceName }, { partition, account }) => [
        `arn:${partition}:iam::${account}:role/aws-service-role/${AWSServiceName ?? ''}/*`,
      ],
    }),
    AttachRolePolicy: write(AttachRolePolicyCommand, { ...onRole, ...thatPolicy }),
    DetachRolePolicy: write(DetachRolePolicyCommand, { ...onRole, ...thatPolicy }),
    AttachUserPolicy: write(AttachUserPolicyCommand, { ...onUser, ...thatPolicy }),
    DetachUserPolicy: write(DetachUserPolicyCommand, { ...onUser, ...thatPolicy }),
    AttachGroupPolicy: write(AttachGroupPolicyCommand, { ...onGroup, ...thatPolicy }),
    DetachGroupPolicy: write(DetachGroupPolicyCommand, { ...onGroup, ...thatPolicy }),
  },
};
