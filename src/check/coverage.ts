import type { JsonObject, Part, Snapshot, Trail, TrailSelectors, TrailStatus, Unreadable } from '../snapshot/types.ts';
import { type Judgement, partOf, unknownBecause } from './check.ts';
import { accountOf } from './subject.ts';

/** The parts a check needs that asks which trails cover an account. */
export const COVERAGE_NEEDS = ['account.trails', 'organization', 'trail', 'trail.status', 'trail.selectors'] as const;

export type CoverageSnapshot = Pick<Snapshot, (typeof COVERAGE_NEEDS)[number] | 'takenAt' | 'partition' | 'accounts'>;

/** One trail that records events of an account: its own, or an organization trail that reaches it. */
export interface CoveringTrail {
  trail: Trail;
  status: Part<TrailStatus>;
  selectors: Part<TrailSelectors>;
  /** True when another account owns it. */
  inherited: boolean;
}

export interface Coverage {
  trails: CoveringTrail[];
  /** Trails that are visible in the account but could not be read at their owner. */
  unreadable: { arn: string; part: Unreadable }[];
}

/**
 * The trails that record events of `account`, logging or not: those it owns, and organization trails whose shadow
 * shows in it. A trail of the management account that is not an organization trail does not reach members.
 */
export function coverageOf(snapshot: CoverageSnapshot, account: string): Part<Coverage> {
  const listing = partOf(snapshot['account.trails'], account);
  if (listing.state !== 'read') {
    return listing.state === 'absent' ? { state: 'read', value: { trails: [], unreadable: [] } } : listing;
  }
  const coverage: Coverage = { trails: [], unreadable: [] };
  for (const { TrailARN, IsOrganizationTrail } of listing.value) {
    const part = partOf(snapshot.trail, TrailARN);
    if (part.state === 'absent') continue;
    if (part.state !== 'read') {
      coverage.unreadable.push({ arn: TrailARN, part });
      continue;
    }
    const inherited = accountOf(TrailARN) !== account;
    if (inherited && !(IsOrganizationTrail || part.value.IsOrganizationTrail)) continue;
    coverage.trails.push({
      trail: part.value,
      status: partOf(snapshot['trail.status'], TrailARN),
      selectors: partOf(snapshot['trail.selectors'], TrailARN),
      inherited,
    });
  }
  return { state: 'read', value: coverage };
}

/** The covering trails that the account itself owns: a fix is offered to the owner only. */
export function ownTrails(snapshot: CoverageSnapshot, account: string): CoveringTrail[] {
  const coverage = coverageOf(snapshot, account);
  return coverage.state === 'read' ? coverage.value.trails.filter(({ inherited }) => !inherited) : [];
}

/** The account's own logging trail whose selectors are best changed: one of every region first. */
export function bestOwnTrail(
  snapshot: CoverageSnapshot,
  account: string,
): { trail: Trail; selectors: TrailSelectors } | undefined {
  const logging = ownTrails(snapshot, account).filter(
    ({ status }) => status.state === 'read' && status.value.IsLogging,
  );
  const best = logging.find(({ trail }) => trail.IsMultiRegionTrail) ?? logging[0];
  return best?.selectors.state === 'read' ? { trail: best.trail, selectors: best.selectors.value } : undefined;
}

/**
 * Asks `judge` of every logging trail that covers the account and passes with the first that it accepts.
 * - A stopped trail counts for nothing.
 * - What could not be read keeps a failure from being certain: `unknown`, naming it.
 * - No covering trail at all fails with `trail/account-covered` as the cause, so that a report shows one line.
 */
export function anyCoveringTrail(
  snapshot: CoverageSnapshot,
  account: string,
  judge: (covering: CoveringTrail) => TrailJudgement,
  /** Says why; `pass` where the trails together are enough. */
  failure: (covering: CoveringTrail[]) => { reason: string; evidence?: JsonObject; notes?: string[]; verdict?: 'pass' },
): Judgement {
  const coverage = coverageOf(snapshot, account);
  if (coverage.state === 'absent') return { verdict: 'fail', reason: 'No trail covers this account.' };
  if (coverage.state !== 'read') return unknownBecause(coverage);
  const doubts: Judgement[] = coverage.value.unreadable.map(({ arn, part }) =>
    unknownBecause(part, { trail: arn, owner: accountOf(arn) }),
  );
  const logging: CoveringTrail[] = [];
  for (const covering of coverage.value.trails) {
    const { status, trail } = covering;
    if (status.state === 'absent') continue;
    if (status.state !== 'read') {
      doubts.push(unknownBecause(status, { trail: trail.TrailARN }));
      continue;
    }
    if (!status.value.IsLogging) continue;
    logging.push(covering);
  }
  for (const covering of logging) {
    const judged = judge(covering);
    if (judged.ok === true) {
      return {
        verdict: 'pass',
        evidence: { trail: covering.trail.TrailARN, ...judged.evidence },
        ...(judged.notes === undefined ? {} : { notes: judged.notes }),
        ...(covering.inherited ? { inheritedFrom: covering.trail.TrailARN } : {}),
      };
    }
    if (judged.ok === 'unknown') doubts.push(judged.because);
  }
  const doubt = doubts[0];
  if (doubt !== undefined) return doubt;
  if (logging.length === 0) {
    return {
      verdict: 'fail',
      reason: 'No logging trail covers this account.',
      cause: 'trail/account-covered',
      evidence: { trails: coverage.value.trails.map(({ trail }) => trail.TrailARN) },
    };
  }
  const inheritedOnly = logging.every((covering) => covering.inherited);
  const first = logging[0];
  return {
    verdict: 'fail',
    ...failure(logging),
    ...(inheritedOnly && first !== undefined ? { inheritedFrom: first.trail.TrailARN } : {}),
  };
}

export type TrailJudgement =
  | { ok: true; evidence?: JsonObject; notes?: string[] }
  | { ok: false }
  | { ok: 'unknown'; because: Judgement };
