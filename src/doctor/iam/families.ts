import type { Permission } from '../../aws/operation.ts';
import { mostOf } from '../../aws/permissions.ts';

/** Fixes that are allowed or not together. */
export const FAMILIES = ['trail', 'bucket', 'logs', 'key', 'config', 'iam'] as const;
export type Family = (typeof FAMILIES)[number];

/** The others reach further than the audit trail: whoever wants their fixes says so. */
export const DEFAULT_FAMILIES: readonly Family[] = ['trail', 'bucket', 'logs'];

const FAMILY_OF: { readonly [service: string]: Family } = {
  cloudtrail: 'trail',
  organizations: 'trail',
  s3: 'bucket',
  s3control: 'bucket',
  logs: 'logs',
  cloudwatch: 'logs',
  sns: 'logs',
  kms: 'key',
  config: 'config',
  securityhub: 'config',
  iam: 'iam',
};

const MAKE_SERVICE_ROLE = 'iam:CreateServiceLinkedRole';

/** Services whose own role a fix may make. */
const WITH_SERVICE_ROLE: readonly string[] = ['cloudtrail', 'config'];

const WHERE = { partition: '{partition}', account: '{account}', region: '*' };

export interface Needed extends Permission {
  family: Family;
}

/** What the plans of one check may need, by the operations it declares. */
export function neededBy(operations: readonly string[]): Needed[] {
  return operations.flatMap((name) => (name === MAKE_SERVICE_ROLE ? serviceRoles(operations) : needed(name)));
}

function needed(name: string, service = serviceOf(name), input?: object): Needed[] {
  const family = FAMILY_OF[service];
  if (family === undefined) throw new TypeError(`${name} is of no family of fixes`);
  return mostOf(name, WHERE, input).map((permission) => ({ ...permission, family }));
}

/** A check makes the role of the service that it changes, and of no other. */
function serviceRoles(operations: readonly string[]): Needed[] {
  const services = new Set(operations.map(serviceOf).filter((service) => WITH_SERVICE_ROLE.includes(service)));
  return [...services].flatMap((service) =>
    needed(MAKE_SERVICE_ROLE, service, { AWSServiceName: `${service}.amazonaws.com` }),
  );
}

function serviceOf(operation: string): string {
  return operation.split(':')[0] ?? '';
}
