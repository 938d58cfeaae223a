import { isStar } from './evaluators/policy/principal.ts';
import { limitsWho } from './evaluators/policy/public.ts';
import type { Condition, PrincipalId, Statement } from './evaluators/policy/types.ts';
import { accountOf } from './subject.ts';

/** Whom a statement lets in. `other` is federated, or deleted and shown by its bare id. */
export type Party =
  | { kind: 'everyone' }
  | { kind: 'organization'; id: string }
  | { kind: 'account'; id: string }
  | { kind: 'principal'; arn: string }
  | { kind: 'service' | 'canonical' | 'other'; id: string };

/** The parties of an Allow statement, everybody and accounts cut down to those whom its conditions name. */
export function partiesOf({ principal, conditions }: Statement): Party[] {
  if (principal === undefined || principal.not) return narrowed({ kind: 'everyone' }, conditions);
  const parties = principal.values.flatMap((id) => narrowed(partyOf(id), conditions));
  return [...new Map(parties.map((party) => [nameOf(party), party])).values()];
}

function partyOf(named: PrincipalId): Party {
  const { kind, id } = named;
  if (isStar(named)) return { kind: 'everyone' };
  if (kind === 'Service') return { kind: 'service', id };
  if (kind === 'CanonicalUser') return { kind: 'canonical', id };
  if (kind === 'Federated') return { kind: 'other', id };
  const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(id)?.[1];
  if (account !== undefined) return { kind: 'account', id: account };
  return id.startsWith('arn:') ? { kind: 'principal', arn: id } : { kind: 'other', id };
}

/** The narrowest condition on the caller counts: one ARN before an account, an account before an organization. */
function narrowed(whole: Party, conditions: readonly Condition[]): Party[] {
  if (whole.kind !== 'everyone' && whole.kind !== 'account') return [whole];
  const of = (...keys: string[]) => conditions.find((it) => keys.includes(it.key) && limitsWho(it))?.values;
  const arns = of('aws:principalarn');
  if (arns !== undefined) return arns.map((id) => partyOf({ kind: 'AWS', id }));
  if (whole.kind === 'account') return [whole];
  const accounts = of('aws:principalaccount', 'aws:sourceaccount') ?? of('aws:sourcearn')?.map(accountOf);
  if (accounts !== undefined) return accounts.map((id) => ({ kind: 'account', id }));
  const organizations = of('aws:principalorgid', 'aws:sourceorgid');
  const paths = of('aws:principalorgpaths', 'aws:sourceorgpaths')?.map((path) => path.split('/')[0] ?? '');
  return (organizations ?? paths)?.map((id) => ({ kind: 'organization', id })) ?? [whole];
}

/** A party for people. */
export function nameOf(party: Party): string {
  switch (party.kind) {
    case 'everyone':
      return 'everybody';
    case 'organization':
      return `every account of ${party.id}`;
    case 'account':
      return `account ${party.id}`;
    case 'principal':
      return party.arn;
    default:
      return party.id;
  }
}
