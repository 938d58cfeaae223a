import type { KeyGrant } from '../snapshot/types.ts';
import { lowerCase, matchListed } from './evaluators/policy/decide.ts';
import { isEveryone, isStar } from './evaluators/policy/principal.ts';
import { limitsWho } from './evaluators/policy/public.ts';
import type { Condition, PolicyDocument, PrincipalId, Statement } from './evaluators/policy/types.ts';
import { namesOf } from './service-access.ts';
import { accountOf } from './subject.ts';

/** Who a statement or a grant lets decrypt. `principal` is an ARN or a pattern of one. */
export type Holder =
  | { kind: 'everyone' }
  | { kind: 'organization'; id: string }
  | { kind: 'account'; id: string }
  | { kind: 'principal'; arn: string }
  | { kind: 'other'; id: string };

/** A holder with where it is named: `statement Readers`, or the id of a grant. */
export type Held = { holder: Holder; by: { kind: 'statement' | 'grant'; name: string } };

/** Everybody an Allow statement of the key policy lets decrypt; AWS services, which no reader can steer, are left out. */
export function holdersByPolicy(policy: PolicyDocument): Held[] {
  return policy.statements.flatMap((statement, index): Held[] => {
    if (statement.effect !== 'Allow' || !mayDecrypt(statement)) return [];
    const by = { kind: 'statement', name: namesOf(policy, [index]) } as const;
    return holdersOf(statement).map((holder) => ({ holder, by }));
  });
}

/**
 * Everybody a grant lets decrypt logs. Left out: grants for services and service-linked roles, and those bound to an
 * encryption context that log files do not have.
 */
export function holdersByGrant(grants: readonly KeyGrant[]): Held[] {
  return grants.flatMap(({ GrantId, GranteePrincipal, Operations, Constraints }): Held[] => {
    if (!Operations.includes('Decrypt') || isService(GranteePrincipal) || !fitsLogs(Constraints)) return [];
    const holder = holderOf({ kind: 'AWS', id: GranteePrincipal });
    return holder === undefined ? [] : [{ holder, by: { kind: 'grant', name: GrantId } }];
  });
}

function mayDecrypt({ action }: Statement): boolean {
  return matchListed(lowerCase(action), 'kms:decrypt', {}, '') !== 'no';
}

function holdersOf({ principal, conditions }: Statement): Holder[] {
  if (isEveryone(principal)) return narrowed({ kind: 'everyone' }, conditions);
  return (principal?.values ?? []).flatMap((id) => {
    const holder = holderOf(id);
    if (holder === undefined) return [];
    return holder.kind === 'account' ? narrowed(holder, conditions) : [holder];
  });
}

/** Undefined for a service, and for a principal that was deleted: its bare id can never sign a request again. */
function holderOf(named: PrincipalId): Holder | undefined {
  const { kind, id } = named;
  if (isStar(named)) return { kind: 'everyone' };
  if (kind === 'Service' || /^(AIDA|AROA)[A-Z0-9]{12,}$/.test(id)) return undefined;
  if (kind !== 'AWS') return { kind: 'other', id };
  const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(id)?.[1];
  return account === undefined ? { kind: 'principal', arn: id } : { kind: 'account', id: account };
}

const ARNS = ['aws:principalarn'];
const ACCOUNTS = ['aws:principalaccount', 'kms:calleraccount', 'aws:sourceaccount'];
const ORGANIZATIONS = ['aws:principalorgid', 'aws:sourceorgid'];

/** Everybody, or everybody of an account, cut down to those whom the narrowest condition on the caller names. */
function narrowed(whole: Holder, conditions: readonly Condition[]): Holder[] {
  const of = (keys: readonly string[]) =>
    conditions.find((condition) => keys.includes(condition.key) && limitsWho(condition))?.values;
  const arns = of(ARNS);
  if (arns !== undefined) return arns.flatMap((id) => holderOf({ kind: 'AWS', id }) ?? []);
  if (whole.kind === 'account') return [whole];
  const accounts = of(ACCOUNTS) ?? of(['aws:sourcearn'])?.map(accountOf);
  if (accounts !== undefined) return accounts.map((id) => ({ kind: 'account', id }));
  return of(ORGANIZATIONS)?.map((id) => ({ kind: 'organization', id })) ?? [whole];
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
