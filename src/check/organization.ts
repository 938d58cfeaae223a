import type { Snapshot } from '../snapshot/types.ts';
import { partOf } from './check.ts';

/**
 * The organization an account belongs to: its id, null where the estate is in none, undefined where it cannot be told
 * (the organization or its list of accounts was not read, or the account is not in that list).
 */
export function organizationIdOf(
  snapshot: Pick<Snapshot, 'organization' | 'organization.accounts'>,
  account: string,
): string | null | undefined {
  const organization = partOf(snapshot.organization, 'organization');
  if (organization.state === 'absent') return null;
  if (organization.state !== 'read') return undefined;
  const { Id, MasterAccountId } = organization.value;
  if (account === MasterAccountId) return Id;
  const accounts = partOf(snapshot['organization.accounts'], 'organization');
  return accounts.state === 'read' && accounts.value[account] !== undefined ? Id : undefined;
}
