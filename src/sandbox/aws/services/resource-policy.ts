/** Policies on resources: who they may name, how AWS hands them back, and when S3 calls one public. */
import { createHash } from 'node:crypto';
import { listOf } from '../glob.ts';
import { AwsError, type Estate, type PolicyDocument, type PolicyStatement } from '../types.ts';

type Principal = NonNullable<PolicyStatement['Principal']>;
type Condition = NonNullable<PolicyStatement['Condition']>;

/** Refuses principals that do not exist; ids of deleted users and roles (AIDA…, AROA…) are of that kind. */
export function refuseUnknownPrincipals(estate: Estate, document: PolicyDocument, error: AwsError): void {
  for (const statement of document.Statement) {
    for (const element of [statement.Principal, statement.NotPrincipal]) {
      if (element === undefined || element === '*') continue;
      if (typeof element === 'string') throw error;
      if (!listOf(element.AWS).every((name) => name === '*' || principalExists(estate, name))) throw error;
      const known = /^[a-z\d-]+(\.[a-z\d-]+)*\.(amazonaws\.com(\.cn)?|amazon\.com)$/;
      if (!listOf(element.Service).every((name) => known.test(name))) throw error;
    }
  }
}

/** Accounts outside the estate cannot be looked into and pass. */
function principalExists(estate: Estate, name: string): boolean {
  if (/^\d{12}$/.test(name)) return true;
  const match = /^arn:[\w-]+:(?:iam|sts)::(\d{12}):(root|(user|role|assumed-role)\/(.+))$/.exec(name);
  if (!match) return false;
  const [, id = '', , kind, rest = ''] = match;
  const account = estate.accounts.get(id);
  if (!account || kind === undefined) return true;
  const parts = rest.split('/');
  if (kind === 'assumed-role') return account.roles.has(parts[0] ?? '');
  const holders: Map<string, unknown> = kind === 'user' ? account.users : account.roles;
  return holders.has(parts.at(-1) ?? '');
}

/**
 * The document as S3 stores it: actions sorted, account ids as root ARNs, principals in no order a caller can rely on,
 * lists of one element as scalars, condition values as text.
 */
export function canonicalPolicy(estate: Estate, document: PolicyDocument): PolicyDocument {
  const { Statement, ...rest } = canonicalPrincipals(estate, document);
  return {
    ...rest,
    Statement: Statement.map((statement) => ({
      ...statement,
      ...(statement.Action === undefined ? {} : { Action: scalar(listOf(statement.Action).toSorted()) }),
      ...(statement.NotAction === undefined ? {} : { NotAction: scalar(listOf(statement.NotAction).toSorted()) }),
      ...(statement.Resource === undefined ? {} : { Resource: scalar(listOf(statement.Resource)) }),
      ...(statement.NotResource === undefined ? {} : { NotResource: scalar(listOf(statement.NotResource)) }),
      ...(statement.Condition === undefined ? {} : { Condition: canonicalCondition(statement.Condition) }),
    })),
  };
}

/** Only the principals rewritten, as KMS does: the rest of a key policy is kept as it was sent. */
export function canonicalPrincipals(estate: Estate, document: PolicyDocument): PolicyDocument {
  return {
    ...document,
    Statement: document.Statement.map((statement) => ({
      ...statement,
      ...(statement.Principal === undefined ? {} : { Principal: canonicalPrincipal(estate, statement.Principal) }),
      ...(statement.NotPrincipal === undefined
        ? {}
        : { NotPrincipal: canonicalPrincipal(estate, statement.NotPrincipal) }),
    })),
  };
}

function canonicalPrincipal(estate: Estate, principal: Principal): Principal {
  if (typeof principal === 'string') return principal;
  return Object.fromEntries(
    Object.entries(principal).map(([kind, names]) => {
      const full = listOf(names).map((name) => (kind === 'AWS' ? rootArn(estate, name) : name));
      return [kind, scalar([...new Set(full)].toSorted().toReversed())];
    }),
  );
}

function canonicalCondition(condition: Condition): Condition {
  const values = (value: string | string[] | boolean | number) =>
    scalar(listOf<string | boolean | number>(value).map(String));
  return Object.fromEntries(
    Object.entries(condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, values(value)])),
    ]),
  );
}

function rootArn(estate: Estate, name: string): string {
  return /^\d{12}$/.test(name) ? `arn:${estate.partition}:iam::${name}:root` : name;
}

function scalar(values: string[]): string | string[] {
  return values.length === 1 && values[0] !== undefined ? values[0] : values;
}

/** A policy as it is read: a user or role deleted since it was stored appears by its unique id. */
export function policyAsRead(estate: Estate, document: PolicyDocument): PolicyDocument {
  return {
    ...document,
    Statement: document.Statement.map((statement) => {
      if (statement.Principal === undefined || typeof statement.Principal === 'string') return statement;
      const { AWS, ...others } = statement.Principal;
      if (AWS === undefined) return statement;
      const names = listOf(AWS).map((name) => (name === '*' || principalExists(estate, name) ? name : deadId(name)));
      return { ...statement, Principal: { ...others, AWS: Array.isArray(AWS) ? names : scalar(names) } };
    }),
  };
}

function deadId(name: string): string {
  if (!name.startsWith('arn:')) return name;
  const digest = createHash('sha256').update(name).digest('hex').toUpperCase();
  return `${name.includes(':user/') ? 'AIDA' : 'AROA'}${digest.slice(0, 17)}`;
}

/** Condition keys with which S3 takes a wildcard principal as not public, provided that their values are fixed. */
const NARROWING = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
]);

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html ("The meaning of public") */
export function isPublic(document: PolicyDocument | undefined): boolean {
  return (document?.Statement ?? []).some(
    (statement) => statement.Effect === 'Allow' && anyone(statement) && !narrowed(statement.Condition),
  );
}

function anyone(statement: PolicyStatement): boolean {
  if (statement.NotPrincipal !== undefined) return true;
  if (statement.Principal === undefined) return false;
  return statement.Principal === '*' || (typeof statement.Principal === 'object' && namesAll(statement.Principal));
}

function namesAll(principal: Record<string, string | string[]>): boolean {
  return listOf(principal.AWS).includes('*');
}

function narrowed(condition: PolicyStatement['Condition']): boolean {
  return Object.entries(condition ?? {}).some(([operator, keys]) => {
    if (/not|ifexists|null/i.test(operator)) return false;
    return Object.entries(keys).some(
      ([key, value]) =>
        NARROWING.has(key.toLowerCase()) &&
        listOf<string | boolean | number>(value).every((item) => isFixed(key, String(item))),
    );
  });
}

function isFixed(key: string, value: string): boolean {
  if (key.toLowerCase() === 'aws:sourceip') return Number(value.split('/')[1] ?? 32) >= 8;
  if (key.toLowerCase() === 'aws:sourcearn') return /^\d{12}$/.test(value.split(':')[4] ?? '') || !/[*?]/.test(value);
  return !/[*?]/.test(value) || /^arn:[^*?]*:\d{12}:/.test(value);
}

export function invalidPrincipal(code: string): AwsError {
  return new AwsError(code, 'Invalid principal in policy');
}
