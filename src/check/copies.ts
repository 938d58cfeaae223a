import type { CoveringTrail } from './coverage.ts';
import { managementKinds, recordsKind } from './management-kinds.ts';

/** Management events that too many trails record. */
export interface Copies {
  /** `every region`, or the one in which a trail of that region alone adds to the others. */
  region: string;
  events: ('read' | 'write')[];
  trails: CoveringTrail[];
}

/** Where more than `allowed` of these trails record the same management event. */
export function copiesAmong(logging: readonly CoveringTrail[], allowed: number): Copies[] {
  const everywhere = logging.filter(({ trail }) => trail.IsMultiRegionTrail);
  const regions = [...new Set(logging.map(({ trail }) => trail.HomeRegion))].sort();
  const wide = copiesIn('every region', everywhere, allowed);
  const local = regions.flatMap((region) => {
    const there = logging.filter(({ trail }) => trail.IsMultiRegionTrail || trail.HomeRegion === region);
    return there.length === everywhere.length ? [] : copiesIn(region, there, allowed);
  });
  return [...wide, ...local];
}

function copiesIn(region: string, trails: readonly CoveringTrail[], allowed: number): Copies[] {
  const copied = managementKinds(trails)
    .map((kind) => ({ kind, by: trails.filter((covering) => recordsKind(covering, kind)) }))
    .filter(({ by }) => by.length > allowed);
  if (copied.length === 0) return [];
  const modes = new Set(copied.map(({ kind }) => kind.mode));
  const involved = new Set(copied.flatMap(({ by }) => by));
  return [
    {
      region,
      events: (['read', 'write'] as const).filter((mode) => modes.has(mode)),
      trails: trails.filter((covering) => involved.has(covering)),
    },
  ];
}
