import type { Permission } from '../operation.ts';

/** Handing a role to a service, and to no other. */
export function passRole(role: string, service: string): Permission {
  return { action: 'iam:PassRole', resource: role, condition: { StringEquals: { 'iam:PassedToService': service } } };
}
