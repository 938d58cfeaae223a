import type { Key, Snapshot } from '../snapshot/types.ts';
import { partOf } from './check.ts';
import { type EstateSnapshot, inEstate } from './estate-accounts.ts';
import type { Statement } from './evaluators/policy/types.ts';
import { CONTEXT_KEY, isPositive, mayServeStore } from './key-sources.ts';
import { accountOf } from './subject.ts';

type Users = EstateSnapshot & Pick<Snapshot, 'account.trails' | 'trail' | 'account.eventDataStores'>;

/**
 * The accounts of the estate whose trails may use a key through these statements, and of which it is not known what
 * trails (or, where a statement may serve one, event data stores) they have. A list of sources can be written only if
 * there are none: whoever is left out of it can no longer deliver.
 */
export function unknownUsers(
  statements: readonly Statement[],
  key: Key,
  snapshot: Users,
): { accounts: string[] } | { problem: string } {
  const named = statements.map(accountsNamed);
  const everybody = named.includes(undefined) ? everyAccount(snapshot) : [];
  if (everybody === undefined) {
    return { problem: 'The accounts of the organization could not be listed, and any of them may use the key.' };
  }
  const accounts = new Set([...everybody, ...named.flatMap((ids) => ids ?? [])]);
  const stores = statements.some(mayServeStore);
  const unknown = [...accounts]
    .filter((account) => inEstate(snapshot, account) !== false)
    .filter((account) => !knowsTrails(snapshot, account) || (stores && !knowsStores(snapshot, account, key.region)));
  return { accounts: unknown.sort() };
}

/** The accounts a statement is limited to; undefined where it takes any. */
function accountsNamed({ conditions }: Statement): string[] | undefined {
  for (const condition of conditions.filter(isPositive)) {
    const { key, values } = condition;
    const arns = key === 'aws:sourcearn' || key === CONTEXT_KEY;
    if (!arns && key !== 'aws:sourceaccount') continue;
    const accounts = arns ? values.map(accountOf) : [...values];
    if (accounts.every((account) => /^\d{12}$/.test(account))) return accounts;
  }
  return undefined;
}

/** Accounts that hold no more resources are of no account. */
function everyAccount(snapshot: EstateSnapshot): string[] | undefined {
  const members = partOf(snapshot['organization.accounts'], 'organization');
  if (members.state !== 'read' && members.state !== 'absent') return undefined;
  const listed = members.state === 'read' ? Object.values(members.value) : [];
  return [...Object.keys(snapshot.accounts), ...listed.flatMap(({ Id, State }) => (State === 'ACTIVE' ? [Id] : []))];
}

function knowsTrails(snapshot: Users, account: string): boolean {
  const listing = partOf(snapshot['account.trails'], account);
  if (listing.state === 'absent') return true;
  if (listing.state !== 'read') return false;
  return listing.value.every(({ TrailARN }) => {
    const { state } = partOf(snapshot.trail, TrailARN);
    return state === 'read' || state === 'absent';
  });
}

function knowsStores(snapshot: Users, account: string, region: string): boolean {
  const { state } = partOf(snapshot['account.eventDataStores'], `${account}/${region}`);
  return state === 'read' || state === 'absent' || state === 'unsupported';
}
