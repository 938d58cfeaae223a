import type {
  Organization,
  OrganizationAccount,
  OrganizationPolicies,
  Snapshot,
  Unreadable,
} from '../snapshot/types.ts';
import { partOf } from './check.ts';
import { globRelation } from './evaluators/glob.ts';
import { pathOf, ruling, sparedPrincipals } from './service-control.ts';
import { regionOf } from './subject.ts';

export const PROTECTED_NEEDS = [
  'account.eventDataStores',
  'account.regions',
  'account.trails',
  'bucket',
  'eventDataStore',
  'key',
  'trail',
] as const;

type ProtectedSnapshot = Pick<Snapshot, (typeof PROTECTED_NEEDS)[number] | 'partition'>;

/** A call that members should be denied, on one thing they own. */
export interface Threat {
  action: string;
  resource: string;
  region: string;
  /** Set where it is not known whether the member owns such a thing: the resource is then a pattern of all of them. */
  doubt?: Unreadable;
}

/**
 * The calls that have to be denied to a member: on its own trails and event data stores, on log buckets and keys it
 * owns. Nobody in a member can change an organization trail, so those are not asked about.
 */
export function threatsTo(snapshot: ProtectedSnapshot, account: string, actions: readonly string[]): Threat[] {
  return actions.flatMap((action): Threat[] => {
    const [service = '', name = ''] = action.split(':');
    switch (service) {
      case 'cloudtrail':
        return name.includes('EventDataStore')
          ? storeThreats(snapshot, account, action)
          : trailThreats(snapshot, account, action);
      case 's3':
        return bucketsOf(snapshot, account).map(({ arn, region }) => {
          return { action, region, resource: name.includes('Object') ? `${arn}/*` : arn };
        });
      case 'kms':
        return keysOf(snapshot, account).map((arn) => ({ action, resource: arn, region: regionOf(arn) }));
      default:
        return [{ action, resource: '*', region: 'us-east-1' }];
    }
  });
}

function trailThreats({ partition, ...snapshot }: ProtectedSnapshot, account: string, action: string): Threat[] {
  const listing = partOf(snapshot['account.trails'], account);
  if (listing.state === 'absent') return [];
  if (listing.state !== 'read') {
    const resource = `arn:${partition}:cloudtrail:*:${account}:trail/*`;
    return [{ action, resource, region: 'us-east-1', doubt: listing }];
  }
  return listing.value
    .filter(({ TrailARN }) => TrailARN.split(':')[4] === account)
    .map(({ TrailARN: resource, HomeRegion: region }) => ({ action, resource, region }));
}

function storeThreats({ partition, ...snapshot }: ProtectedSnapshot, account: string, action: string): Threat[] {
  const threats = Object.keys(snapshot.eventDataStore)
    .filter((arn) => arn.split(':')[4] === account)
    .map((resource): Threat => ({ action, resource, region: regionOf(resource) }));
  const everywhere = `arn:${partition}:cloudtrail:*:${account}:eventdatastore/*`;
  const regions = partOf(snapshot['account.regions'], account);
  if (regions.state !== 'read') {
    return regions.state === 'absent'
      ? threats
      : [...threats, { action, resource: everywhere, region: 'us-east-1', doubt: regions }];
  }
  for (const region of regions.value) {
    const listing = partOf(snapshot['account.eventDataStores'], `${account}/${region}`);
    if (listing.state === 'read' || listing.state === 'absent' || listing.state === 'unsupported') continue;
    return [...threats, { action, resource: everywhere, region, doubt: listing }];
  }
  return threats;
}

function bucketsOf({ partition, bucket }: ProtectedSnapshot, account: string): { arn: string; region: string }[] {
  return Object.values(bucket).flatMap((part) =>
    part.state === 'read' && part.value.owner === account
      ? [{ arn: `arn:${partition}:s3:::${part.value.Name}`, region: part.value.region }]
      : [],
  );
}

function keysOf({ key }: ProtectedSnapshot, account: string): string[] {
  return Object.values(key).flatMap((part) =>
    part.state === 'read' && part.value.AWSAccountId === account ? [part.value.Arn] : [],
  );
}

/** A threat that is not averted, and by whom it could be carried out. */
export interface Gap {
  threat: Threat;
  /** Half a sentence: `by anybody`, `by arn:aws:iam::*:role/Admin`. */
  who: string;
}

/** The threats that the policies on a member's path leave to somebody outside `exempt` (names and ARNs; globs are taken). */
export function gapsIn(
  tree: OrganizationPolicies,
  { Id: organizationId }: Organization,
  { Id: account }: OrganizationAccount,
  threats: readonly Threat[],
  { partition, exempt }: { partition: string; exempt: readonly string[] },
): Gap[] {
  const path = pathOf(tree, account);
  const spared = sparedPrincipals(path).filter((pattern) => !isExempt(pattern, exempt));
  const callers = [
    { who: 'by anybody', arn: `arn:${partition}:iam::${account}:role/somebody` },
    ...spared.map((pattern) => ({ who: `by ${pattern}`, arn: sampleOf(pattern, partition, account) })),
  ];
  return threats.flatMap((threat) => {
    const free = callers.find(({ arn: principalArn }) => {
      const { action, resource, region } = threat;
      return ruling(path, { action, resource, region, principalArn, organizationId }).denied !== 'yes';
    });
    return free === undefined ? [] : [{ threat, who: free.who }];
  });
}

/** Does an exception stay within what is exempt? A name stands for the roles and users of that name in any account. */
function isExempt(pattern: string, exempt: readonly string[]): boolean {
  const name = /:(?:role|user)\/(?:.*\/)?([^/]+)$/.exec(pattern)?.[1];
  return exempt.some((allowed) =>
    allowed.startsWith('arn:')
      ? globRelation(allowed, pattern) === 'covers'
      : name !== undefined && globRelation(allowed, name) === 'covers',
  );
}

/** One principal of the member that an exception means. */
function sampleOf(pattern: string, partition: string, account: string): string {
  const [arn = 'arn', ...rest] = pattern.split(':');
  const [inPartition = partition, service = 'iam', region = '', inAccount = account, ...name] = rest;
  const fill = (text: string, by: string) => (text === '*' ? by : text.replaceAll(/[*?]/g, 'x'));
  if (rest.length < 5) return `arn:${partition}:iam::${account}:role/${pattern.replaceAll(/[*?]/g, 'x')}`;
  return [
    arn,
    fill(inPartition, partition),
    fill(service, 'iam'),
    fill(region, ''),
    fill(inAccount, account),
    name.join(':').replaceAll(/[*?]/g, 'x'),
  ].join(':');
}
