import { accountIn } from './arn.ts';
import { chainPart, isUnreadable, mapPart, read } from './part.ts';
import type { Reading } from './reading.ts';
import type { Part, TrailListing, Unreadable } from './types.ts';

/** The trails visible in an account: its own, and the shadows of organization trails. */
export async function listTrails(reading: Reading, account: string): Promise<Part<TrailListing[]>> {
  const place = { account, region: reading.around.home };
  const listed = await reading.askAll('cloudtrail:ListTrails', place, {});
  if (listed.state !== 'denied') {
    return mapPart(listed, (pages) =>
      pages.flatMap(({ Trails = [] }) =>
        Trails.flatMap(({ TrailARN, Name, HomeRegion }) =>
          TrailARN === undefined || HomeRegion === undefined
            ? []
            : // ListTrails does not say it; a trail of another account can only be an organization's.
              [
                {
                  TrailARN,
                  Name: Name ?? '',
                  HomeRegion,
                  IsOrganizationTrail: accountIn(TrailARN) !== account,
                },
              ],
        ),
      ),
    );
  }
  const described = await describeEverywhere(reading, account);
  return chainPart(described, ({ trails, failures }) => {
    const first = failures[0];
    return trails.length === 0 && first !== undefined ? first : read(trails);
  });
}

/** DescribeTrails, shadows included, in every enabled region: every trail once, and the regions that did not answer. */
export function describeEverywhere(
  reading: Reading,
  account: string,
): Promise<Part<{ trails: TrailListing[]; failures: Unreadable[] }>> {
  return reading.once(`every region of ${account}`, () => describeRegions(reading, account));
}

async function describeRegions(
  reading: Reading,
  account: string,
): Promise<Part<{ trails: TrailListing[]; failures: Unreadable[] }>> {
  const regions = await reading.part('account.regions', account);
  if (regions.state !== 'read') return regions;
  const answers = await Promise.all(
    regions.value.map((region) =>
      reading.ask('cloudtrail:DescribeTrails', { account, region }, { includeShadowTrails: true }),
    ),
  );
  const trails = new Map<string, TrailListing>();
  for (const answer of answers) {
    if (answer.state !== 'read') continue;
    for (const { TrailARN, Name, HomeRegion, IsOrganizationTrail } of answer.value.trailList ?? []) {
      if (TrailARN === undefined || HomeRegion === undefined) continue;
      trails.set(TrailARN, {
        TrailARN,
        Name: Name ?? '',
        HomeRegion,
        IsOrganizationTrail: IsOrganizationTrail ?? false,
      });
    }
  }
  return read({ trails: [...trails.values()], failures: answers.filter(isUnreadable) });
}
