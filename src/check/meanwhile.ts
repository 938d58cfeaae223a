import type { Trail } from '../snapshot/types.ts';
import { type Judgement, partOf, unknownBecause } from './check.ts';
import { type Coverage, type CoverageSnapshot, type CoveringTrail, coverageOf } from './coverage.ts';
import { canonicalJson } from './evaluators/canonical.ts';
import { rulesOf } from './evaluators/event-selectors/rules.ts';
import { recordsAsMuch, selectorsOf } from './management-kinds.ts';
import { accountOf } from './subject.ts';

/**
 * Did another trail record what this one did not while it was stopped, from `stopped` (milliseconds) on? `by` is its
 * ARN. The selectors are those of now, for nobody knows what they were. `doubt` is what keeps a no from being certain.
 */
export function coveredMeanwhile(
  snapshot: CoverageSnapshot,
  trail: Trail,
  stopped: number,
): { by?: string; doubt?: Judgement } {
  const coverage = coverageBeside(snapshot, trail);
  if ('doubt' in coverage) return coverage;
  const self: CoveringTrail = {
    trail,
    status: partOf(snapshot['trail.status'], trail.TrailARN),
    selectors: partOf(snapshot['trail.selectors'], trail.TrailARN),
    inherited: false,
  };
  let doubt = coverage.unreadable.map(({ arn, part }) =>
    unknownBecause(part, { trail: arn, owner: accountOf(arn) }),
  )[0];
  for (const other of coverage.trails) {
    const { status } = other;
    if (status.state === 'absent') continue;
    if (status.state !== 'read') {
      doubt ??= unknownBecause(status, { trail: other.trail.TrailARN });
      continue;
    }
    // Logging now and started before: whatever stops it had lie before that start.
    const { IsLogging, StartLoggingTime } = status.value;
    if (!IsLogging || StartLoggingTime === undefined || Date.parse(StartLoggingTime) > stopped) continue;
    const unread = [self.selectors, other.selectors].find(({ state }) => state !== 'read' && state !== 'absent');
    if (unread !== undefined && unread.state !== 'read' && unread.state !== 'absent') {
      doubt ??= unknownBecause(unread, { trail: trail.TrailARN, other: other.trail.TrailARN });
      continue;
    }
    if (recordsAsMuch(other, self) && recordsOtherEvents(other, self)) return { by: other.trail.TrailARN };
  }
  return doubt === undefined ? {} : { doubt };
}

/**
 * The other trails that reach every account this one reaches: for an organization trail only organization trails, which
 * are visible wherever that one is.
 */
function coverageBeside(snapshot: CoverageSnapshot, trail: Trail): Coverage | { doubt: Judgement } {
  if (!trail.IsOrganizationTrail) {
    const coverage = coverageOf(snapshot, trail.owner);
    if (coverage.state === 'absent') return { trails: [], unreadable: [] };
    if (coverage.state !== 'read') return { doubt: unknownBecause(coverage, { account: trail.owner }) };
    return { ...coverage.value, trails: coverage.value.trails.filter(isAnother) };
  }
  const coverage: Coverage = { trails: [], unreadable: [] };
  for (const [arn, part] of Object.entries(snapshot.trail)) {
    if (part.state === 'absent') continue;
    if (part.state !== 'read') {
      if (accountOf(arn) === trail.owner) coverage.unreadable.push({ arn, part });
    } else if (part.value.IsOrganizationTrail && isAnother({ trail: part.value })) {
      coverage.trails.push({
        trail: part.value,
        status: partOf(snapshot['trail.status'], arn),
        selectors: partOf(snapshot['trail.selectors'], arn),
        inherited: false,
      });
    }
  }
  return coverage;

  function isAnother(other: { trail: Trail }): boolean {
    return other.trail.TrailARN !== trail.TrailARN;
  }
}

/** Data and network events: every rule of one is a rule of the other too. */
function recordsOtherEvents(covering: CoveringTrail, other: CoveringTrail): boolean {
  const rules = (of: CoveringTrail) =>
    rulesOf(selectorsOf(of))
      .filter(({ category }) => category !== 'Management')
      .map((rule) => canonicalJson(rule));
  const there = new Set(rules(covering));
  return rules(other).every((rule) => there.has(rule));
}
