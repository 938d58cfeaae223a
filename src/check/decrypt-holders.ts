import type { KeyGrant } from '../snapshot/types.ts';
import { type Party, partiesOf } from './bucket-parties.ts';
import { lowerCase, matchListed } from './evaluators/policy/decide.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import type { PolicyDocument, Statement } from './evaluators/policy/types.ts';
import { namesOf } from './service-access.ts';

/** Whom a statement of the key policy (by its name) or a grant (by its id) lets decrypt. */
export type Held = { party: Party; by: { kind: 'statement' | 'grant'; name: string } };

/** Everybody an Allow statement of the key policy lets decrypt; AWS services, which no reader can steer, are left out. */
export function holdersByPolicy(policy: PolicyDocument): Held[] {
  return policy.statements.flatMap((statement, index): Held[] => {
    if (statement.effect !== 'Allow' || !mayDecrypt(statement)) return [];
    const by = { kind: 'statement', name: namesOf(policy, [index]) } as const;
    return peopleIn(statement).map((party) => ({ party, by }));
  });
}

/**
 * Everybody a grant lets decrypt logs. Left out: grants for services and service-linked roles, and those bound to an
 * encryption context that log files do not have.
 */
export function holdersByGrant(grants: readonly KeyGrant[]): Held[] {
  return grants.flatMap(({ GrantId, GranteePrincipal, Operations, Constraints }): Held[] => {
    if (!Operations.includes('Decrypt') || isService(GranteePrincipal) || !fitsLogs(Constraints)) return [];
    const granted = { Effect: 'Allow', Principal: { AWS: GranteePrincipal }, Action: 'kms:Decrypt' };
    const policy = parsePolicy({ Statement: granted });
    const parties = isPolicyError(policy) ? [] : policy.statements.flatMap(peopleIn);
    return parties.map((party) => ({ party, by: { kind: 'grant', name: GrantId } }));
  });
}

function mayDecrypt({ action }: Statement): boolean {
  return matchListed(lowerCase(action), 'kms:decrypt', {}, '') !== 'no';
}

/** Without services, and without principals that were deleted: a bare id can never sign a request again. */
function peopleIn(statement: Statement): Party[] {
  const conditions = statement.conditions.map((condition) =>
    // The name that KMS has for it.
    condition.key === 'kms:calleraccount' ? { ...condition, key: 'aws:principalaccount' } : condition,
  );
  return partiesOf({ ...statement, conditions }).filter(
    (party) => party.kind !== 'service' && !('id' in party && /^(AIDA|AROA)[A-Z0-9]{12,}$/.test(party.id)),
  );
}

function isService(grantee: string): boolean {
  return grantee.includes(':role/aws-service-role/') || /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(grantee);
}

/** S3 encrypts log files under these keys of the context; a grant bound to another one opens none of them. */
const LOG_CONTEXT = new Set(['aws:cloudtrail:arn', 'aws:s3:arn']);

function fitsLogs(constraints: KeyGrant['Constraints']): boolean {
  return Object.values(constraints ?? {}).every((context) => {
    const bound = typeof context === 'object' && context !== null && !Array.isArray(context);
    return !bound || Object.keys(context).every((key) => LOG_CONTEXT.has(key));
  });
}
