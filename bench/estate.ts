import { addAccount, DEMO_ACCOUNTS, DEMO_READER, recorder, role, serviceLinkedRole } from '../src/sandbox/aws/index.ts';
import type { Estate } from '../src/sandbox/aws/types.ts';

/** Adds members to an estate until it has `accounts`: covered by the organization trail, with no trail of their own. */
export function addMembers(estate: Estate, accounts: number): void {
  const pattern = estate.accounts.get(DEMO_ACCOUNTS.staging)?.roles.get(DEMO_READER);
  if (pattern === undefined) throw new Error('the demo estate has no reader role to copy');
  for (let number = estate.accounts.size; number < accounts; number += 1) {
    const account = addAccount(estate, {
      id: String(700_000_000_000 + number),
      name: `acme-member-${number}`,
      unit: 'Prod',
    });
    serviceLinkedRole(account, 'cloudtrail.amazonaws.com', 'AWSServiceRoleForCloudTrail');
    recorder(account, 'us-east-1');
    role(account, DEMO_READER, { trust: pattern.trust, inline: Object.fromEntries(pattern.inline) });
  }
}
