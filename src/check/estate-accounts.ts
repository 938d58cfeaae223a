import type { Snapshot, Unreadable } from '../snapshot/types.ts';
import { partOf } from './check.ts';

export type EstateSnapshot = Pick<Snapshot, 'accounts' | 'organization.accounts'>;

/**
 * Is the account one of the estate: in an environment, entered by the reader, or in the organization? Where the
 * accounts of the organization could not be listed, the answer is why.
 */
export function inEstate(snapshot: EstateSnapshot, account: string): boolean | Unreadable {
  const known = snapshot.accounts[account];
  // An owner nobody can enter is in `accounts` too; that it owns something does not make it ours.
  if (known !== undefined && (known.inScope || known.environments.length > 0 || known.status !== 'unreachable')) {
    return true;
  }
  const members = partOf(snapshot['organization.accounts'], 'organization');
  if (members.state === 'read') return members.value[account] !== undefined;
  return members.state === 'absent' ? false : members;
}
