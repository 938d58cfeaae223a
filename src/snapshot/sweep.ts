import { describeEverywhere } from './listings.ts';
import type { Walk } from './walk.ts';
import { walkTrail } from './walk.ts';

export interface Difference {
  account: string;
  /** ARN of the trail. */
  trail: string;
  /** `not-listed`: a region shows it and ListTrails does not. `not-shown`: the other way round. */
  kind: 'not-listed' | 'not-shown';
}

/**
 * Holds ListTrails against DescribeTrails in every enabled region: that ListTrails names the trails of all regions is
 * documented only loosely. What was missing is added to the listing and read.
 */
export async function sweepAccount(walk: Walk, account: string): Promise<Difference[]> {
  const { reading } = walk;
  const listing = await reading.part('account.trails', account);
  if (listing.state !== 'read') return [];
  const described = await describeEverywhere(reading, account);
  if (described.state !== 'read') return [];
  const { trails, failures } = described.value;
  const listed = new Set(listing.value.map(({ TrailARN }) => TrailARN));
  const shown = new Set(trails.map(({ TrailARN }) => TrailARN));
  const unlisted = trails.filter(({ TrailARN }) => !listed.has(TrailARN));
  reading.found['account.trails'][account] = { state: 'read', value: [...listing.value, ...unlisted] };
  await Promise.all(unlisted.map(({ TrailARN }) => walkTrail(walk, TrailARN)));
  // A region that did not answer may be the one that shows it.
  const unshown = failures.length > 0 ? [] : [...listed].filter((trail) => !shown.has(trail));
  return [
    ...unlisted.map(({ TrailARN: trail }) => ({ account, trail, kind: 'not-listed' as const })),
    ...unshown.map((trail) => ({ account, trail, kind: 'not-shown' as const })),
  ];
}
