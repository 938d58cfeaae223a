import type { Listed, PrincipalId, Verdict } from './types.ts';
import { opposite, some, verdictOf } from './verdict.ts';

/** Who asks: an AWS service, one principal by its ARN, or somebody of whom nothing is known. */
export type Caller = { readonly service: string } | { readonly aws: string } | { readonly anyone: true };

/** Is the caller among the principals of a statement? Identity policies name none: the holder is meant. */
export function matchPrincipal(principal: Listed<PrincipalId> | undefined, caller: Caller): Verdict {
  if (principal === undefined) return 'yes';
  const named = some(principal.values.map((id) => matchOne(id, caller)));
  return principal.not ? opposite(named) : named;
}

/** Everyone: `*`, or a NotPrincipal that leaves only a few out. */
export function isEveryone(principal: Listed<PrincipalId> | undefined): boolean {
  if (principal === undefined) return false;
  return principal.not || principal.values.some(isStar);
}

export function isStar({ kind, id }: PrincipalId): boolean {
  return kind === 'AWS' && id === '*';
}

function matchOne(named: PrincipalId, caller: Caller): Verdict {
  if (isStar(named)) return 'yes';
  if ('anyone' in caller) return 'no';
  if ('service' in caller) return verdictOf(named.kind === 'Service' && named.id === caller.service);
  // A canonical user id stands for an account that cannot be told from it.
  if (named.kind === 'CanonicalUser') return 'maybe';
  if (named.kind !== 'AWS') return 'no';
  const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(named.id)?.[1];
  if (account !== undefined) return verdictOf(caller.aws.split(':')[4] === account);
  return verdictOf(named.id === caller.aws || isSessionOf(caller.aws, named.id));
}

/** `arn:aws:sts::1:assumed-role/Name/session` acts for the role `Name` of that account, whatever the role's path. */
function isSessionOf(session: string, role: string): boolean {
  const [, account, name] = /^arn:[^:]+:sts::(\d+):assumed-role\/([^/]+)\/.+$/.exec(session) ?? [];
  const [, owner, path] = /^arn:[^:]+:iam::(\d+):role\/(.+)$/.exec(role) ?? [];
  return account !== undefined && account === owner && path?.split('/').at(-1) === name;
}
