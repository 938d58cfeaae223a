import type { Trail, TrailSelectors } from '../snapshot/types.ts';
import { type Judgement, unknownBecause } from './check.ts';
import { type CoverageSnapshot, coverageOf } from './coverage.ts';
import { accountOf } from './subject.ts';

/** A logging trail that covers an account, with selectors that were read. */
export interface LoggingTrail {
  trail: Trail;
  selectors: TrailSelectors;
  /** True when another account owns it. */
  inherited: boolean;
}

/**
 * The logging trails that cover an account, for checks that ask something of every one of them, and why others are not
 * known. `none`: no trail is there, or none is logging.
 */
export function loggingTrails(
  snapshot: CoverageSnapshot,
  account: string,
): { trails: LoggingTrail[]; doubts: Judgement[]; none: boolean } {
  const coverage = coverageOf(snapshot, account);
  if (coverage.state === 'absent') return { trails: [], doubts: [], none: true };
  if (coverage.state !== 'read') return { trails: [], doubts: [unknownBecause(coverage)], none: false };
  const doubts = coverage.value.unreadable.map(({ arn, part }) =>
    unknownBecause(part, { trail: arn, owner: accountOf(arn) }),
  );
  const trails: LoggingTrail[] = [];
  for (const { trail, status, selectors, inherited } of coverage.value.trails) {
    if (status.state === 'absent' || (status.state === 'read' && !status.value.IsLogging)) continue;
    if (status.state !== 'read') doubts.push(unknownBecause(status, { trail: trail.TrailARN }));
    else if (selectors.state === 'read') trails.push({ trail, selectors: selectors.value, inherited });
    else if (selectors.state === 'absent') trails.push({ trail, selectors: {}, inherited });
    else doubts.push(unknownBecause(selectors, { trail: trail.TrailARN }));
  }
  return { trails, doubts, none: trails.length === 0 && doubts.length === 0 };
}

/** `inheritedFrom` where everything at fault belongs to another account: no fix is offered here then. */
export function inheritedFault(faulty: readonly LoggingTrail[]): { inheritedFrom?: string } {
  const [first] = faulty;
  return first !== undefined && faulty.every(({ inherited }) => inherited)
    ? { inheritedFrom: first.trail.TrailARN }
    : {};
}
