import type { Party } from './bucket-parties.ts';
import { globMatch } from './evaluators/glob.ts';
import { isLegacyPrincipal } from './legacy-principals.ts';
import { accountOf } from './subject.ts';

/** Services that leave logs in buckets. CloudWatch Logs exports by a principal of its region. */
const DELIVERING = new Set([
  'cloudtrail.amazonaws.com',
  'config.amazonaws.com',
  'delivery.logs.amazonaws.com',
  'logging.s3.amazonaws.com',
  'logdelivery.elasticloadbalancing.amazonaws.com',
]);

export function deliversLogs(party: Party): boolean {
  if (party.kind === 'service') return DELIVERING.has(party.id) || /^logs\.[a-z0-9-]+\.amazonaws\.com$/.test(party.id);
  return party.kind === 'account' && isLegacyPrincipal({ kind: 'AWS', id: party.id });
}

/**
 * Is the party in a list of account ids, ARNs (globs too), services and canonical ids? The word `organization`, or its
 * id, stands for the whole of the own one.
 */
export function isListed(party: Party, list: readonly string[], ownOrganization: string | undefined): boolean {
  const accountListed = (account: string) =>
    list.some((entry) => entry === account || entry.endsWith(`::${account}:root`));
  switch (party.kind) {
    case 'everyone':
      return false;
    case 'organization':
      return list.includes(party.id) || (party.id === ownOrganization && list.includes('organization'));
    case 'account':
      return accountListed(party.id);
    case 'principal':
      return list.some((entry) => globMatch(entry, party.arn)) || accountListed(accountOf(party.arn));
    default:
      return list.includes(party.id);
  }
}
