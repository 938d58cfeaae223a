import type { Part, Snapshot } from '../snapshot/types.ts';
import { partOf } from './check.ts';
import { pathOf, ruling } from './service-control.ts';

export const CLOSED_NEEDS = ['organization', 'organization.policies'] as const;

/**
 * Is a region closed for an account by a policy of its organization that asks for `aws:RequestedRegion`? Told by the
 * policies where they can be read, and by a refusal of what was answered elsewhere. `parts` are what was read of the
 * account, by `<account>/<region>`.
 */
export function isClosedRegion(
  snapshot: Pick<Snapshot, (typeof CLOSED_NEEDS)[number] | 'partition'>,
  account: string,
  region: string,
  parts: { readonly [place: string]: Part<unknown> },
): boolean {
  if (isRefusedThere(parts, `${account}/${region}`)) return true;
  const organization = partOf(snapshot.organization, 'organization');
  const policies = partOf(snapshot['organization.policies'], 'organization');
  if (organization.state !== 'read' || policies.state !== 'read' || !policies.value.enabled) return false;
  const { Id, MasterAccountId } = organization.value;
  if (account === MasterAccountId) return false;
  // Such policies spare the calls that a landing zone itself makes everywhere; starting a machine never is one of them.
  const { by } = ruling(pathOf(policies.value, account), {
    action: 'ec2:RunInstances',
    resource: '*',
    principalArn: `arn:${snapshot.partition}:iam::${account}:role/any`,
    region,
    organizationId: Id,
  });
  return by.some(({ statement }) => statement.conditions.some(({ key }) => key === 'aws:requestedregion'));
}

/**
 * Did a policy of the organization refuse, at this `<account>/<region>`, what it let through in another region of the
 * account? Nothing but the region is different then.
 */
export function isRefusedThere(parts: { readonly [place: string]: Part<unknown> }, place: string): boolean {
  const here = parts[place];
  if (here?.state !== 'denied' || !here.scp) return false;
  const account = place.slice(0, place.indexOf('/') + 1);
  return Object.entries(parts).some(
    ([other, { state }]) => other.startsWith(account) && (state === 'read' || state === 'absent'),
  );
}
