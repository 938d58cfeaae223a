import { actionsOf } from '../aws/permissions.ts';
import { partOf } from '../check/check.ts';
import type { Change } from '../check/plan.ts';
import { pathOf, ruling } from '../check/service-control.ts';
import type { Snapshot } from '../snapshot/types.ts';

/**
 * The service control policy that keeps the fixer from a change, as a sentence; undefined where none is known to
 * (decision 7). `fixer` is the name, or path and name, of its role. The management account is bound by none.
 */
export function barredByPolicy(
  changes: readonly Change[],
  snapshot: Snapshot,
  fixer: string | undefined,
): string | undefined {
  const organization = partOf(snapshot.organization, 'organization');
  const policies = partOf(snapshot['organization.policies'], 'organization');
  if (fixer === undefined || organization.state !== 'read' || policies.state !== 'read' || !policies.value.enabled) {
    return undefined;
  }
  const { partition } = snapshot;
  for (const { account, region, operation, input, resource } of changes) {
    if (account === organization.value.MasterAccountId) continue;
    const path = pathOf(policies.value, account);
    for (const needed of actionsOf(operation, input, { account, region, partition, resource })) {
      const { denied, by } = ruling(path, {
        action: needed.action,
        resource: needed.resource,
        principalArn: `arn:${partition}:iam::${account}:role/${fixer}`,
        region,
        organizationId: organization.value.Id,
      });
      if (denied !== 'yes') continue;
      const who = by[0] === undefined ? 'The service control policies' : `The service control policy ${by[0].policy}`;
      return `${who} of ${organization.value.Id} denies ${needed.action} to the fixer in account ${account}`;
    }
  }
  return undefined;
}

/** The account of a change that cannot be entered, as a sentence: a delegated administrator tells of trails there. */
export function outOfReach(changes: readonly Change[], { accounts }: Pick<Snapshot, 'accounts'>): string | undefined {
  const closed = changes.map(({ account }) => accounts[account]).find((facts) => facts?.status === 'unreachable');
  return closed && `Account ${closed.id} cannot be entered: ${closed.reason ?? 'no reason given'}`;
}
