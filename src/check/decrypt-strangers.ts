import type { Key, Snapshot, Unreadable } from '../snapshot/types.ts';
import type { Party } from './bucket-parties.ts';
import { partOf } from './check.ts';
import type { Held } from './decrypt-holders.ts';
import { isDenied } from './denied-parties.ts';
import { type EstateSnapshot, inEstate } from './estate-accounts.ts';
import { globMatch } from './evaluators/glob.ts';
import type { PolicyDocument } from './evaluators/policy/types.ts';
import { accountOf } from './subject.ts';

/** Who is meant to decrypt. */
export interface Readers {
  /** ARNs, names of roles and users, account ids, an organization's id; globs reach into the estate only. */
  readers: readonly string[];
  /** Whoever IAM of the key's own account lets in. */
  trustAccountRoot: boolean;
  /** Role names that are ours or a landing zone's. */
  ownRoles: readonly string[];
}

/** Somebody who may decrypt and should not; `text` is half a sentence. */
export type Stranger = Held['by'] & { text: string };

/** Judges everybody who may decrypt; `doubts` are the accounts of which nobody can say whether they are ours. */
export function strangersAmong(
  held: readonly Held[],
  policy: PolicyDocument | undefined,
  key: Key,
  snapshot: EstateSnapshot & Pick<Snapshot, 'organization' | 'partition'>,
  readers: Readers,
): { strangers: Stranger[]; doubts: Unreadable[] } {
  // Whom a Deny spares in the key's own account is left to IAM there, as with the statement for its root.
  const accepted = (arn: string) =>
    (readers.trustAccountRoot && accountOf(arn) === key.AWSAccountId) ||
    objection({ kind: 'principal', arn }, key, snapshot, readers) === undefined;
  const denied = (party: Party) =>
    policy !== undefined && isDenied(policy, party, 'kms:Decrypt', key.Arn, snapshot, accepted);
  const judged = held.map(({ party, by }) => ({ by, party, text: objection(party, key, snapshot, readers) }));
  const left = judged.filter(({ party, text }) => text !== undefined && !denied(party));
  return {
    strangers: left.flatMap(({ by, text }) => (typeof text === 'string' ? [{ ...by, text }] : [])),
    doubts: left.flatMap(({ text }) => (typeof text === 'object' ? [text] : [])),
  };
}

/** What is wrong with a holder; undefined for a reader. */
function objection(
  party: Party,
  key: Key,
  snapshot: EstateSnapshot & Pick<Snapshot, 'organization'>,
  { readers, trustAccountRoot, ownRoles }: Readers,
): string | Unreadable | undefined {
  switch (party.kind) {
    case 'everyone':
      return 'everybody';
    case 'service':
    case 'canonical':
    case 'other':
      return readers.includes(party.id) ? undefined : `${party.id}, who is no reader`;
    case 'organization': {
      const organization = partOf(snapshot.organization, 'organization');
      const own = organization.state === 'read' && organization.value.Id === party.id;
      if (readers.includes(party.id) || (own && readers.includes('organization'))) return undefined;
      return `every account of the organization ${party.id}`;
    }
    case 'account': {
      if (party.id === key.AWSAccountId && trustAccountRoot) return undefined;
      if (readers.some((reader) => reader === party.id || reader.endsWith(`::${party.id}:root`))) return undefined;
      return outside(party.id, snapshot) ?? `account ${party.id} as a whole, which is no reader`;
    }
    case 'principal': {
      if (readers.includes(party.arn)) return undefined;
      const account = accountOf(party.arn);
      const stranger = outside(account, snapshot);
      if (stranger !== undefined) return stranger;
      const name = party.arn.split('/').at(-1) ?? '';
      const known = readers.some((glob) => globMatch(glob, party.arn) || globMatch(glob, name));
      const ours = party.arn.includes(':role/') && ownRoles.some((glob) => globMatch(glob, name));
      return known || ours ? undefined : `${party.arn}, who is no reader`;
    }
  }
}

function outside(account: string, snapshot: EstateSnapshot): string | Unreadable | undefined {
  const inside = inEstate(snapshot, account);
  if (typeof inside !== 'boolean') return inside;
  return inside ? undefined : `account ${account}, which is outside the estate`;
}
