import type { Given, Role, Statement } from './statement.ts';

/** The documents of a role as IAM takes them; `trust` only where it is known who enters, and with which external id. */
export interface RoleDocuments {
  trust?: object;
  permissions: object;
  boundary?: object;
}

export function roleDocuments({ trust, permissions, boundary }: Role, given: Given): RoleDocuments {
  return {
    ...(given.hub !== undefined && given.externalId !== undefined && { trust: policyDocument(trust, given) }),
    permissions: policyDocument(permissions, given),
    ...(boundary !== undefined && { boundary: policyDocument(boundary, given) }),
  };
}

/** One policy document, with every value in its place. */
export function policyDocument(statements: readonly Statement[], given: Given): object {
  return {
    Version: '2012-10-17',
    Statement: statements.flatMap((statement) => {
      const { sid, effect, principal, actions, resources, condition } = statement;
      const named = typeof resources === 'string' ? given[resources] : resources;
      if (named?.length === 0) return [];
      const filled = {
        Sid: sid,
        Effect: effect,
        ...(principal !== undefined && { Principal: { AWS: principal } }),
        Action: scalar(actions),
        ...(named !== undefined && { Resource: scalar(named) }),
        ...(condition !== undefined && { Condition: condition }),
      };
      return [fill(filled, (text) => withValues(text, given))];
    }),
  };
}

function withValues(text: string, { partition, account, hub = '', externalId = '' }: Given): string {
  const values = { partition, account, hub, externalId };
  return Object.entries(values).reduce((filled, [name, value]) => filled.replaceAll(`{${name}}`, value), text);
}

/** Every text of a document, replaced. */
export function fill<T>(value: unknown, replace: (text: string) => T): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => fill(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, replace)]));
}

export const scalar = (items: readonly string[]) => (items.length === 1 ? items[0] : items);
