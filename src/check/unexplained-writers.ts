import type { Snapshot, Trail } from '../snapshot/types.ts';
import { partOf } from './check.ts';
import type { PolicyDocument } from './evaluators/policy/types.ts';
import { namesOf } from './service-access.ts';

/** The parts that say whether every trail that may deliver into a bucket is known. */
export const EXPLAIN_NEEDS = ['trail', 'account.trails', 'organization', 'organization.accounts'] as const;

type ExplainSnapshot = Pick<Snapshot, (typeof EXPLAIN_NEEDS)[number] | 'accounts'>;

/**
 * Why there may be a trail that delivers by one of these statements and that nobody here knows, as a sentence; undefined
 * where every account that the statements' paths name has been read and has a known trail. A path that names no account
 * is open to all of them.
 */
export function unexplained(
  policy: PolicyDocument,
  indexes: readonly number[],
  bucketArn: string,
  trails: readonly Trail[],
  snapshot: ExplainSnapshot,
): string | undefined {
  const unread = Object.entries(snapshot.trail).find(([, { state }]) => state !== 'read' && state !== 'absent');
  if (unread !== undefined) return `The trail ${unread[0]} could not be read, and may deliver here.`;
  for (const index of indexes) {
    const statement = policy.statements[index];
    const { not, values } = statement?.resource ?? { not: true, values: [] };
    for (const id of not ? ['everybody'] : values.flatMap((value) => writerOf(value, bucketArn) ?? [])) {
      const problem = explain(id, trails, snapshot);
      if (problem !== undefined) return `${namesOf(policy, [index])}: ${problem}`;
    }
  }
  return undefined;
}

/** The account or organization in whose folder a resource lies; undefined for no file of this bucket. */
function writerOf(resource: string, bucketArn: string): string | undefined {
  if (!resource.startsWith(`${bucketArn}/`)) return /[*?]/.test(resource) ? 'everybody' : undefined;
  const [, id] = /\/(?:.*\/)?AWSLogs\/(\d{12}|o-[a-z0-9]+)\//.exec(resource.slice(bucketArn.length)) ?? [];
  return id ?? 'everybody';
}

function explain(id: string, trails: readonly Trail[], snapshot: ExplainSnapshot): string | undefined {
  const isRead = (account: string) => partOf(snapshot['account.trails'], account).state === 'read';
  if (id.startsWith('o-')) {
    const known = trails.some(({ IsOrganizationTrail }) => IsOrganizationTrail);
    return known ? undefined : `no trail of the organization ${id} is known to deliver here.`;
  }
  if (id !== 'everybody') {
    if (!isRead(id)) return `the trails of account ${id} were not read.`;
    return trails.some(({ owner }) => owner === id) ? undefined : `account ${id} has no trail that delivers here.`;
  }
  const members = partOf(snapshot['organization.accounts'], 'organization');
  if (members.state !== 'read' && members.state !== 'absent') {
    return 'it is open to every account, and the accounts of the organization could not be listed.';
  }
  const active = members.state === 'read' ? Object.values(members.value).filter(({ State }) => State === 'ACTIVE') : [];
  const all = [...new Set([...Object.keys(snapshot.accounts), ...active.map(({ Id }) => Id)])];
  const hidden = all.find((account) => !isRead(account));
  return hidden === undefined
    ? undefined
    : `it is open to every account, and the trails of account ${hidden} were not read.`;
}
