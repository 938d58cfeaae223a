import type { Part, Snapshot, Trail, TrailStatus, Unreadable } from '../snapshot/types.ts';

/** The status of one trail in the regions that were sampled. */
export interface SampledStatus {
  regions: { region: string; status: TrailStatus }[];
  /** Closed by a service control policy: nothing happens there, so nothing is delivered from there. */
  closed: string[];
  unreadable: { region: string; part: Unreadable }[];
}

/** Sorts what was read of a trail's status, in its home region and, where `everywhere`, in the others. */
export function sampledStatus(
  snapshot: Pick<Snapshot, 'trail.regionalStatus'>,
  trail: Trail,
  home: Part<TrailStatus>,
  everywhere: boolean,
): SampledStatus {
  const elsewhere = everywhere ? snapshot['trail.regionalStatus'][trail.TrailARN] : undefined;
  const sampled: SampledStatus = { regions: [], closed: [], unreadable: [] };
  for (const [region, part] of Object.entries({ ...elsewhere, [trail.HomeRegion]: home }).sort()) {
    if (part.state === 'read') sampled.regions.push({ region, status: part.value });
    else if (part.state === 'denied' && part.scp && region !== trail.HomeRegion) sampled.closed.push(region);
    else if (part.state !== 'absent') sampled.unreadable.push({ region, part });
  }
  return sampled;
}
