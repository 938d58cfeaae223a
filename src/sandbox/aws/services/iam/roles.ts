/** Roles: made, trusted, removed. */
import { randomBytes } from 'node:crypto';
import { arn } from '../../arn.ts';
import { neededString, recordsIn, stringIn, tagsIn } from '../../input.ts';
import { parsePolicy } from '../../policy-document.ts';
import {
  AwsError,
  type Input,
  type Operation,
  type Permission,
  type PolicyDocument,
  type RequestContext,
  type Role,
} from '../../types.ts';
import { invalidPrincipal, refuseUnknownPrincipals } from '../resource-policy.ts';
import { describeRole, entityArn, neededRole, refuseServiceLinked } from './entities.ts';
import { iamPage } from './paging.ts';

/** Roles that a service owns: only that service's API makes and removes them. */
const SERVICE_LINKED: Record<string, string> = {
  'cloudtrail.amazonaws.com': 'AWSServiceRoleForCloudTrail',
  'config.amazonaws.com': 'AWSServiceRoleForConfig',
  'config-multiaccountsetup.amazonaws.com': 'AWSServiceRoleForConfigMultiAccountSetup',
  'securityhub.amazonaws.com': 'AWSServiceRoleForSecurityHub',
};

const name = (input: Input) => neededString(input, 'RoleName', 'ValidationError');

function onRole(action: string): (context: RequestContext, input: Input) => Permission[] {
  return (context, input) => {
    const role = context.account.roles.get(name(input));
    const boundary = stringIn(input, 'PermissionsBoundary') ?? role?.boundary;
    const resource = role
      ? entityArn(context.estate, context.account, 'Role', role.name)
      : arn(context.estate, 'iam', '', context.account.id, `role${stringIn(input, 'Path') ?? '/'}${name(input)}`);
    return [{ action: `iam:${action}`, resource, context: boundary ? { 'iam:PermissionsBoundary': boundary } : {} }];
  };
}

const read = { class: 'read', perSecond: 20 };
const write = { class: 'write', perSecond: 10 };

export const roleOperations: Record<string, Operation> = {
  GetRole: {
    quota: read,
    permissions: onRole('GetRole'),
    handle: (context, input) => ({ Role: describeRole(context, neededRole(context, name(input)), true) }),
  },
  ListRoles: {
    quota: read,
    permissions: (context) => [
      { action: 'iam:ListRoles', resource: arn(context.estate, 'iam', '', context.account.id, 'role/') },
    ],
    handle(context, input) {
      const prefix = stringIn(input, 'PathPrefix') ?? '/';
      const roles = [...context.account.roles.values()].filter((role) => role.path.startsWith(prefix));
      const { items, marker } = iamPage(roles, input);
      return { Roles: items.map((role) => describeRole(context, role, false)), ...marker };
    },
  },
  CreateRole: {
    quota: write,
    permissions: (context, input) => [
      ...onRole('CreateRole')(context, input),
      ...(recordsIn(input, 'Tags').length > 0 ? onRole('TagRole')(context, input) : []),
    ],
    handle(context, input) {
      if (context.account.roles.has(name(input))) {
        throw new AwsError('EntityAlreadyExists', `Role with name ${name(input)} already exists.`, 409);
      }
      const path = stringIn(input, 'Path') ?? '/';
      if (path.startsWith('/aws-service-role/')) {
        throw new AwsError('InvalidInput', 'The path /aws-service-role/ is reserved for service-linked roles.');
      }
      const role = freshRole(context, name(input), path);
      role.trust = trustIn(context, neededString(input, 'AssumeRolePolicyDocument', 'ValidationError'));
      role.boundary = stringIn(input, 'PermissionsBoundary');
      role.tags = tagsIn(input);
      context.account.roles.set(role.name, role);
      return { Role: describeRole(context, role, true) };
    },
  },
  DeleteRole: {
    quota: write,
    permissions: onRole('DeleteRole'),
    handle(context, input) {
      const role = modifiable(context, input);
      if (role.inline.size > 0)
        throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
      if (role.attached.size > 0) {
        throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409);
      }
      context.account.roles.delete(role.name);
      return {};
    },
  },
  UpdateAssumeRolePolicy: {
    quota: write,
    permissions: onRole('UpdateAssumeRolePolicy'),
    handle(context, input) {
      modifiable(context, input).trust = trustIn(context, neededString(input, 'PolicyDocument', 'ValidationError'));
      return {};
    },
  },
  CreateServiceLinkedRole: {
    quota: write,
    permissions(context, input) {
      const service = neededString(input, 'AWSServiceName', 'ValidationError');
      return [
        {
          action: 'iam:CreateServiceLinkedRole',
          resource: arn(
            context.estate,
            'iam',
            '',
            context.account.id,
            `role/aws-service-role/${service}/${SERVICE_LINKED[service] ?? ''}`,
          ),
          context: { 'iam:AWSServiceName': service },
        },
      ];
    },
    handle(context, input) {
      const service = neededString(input, 'AWSServiceName', 'ValidationError');
      return { Role: describeRole(context, createServiceLinkedRole(context, service), true) };
    },
  },
};

/** Also what a service does for a caller who may. */
export function createServiceLinkedRole(context: RequestContext, service: string): Role {
  const roleName = SERVICE_LINKED[service];
  if (!roleName) throw new AwsError('InvalidInput', `${service} has no service-linked role.`);
  if (context.account.roles.has(roleName)) {
    throw new AwsError('InvalidInput', `Service role name ${roleName} has been taken in this account.`);
  }
  const role = freshRole(context, roleName, `/aws-service-role/${service}/`);
  role.trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  };
  context.account.roles.set(role.name, role);
  return role;
}

function modifiable(context: RequestContext, input: Input): Role {
  const role = neededRole(context, name(input));
  refuseServiceLinked(role);
  return role;
}

/** A trust policy names principals that exist, and no resources. */
function trustIn({ estate }: RequestContext, text: string): PolicyDocument {
  const document = parsePolicy(text);
  const malformed = (why: string) => new AwsError('MalformedPolicyDocument', why);
  for (const statement of document.Statement) {
    if (statement.Resource !== undefined) throw malformed('Has prohibited field Resource');
    if (statement.Principal === undefined) throw malformed('Missing required field Principal');
  }
  refuseUnknownPrincipals(estate, document, invalidPrincipal('MalformedPolicyDocument'));
  return document;
}

function freshRole(context: RequestContext, roleName: string, path: string): Role {
  return {
    name: roleName,
    path,
    id: `AROA${randomBytes(9).toString('hex').slice(0, 17).toUpperCase()}`,
    createdAt: context.estate.now(),
    trust: { Statement: [] },
    inline: new Map(),
    attached: new Set(),
    boundary: undefined,
    lastUsedAt: undefined,
    tags: {},
  };
}
