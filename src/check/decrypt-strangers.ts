import type { Key, Snapshot, Unreadable } from '../snapshot/types.ts';
import { partOf } from './check.ts';
import type { Held, Holder } from './decrypt-holders.ts';
import { type EstateSnapshot, inEstate } from './estate-accounts.ts';
import { globMatch } from './evaluators/glob.ts';
import { decide } from './evaluators/policy/decide.ts';
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
  const judged = held.map(({ holder, by }) => ({ by, holder, text: objection(holder, key, snapshot, readers) }));
  const left = judged.filter(({ holder, text }) => text !== undefined && !isDenied(holder, policy, key, snapshot));
  return {
    strangers: left.flatMap(({ by, text }) => (typeof text === 'string' ? [{ ...by, text }] : [])),
    doubts: left.flatMap(({ text }) => (typeof text === 'object' ? [text] : [])),
  };
}

/** What is wrong with a holder; undefined for a reader. */
function objection(
  holder: Holder,
  key: Key,
  snapshot: EstateSnapshot & Pick<Snapshot, 'organization'>,
  { readers, trustAccountRoot, ownRoles }: Readers,
): string | Unreadable | undefined {
  switch (holder.kind) {
    case 'everyone':
      return 'everybody';
    case 'other':
      return readers.includes(holder.id) ? undefined : `${holder.id}, who is no reader`;
    case 'organization': {
      const organization = partOf(snapshot.organization, 'organization');
      const own = organization.state === 'read' && organization.value.Id === holder.id;
      if (readers.includes(holder.id) || (own && readers.includes('organization'))) return undefined;
      return `every account of the organization ${holder.id}`;
    }
    case 'account': {
      if (holder.id === key.AWSAccountId && trustAccountRoot) return undefined;
      if (readers.some((reader) => reader === holder.id || reader.endsWith(`::${holder.id}:root`))) return undefined;
      return outside(holder.id, snapshot) ?? `account ${holder.id} as a whole, which is no reader`;
    }
    case 'principal': {
      if (readers.includes(holder.arn)) return undefined;
      const account = accountOf(holder.arn);
      const stranger = outside(account, snapshot);
      if (stranger !== undefined) return stranger;
      const name = holder.arn.split('/').at(-1) ?? '';
      const known = readers.some((glob) => globMatch(glob, holder.arn) || globMatch(glob, name));
      const ours = holder.arn.includes(':role/') && ownRoles.some((glob) => globMatch(glob, name));
      return known || ours ? undefined : `${holder.arn}, who is no reader`;
    }
  }
}

function outside(account: string, snapshot: EstateSnapshot): string | Unreadable | undefined {
  const inside = inEstate(snapshot, account);
  if (typeof inside !== 'boolean') return inside;
  return inside ? undefined : `account ${account}, which is outside the estate`;
}

/** A name that no reader has, so that a Deny which spares the readers is seen to hit everybody else. */
const NOBODY = 'role/nobody-in-particular';

/** Does a Deny of the key policy keep the holder out for certain? */
function isDenied(
  holder: Holder,
  policy: PolicyDocument | undefined,
  key: Key,
  snapshot: Pick<Snapshot, 'organization' | 'partition'>,
): boolean {
  if (policy === undefined || holder.kind === 'other') return false;
  const arnIn = (account: string) => `arn:${snapshot.partition}:iam::${account}:${NOBODY}`;
  const probe = (aws: string, organization: readonly string[] | undefined) => {
    const account = accountOf(aws);
    const context = {
      'aws:principalarn': [aws],
      'aws:principalaccount': [account],
      'kms:calleraccount': [account],
      'aws:principalorgid': organization,
      'aws:principalisawsservice': ['false'],
    };
    const request = { principal: { aws }, action: 'kms:Decrypt', resource: key.Arn, context };
    return decide(policy, request).effect === 'deny';
  };
  switch (holder.kind) {
    case 'principal':
      return probe(holder.arn, undefined);
    case 'account':
      return probe(arnIn(holder.id), undefined);
    case 'organization':
      return probe(arnIn('000000000000'), [holder.id]);
    case 'everyone': {
      const organization = partOf(snapshot.organization, 'organization');
      // Both somebody from nowhere and a colleague: a Deny of other organizations leaves the second one in.
      const ids = organization.state === 'read' ? [[], [organization.value.Id]] : [[]];
      return ids.every((id) => probe(arnIn('000000000000'), id));
    }
  }
}
