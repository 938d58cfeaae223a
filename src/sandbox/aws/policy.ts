/** IAM policy language: which statements of a document speak of a request, and what they say. */
import { conditionsHold } from './condition.ts';
import { globMatches, listOf } from './glob.ts';
import type { PolicyDocument, PolicyStatement } from './types.ts';

export { globMatches, listOf };

export interface PolicyRequest {
  /** Undefined for documents without principals (identity, boundary, session and service control policies). */
  principal?: PolicyPrincipal;
  action: string;
  /** Undefined where documents carry no resources (role trust). */
  resource?: string;
  /** Condition keys and their values; names compare without case. */
  context: Record<string, string | string[]>;
}

/** Everything a `Principal` element may name a caller by. */
export type PolicyPrincipal =
  | {
      kind: 'aws';
      account: string /** Session or user ARN. */;
      arn: string /** Role ARN behind a session. */;
      roleArn?: string;
    }
  | { kind: 'service'; name: string };

/** How closely an allowing statement names the caller; decides what else must allow (same-account grants). */
export type Grant = 'none' | 'account' | 'role' | 'exact' | 'any';

export interface Decision {
  denied: boolean;
  /** The strongest grant among allowing statements. */
  grant: Grant;
}

const STRENGTH: Grant[] = ['none', 'account', 'any', 'role', 'exact'];

/** What one document says of a request; a denial does not hide the grant. */
export function decide(document: PolicyDocument, request: PolicyRequest): Decision {
  const decision: Decision = { denied: false, grant: 'none' };
  for (const statement of document.Statement) {
    const grant = speaksOf(statement, request);
    if (grant === 'none') continue;
    if (statement.Effect === 'Deny') decision.denied = true;
    else if (STRENGTH.indexOf(grant) > STRENGTH.indexOf(decision.grant)) decision.grant = grant;
  }
  return decision;
}

function speaksOf(statement: PolicyStatement, request: PolicyRequest): Grant {
  if (!actionMatches(statement, request.action)) return 'none';
  if (request.resource !== undefined && !resourceMatches(statement, request.resource)) return 'none';
  const grant = principalMatches(statement, request.principal);
  if (grant === 'none') return 'none';
  return conditionsHold(statement.Condition, request.context) ? grant : 'none';
}

function actionMatches(statement: PolicyStatement, action: string): boolean {
  const matches = (pattern: string) => globMatches(pattern.toLowerCase(), action.toLowerCase());
  if (statement.NotAction !== undefined) return !listOf(statement.NotAction).some(matches);
  return listOf(statement.Action).some(matches);
}

function resourceMatches(statement: PolicyStatement, resource: string): boolean {
  const matches = (pattern: string) => globMatches(pattern, resource);
  if (statement.NotResource !== undefined) return !listOf(statement.NotResource).some(matches);
  return statement.Resource === undefined || listOf(statement.Resource).some(matches);
}

function principalMatches(statement: PolicyStatement, principal: PolicyPrincipal | undefined): Grant {
  if (statement.NotPrincipal !== undefined) {
    if (!principal) return 'none';
    return namedBy(statement.NotPrincipal, principal) === 'none' ? 'any' : 'none';
  }
  if (statement.Principal === undefined) return principal ? 'none' : 'any';
  return principal ? namedBy(statement.Principal, principal) : 'none';
}

function namedBy(element: string | Record<string, string | string[]>, principal: PolicyPrincipal): Grant {
  if (element === '*') return 'any';
  if (typeof element === 'string') return 'none';
  if (principal.kind === 'service') {
    const services = listOf(element.Service);
    return services.includes(principal.name) ? 'exact' : listOf(element.AWS).includes('*') ? 'any' : 'none';
  }
  const grants = listOf(element.AWS).map((name): Grant => {
    if (name === '*') return 'any';
    if (name === principal.arn) return 'exact';
    if (name === principal.roleArn) return 'role';
    const account = /^\d{12}$/.test(name) ? name : /^arn:[\w-]+:iam::(\d{12}):root$/.exec(name)?.[1];
    return account === principal.account ? 'account' : 'none';
  });
  return grants.reduce<Grant>(
    (best, grant) => (STRENGTH.indexOf(grant) > STRENGTH.indexOf(best) ? grant : best),
    'none',
  );
}
