import { accountIn } from './arn.ts';
import { PART_NAMES } from './catalogue.ts';
import { isUnreadable } from './part.ts';
import type { SnapshotConfig } from './take.ts';
import type { Target } from './target.ts';
import type { AccountFacts, Part, PartName, Snapshot, Unreadable } from './types.ts';

/** The accounts of the target, and those that own something they use, with how far each could be read. */
export function accountFacts(snapshot: Snapshot, target: Target, config: SnapshotConfig): Snapshot['accounts'] {
  const scope = new Map(target.accounts.map((account) => [account.id, account]));
  const problems = problemsByAccount(snapshot);
  const facts = [...new Set([...scope.keys(), ...ownersIn(snapshot)])].map((id): AccountFacts => {
    const problem = problems.get(id);
    const reason = problem?.state === 'unreachable' ? problem.message : undefined;
    return {
      id,
      name: scope.get(id)?.name ?? nameOf(id, snapshot, config),
      inScope: scope.has(id),
      status: problem === undefined ? 'scanned' : reason === undefined ? 'partly' : 'unreachable',
      ...(reason === undefined ? {} : { reason }),
      environments: scope.get(id)?.environments ?? environmentsOf(id, config),
    };
  });
  return Object.fromEntries(facts.map((account) => [account.id, account]));
}

/** Names of the environments that list an account. */
export function environmentsOf(id: string, { environments }: Pick<SnapshotConfig, 'environments'>): string[] {
  return Object.entries(environments)
    .filter(([, { accounts = [] }]) => accounts.some((account) => account.id === id))
    .map(([name]) => name);
}

function nameOf(id: string, snapshot: Snapshot, { environments }: SnapshotConfig): string {
  const members = snapshot['organization.accounts'].organization;
  const told = members?.state === 'read' ? members.value[id]?.Name : undefined;
  const listed = Object.values(environments).flatMap(({ accounts = [] }) => accounts);
  return listed.find((account) => account.id === id)?.name ?? told ?? id;
}

/** What went wrong in each account: not getting in at all outweighs everything else. */
function problemsByAccount(snapshot: Snapshot): Map<string, Unreadable> {
  const problems = new Map<string, Unreadable>();
  for (const part of allParts(snapshot)) {
    if (!isUnreadable(part) || part.state === 'unsupported') continue;
    if (part.state === 'unreachable' || !problems.has(part.account)) problems.set(part.account, part);
  }
  return problems;
}

/** A region that a policy closes is meant to be closed: nothing of the account is missing for it. */
function allParts(snapshot: Snapshot): Part<unknown>[] {
  return PART_NAMES.flatMap((name) => {
    const parts: Part<unknown>[] =
      name === 'trail.regionalStatus'
        ? Object.values(snapshot[name]).flatMap((regions) => Object.values<Part<unknown>>(regions))
        : Object.values<Part<unknown>>(snapshot[name]);
    return EVERY_REGION.has(name) ? parts.filter((part) => !(part.state === 'denied' && part.scp)) : parts;
  });
}

/** Parts that are asked for in every enabled region. */
const EVERY_REGION: ReadonlySet<PartName> = new Set([
  'trail.regionalStatus',
  'account.eventDataStores',
  'config.recorder',
  'config.deliveryChannel',
  'securityHub.hub',
]);

/** Accounts that own what the trails use. */
function ownersIn(snapshot: Snapshot): string[] {
  const values = <T>(parts: { [key: string]: Part<T> }) =>
    Object.values(parts).flatMap((part) => (part.state === 'read' ? [part.value] : []));
  const owners = [
    ...Object.keys(snapshot.trail).map(accountIn),
    ...values(snapshot.bucket).map(({ owner }) => owner ?? ''),
    ...values(snapshot.key).map(({ AWSAccountId }) => AWSAccountId),
    ...Object.keys(snapshot.key).map(accountIn),
    ...Object.keys(snapshot.eventDataStore).map(accountIn),
    ...Object.keys(snapshot.logGroup).map(accountIn),
    ...Object.keys(snapshot.topic).map(accountIn),
    ...values(snapshot.organization).map(({ MasterAccountId }) => MasterAccountId),
  ];
  return owners.filter((owner) => /^\d{12}$/.test(owner));
}
