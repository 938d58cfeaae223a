import type { Permission } from '../../aws/operation.ts';
import type { Condition, Named } from './statement.ts';

/** A permission on less than IAM could name. */
export interface Grant {
  action: string;
  on: string | Named;
  condition?: Condition | undefined;
}

const ROLE = 'arn:{partition}:iam::{account}:role/';
/** Roles that fixes made. */
const OWN_ROLES = `${ROLE}trail-check/*`;

/** Name and path of the policy that bounds them. */
export const BOUNDARY = { name: 'trail-check-logs', path: '/trail-check/' };
const BOUNDED: Condition = {
  // Not StringEquals: the account may be a wildcard.
  StringLike: { 'iam:PermissionsBoundary': `arn:{partition}:iam::{account}:policy${BOUNDARY.path}${BOUNDARY.name}` },
};
/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
const KNOWS_BOUNDARY = /^iam:(CreateRole|PutRolePolicy|DeleteRolePolicy|AttachRolePolicy|DetachRolePolicy)$/;

/** Taken from anybody, and given back: these policies and no others. */
const FULL_ACCESS: Condition = {
  ArnEquals: {
    'iam:PolicyARN': ['AWSCloudTrailFullAccess', 'AWSCloudTrail_FullAccess'].map(
      (name) => `arn:{partition}:iam::aws:policy/${name}`,
    ),
  },
};

/**
 * What stands behind a permission at its widest (decision 22): buckets, keys and roles only by name, new roles only
 * under our path and with our boundary, roles passed only to the service they are for.
 */
export function narrow({ action, resource, condition }: Permission): Grant[] {
  if (/:s3:::/.test(resource)) return [{ action, on: 'buckets', condition }];
  if (/:kms:[^:]*:[^:]*:key\//.test(resource)) return [{ action, on: 'keys', condition }];
  if (action === 'iam:PassRole') return passed(action, condition);
  if (resource.includes(':role/aws-service-role/')) return [{ action, on: resource, condition }];
  if (/:(user|group)\/\*$/.test(resource)) return [{ action, on: resource, condition: FULL_ACCESS }];
  if (resource.endsWith(':role/*')) return ofRole(action, resource);
  return [{ action, on: resource, condition }];
}

function passed(action: string, condition: Condition | undefined): Grant[] {
  const service = condition?.StringEquals?.['iam:PassedToService'];
  const usual = service === 'cloudtrail.amazonaws.com' ? OWN_ROLES : `${ROLE}aws-service-role/${String(service)}/*`;
  return [
    { action, on: usual, condition },
    { action, on: 'roles', condition },
  ];
}

function ofRole(action: string, anyRole: string): Grant[] {
  const own: Grant = { action, on: OWN_ROLES, ...(KNOWS_BOUNDARY.test(action) && { condition: BOUNDED }) };
  if (/^iam:(Create|Delete)Role$/.test(action)) return [own];
  const anyone: Grant[] = /^iam:(Attach|Detach)RolePolicy$/.test(action)
    ? [{ action, on: anyRole, condition: FULL_ACCESS }]
    : [];
  return [own, { action, on: 'roles' }, ...anyone];
}
