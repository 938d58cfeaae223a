/** Users, groups and roles of an account: finding them, naming them, describing them. */
import { arn } from '../../arn.ts';
import { tagList } from '../../input.ts';
import {
  type Account,
  AwsError,
  type Estate,
  type Group,
  type Output,
  type PolicyDocument,
  type RequestContext,
  type Role,
  type User,
} from '../../types.ts';
import { policyAsRead } from '../resource-policy.ts';

export type Kind = 'Role' | 'User' | 'Group';
export type Entity = Role | User | Group;

export function entitiesOf(account: Account, kind: Kind): Map<string, Entity> {
  return { Role: account.roles, User: account.users, Group: account.groups }[kind];
}

export function entityArn(estate: Estate, account: Account, kind: Kind, name: string): string {
  const path = entitiesOf(account, kind).get(name)?.path ?? '/';
  return arn(estate, 'iam', '', account.id, `${kind.toLowerCase()}${path}${name}`);
}

export function noSuchEntity(what: string): AwsError {
  return new AwsError('NoSuchEntity', `${what} cannot be found.`, 404);
}

export function neededEntity(context: RequestContext, kind: Kind, name: string): Entity {
  const entity = entitiesOf(context.account, kind).get(name);
  if (!entity) throw noSuchEntity(`The ${kind.toLowerCase()} with name ${name}`);
  return entity;
}

export function neededRole(context: RequestContext, name: string): Role {
  const role = context.account.roles.get(name);
  if (!role) throw noSuchEntity(`The role with name ${name}`);
  return role;
}

/** Roles of AWS services change by those services alone. */
export function refuseServiceLinked(entity: Entity): void {
  if (!entity.path.startsWith('/aws-service-role/')) return;
  const message = `Cannot perform the operation on the protected role '${entity.name}'.`;
  throw new AwsError('UnmodifiableEntity', message);
}

/** Policies may ask for the permissions boundary of the one that is changed. */
export function boundaryContext(account: Account, kind: Kind, name: string): Record<string, string> {
  const boundary = kind === 'Group' ? undefined : (kind === 'User' ? account.users : account.roles).get(name)?.boundary;
  return boundary === undefined ? {} : { 'iam:PermissionsBoundary': boundary };
}

/** IAM hands policy documents out URL-encoded. */
export function encodedDocument(document: PolicyDocument): string {
  return encodeURIComponent(JSON.stringify(document));
}

/** ListRoles leaves out tags, last use and boundary; GetRole has them. */
export function describeRole(context: RequestContext, role: Role, full: boolean): Output {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: entityArn(context.estate, context.account, 'Role', role.name),
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodedDocument(policyAsRead(context.estate, role.trust)),
    MaxSessionDuration: 3600,
    ...(full
      ? {
          Tags: Object.keys(role.tags).length > 0 ? tagList(role.tags) : undefined,
          PermissionsBoundary: role.boundary && {
            PermissionsBoundaryType: 'Policy',
            PermissionsBoundaryArn: role.boundary,
          },
          RoleLastUsed: role.lastUsedAt ? { LastUsedDate: role.lastUsedAt, Region: context.region } : {},
        }
      : {}),
  };
}
