/** Builders for policies and for those they speak of. */
import { randomBytes } from 'node:crypto';
import { arn } from '../arn.ts';
import type {
  Account,
  Credential,
  Estate,
  Group,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
  User,
} from '../types.ts';

export function policy(...statements: PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(action: string | string[], resource: string | string[] = '*'): PolicyStatement {
  return { Effect: 'Allow', Action: action, Resource: resource };
}

export function deny(action: string | string[], resource: string | string[] = '*'): PolicyStatement {
  return { Effect: 'Deny', Action: action, Resource: resource };
}

/** Trust in an account's IAM policies, or in the principals named. */
export function trust(principals: string | string[], condition?: PolicyStatement['Condition']): PolicyDocument {
  const statement: PolicyStatement = {
    Effect: 'Allow',
    Principal: { AWS: principals },
    Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
  };
  return policy(condition ? { ...statement, Condition: condition } : statement);
}

interface EntityOptions {
  path?: string;
  inline?: Record<string, PolicyDocument>;
  attached?: string[];
  boundary?: string;
}

function entity(prefix: string, name: string, wanted: EntityOptions) {
  return {
    name,
    path: wanted.path ?? '/',
    id: uniqueId(prefix, 21),
    createdAt: new Date('2024-03-01T09:00:00Z'),
    inline: new Map(Object.entries(wanted.inline ?? {})),
    attached: new Set(wanted.attached ?? []),
    boundary: wanted.boundary,
  };
}

export function role(
  account: Account,
  name: string,
  wanted: EntityOptions & { trust?: PolicyDocument; tags?: Record<string, string> } = {},
): Role {
  const made: Role = {
    ...entity('AROA', name, wanted),
    trust: wanted.trust ?? policy(),
    lastUsedAt: undefined,
    tags: wanted.tags ?? {},
  };
  account.roles.set(name, made);
  return made;
}

/** A policy of the account's own, with one version; attach its `arn` by the `attached` of a role, user or group. */
export function managedPolicy(
  account: Account,
  name: string,
  document: PolicyDocument,
  wanted: { path?: string; partition?: string } = {},
): ManagedPolicy {
  const { path = '/', partition = 'aws' } = wanted;
  const createdAt = new Date('2024-03-01T09:00:00Z');
  const made: ManagedPolicy = {
    name,
    path,
    id: uniqueId('ANPA', 21),
    arn: `arn:${partition}:iam::${account.id}:policy${path}${name}`,
    createdAt,
    versions: new Map([['v1', { document, createdAt }]]),
    defaultVersion: 'v1',
  };
  account.managedPolicies.set(made.arn, made);
  return made;
}

/** The role by which a service acts in an account. */
export function serviceLinkedRole(account: Account, service: string, name: string): Role {
  return role(account, name, {
    path: `/aws-service-role/${service}/`,
    trust: policy({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }),
  });
}

export function user(account: Account, name: string, wanted: EntityOptions = {}): User {
  const made: User = entity('AIDA', name, wanted);
  account.users.set(name, made);
  return made;
}

export function group(account: Account, name: string, members: string[], wanted: EntityOptions = {}): Group {
  const { boundary: _none, ...common } = entity('AGPA', name, wanted);
  const made: Group = { ...common, members: new Set(members) };
  account.groups.set(name, made);
  return made;
}

/** A long-term access key of a user, or of the account root. */
export function accessKey(
  estate: Estate,
  account: Account,
  holder: User | 'root',
  key: { accessKeyId?: string; secretAccessKey?: string } = {},
): Credential {
  const made: Credential = {
    accessKeyId: key.accessKeyId ?? uniqueId('AKIA', 20),
    secretAccessKey: key.secretAccessKey ?? randomBytes(30).toString('base64'),
    sessionToken: undefined,
    accountId: account.id,
    principal: holder === 'root' ? { kind: 'root' } : { kind: 'user', name: holder.name },
    arn: arn(estate, 'iam', '', account.id, holder === 'root' ? 'root' : `user${holder.path}${holder.name}`),
    sessionName: undefined,
    sessionPolicies: [],
    sourceIdentity: undefined,
    sessionTags: {},
    expiresAt: undefined,
  };
  estate.credentials.set(made.accessKeyId, made);
  return made;
}

/** An id as IAM gives them: a prefix and hexadecimal digits, `length` characters together. */
export function uniqueId(prefix: string, length: number): string {
  return (
    prefix +
    randomBytes(length)
      .toString('hex')
      .slice(0, length - prefix.length)
      .toUpperCase()
  );
}
