import type { Alarm, JsonObject, LogGroup, MetricFilter, Snapshot } from '../snapshot/types.ts';
import { actionKind, anyReach, ownReach, type Reach, reachOfAlarm, silent, subscribersOf } from './alarm-reach.ts';
import { alarmsOn } from './alarms.ts';
import { type Judgement, partOf, unknownBecause } from './check.ts';
import { type CoverageSnapshot, type CoveringTrail, coverageOf } from './coverage.ts';
import { deadParts, feedsOf } from './dead-filters.ts';
import { recorded, recordsAllManagement } from './evaluators/event-selectors/recording.ts';
import { coverOf, type Wanted } from './filter-cover.ts';
import { toEvaluator } from './selectors.ts';
import { accountOf, regionOf } from './subject.ts';

export const OUTCOME_NEEDS = ['alarms', 'logGroup', 'logGroup.filters', 'topic', 'topic.subscriptions'] as const;

type OutcomeSnapshot = CoverageSnapshot & Pick<Snapshot, (typeof OUTCOME_NEEDS)[number]>;

/** How far the chain from a trail to a person holds; the higher the stage, the nearer. */
export interface LogGroupOutcome {
  stage: number;
  reason: string;
  evidence?: JsonObject;
  cause?: string;
  fix?: 'manual';
}

type Outcome =
  | ({ ok: false } & LogGroupOutcome)
  | { ok: true; evidence: JsonObject; notes: string[] }
  | { ok: 'unknown'; because: Judgement };

/** Follows the chain of one logging trail: what it records, its log group, filters, metrics, alarms, subscribers. */
export function outcomeOf(snapshot: OutcomeSnapshot, covering: CoveringTrail, wanted: Wanted): Outcome {
  const { trail } = covering;
  if (!trail.IsMultiRegionTrail) {
    return {
      ok: false,
      stage: 0,
      cause: 'trail/multi-region',
      reason: `${trail.Name} records one region only, so an alarm on it would miss the others.`,
    };
  }
  const management = recordsEverything(covering);
  if (management !== true) return management;
  if (trail.CloudWatchLogsLogGroupArn === undefined) {
    return {
      ok: false,
      stage: 2,
      cause: 'trail/cloudwatch-logs',
      reason: `${trail.Name} sends its events to no log group.`,
    };
  }
  const arn = trail.CloudWatchLogsLogGroupArn.replace(/:\*$/, '');
  const group = partOf(snapshot.logGroup, arn);
  const evidence = { logGroup: arn };
  if (group.state === 'absent') {
    const reason = `The log group of ${trail.Name} no longer exists.`;
    return { ok: false, stage: 3, evidence, cause: 'trail/cloudwatch-logs', reason };
  }
  if (group.state !== 'read') return { ok: 'unknown', because: unknownBecause(group, evidence) };
  const { logGroupClass } = group.value;
  if (logGroupClass !== 'STANDARD') {
    const reason = `The log group is of class ${logGroupClass}, which evaluates no filters.`;
    return { ok: false, stage: 4, evidence: { ...evidence, logGroupClass }, fix: 'manual', reason };
  }
  return outcomeOfGroup(snapshot, arn, wanted);
}

/** The log group in which a fix of this account's own makes filter and alarm. */
export function logGroupOf(snapshot: OutcomeSnapshot, account: string): LogGroup | undefined {
  const coverage = coverageOf(snapshot, account);
  if (coverage.state !== 'read') return undefined;
  return coverage.value.trails
    .filter(({ inherited, trail, status }) => {
      return !inherited && trail.IsMultiRegionTrail && status.state === 'read' && status.value.IsLogging;
    })
    .filter((covering) => recordsEverything(covering) === true)
    .flatMap(({ trail }) => {
      const arn = trail.CloudWatchLogsLogGroupArn?.replace(/:\*$/, '') ?? '';
      const group = snapshot.logGroup[arn];
      return group?.state === 'read' ? [group.value] : [];
    })
    .sort((a, b) => Number(b.logGroupClass === 'STANDARD') - Number(a.logGroupClass === 'STANDARD'))[0];
}

function recordsEverything({ trail, selectors }: CoveringTrail): true | Outcome {
  if (selectors.state !== 'read' && selectors.state !== 'absent') {
    return { ok: 'unknown', because: unknownBecause(selectors, { trail: trail.TrailARN }) };
  }
  const set = selectors.state === 'read' ? toEvaluator(selectors.value) : {};
  if (recordsAllManagement(recorded(set))) return true;
  return {
    ok: false,
    stage: 1,
    cause: 'trail/management-events',
    reason: `${trail.Name} does not record all management events.`,
  };
}

function outcomeOfGroup(snapshot: OutcomeSnapshot, logGroup: string, wanted: Wanted): Outcome {
  const filters = partOf(snapshot['logGroup.filters'], logGroup);
  const alarms = partOf(snapshot.alarms, `${accountOf(logGroup)}/${regionOf(logGroup)}`);
  const evidence = { logGroup };
  if (filters.state !== 'read' && filters.state !== 'absent') {
    return { ok: 'unknown', because: unknownBecause(filters, evidence) };
  }
  if (alarms.state !== 'read' && alarms.state !== 'absent') {
    return { ok: 'unknown', because: unknownBecause(alarms, evidence) };
  }
  const watched = Object.values(filters.state === 'read' ? filters.value : {}).map((filter) => ({
    filter,
    reach: reachOfFilter(snapshot, alarms.state === 'read' ? alarms.value : {}, filter),
  }));
  const those = (...states: (Reach['state'] | undefined)[]) =>
    watched.filter(({ reach }) => states.includes(reach?.state)).map(({ filter }) => filter);
  const names = (of: readonly MetricFilter[]) => of.map(({ filterName }) => filterName);

  const all = watched.map(({ filter }) => filter);
  const { feeds, doubts } = feedsOf(snapshot, logGroup);
  const dead = deadParts(wanted.required, feeds, snapshot.partition);
  if (dead[0] !== undefined) {
    if (doubts[0] !== undefined) return { ok: 'unknown', because: doubts[0] };
    const reason = `No alarm can come of ${dead.map(({ waitsFor }) => waitsFor).join(', ')}: ${dead[0].why}.`;
    // An alarm made now would never go off, so what keeps the events away has to be mended first.
    const cause = coverOf(all, wanted).covered ? 'alarm/no-dead-filters' : (dead[0].cause ?? 'alarm/no-dead-filters');
    return { ok: false, stage: 4, evidence, cause, reason };
  }
  const heard = coverOf(those('reaches'), wanted);
  if (heard.covered) return { ok: true, evidence: { ...evidence, filters: names(heard.by) }, notes: heard.notes };
  const perhaps = coverOf(those('reaches', 'unknown'), wanted);
  const doubt = perhaps.covered ? watched.find(({ reach }) => reach?.state === 'unknown')?.reach : undefined;
  if (doubt?.state === 'unknown') return { ok: 'unknown', because: doubt.because };
  const alarmed = coverOf(those('reaches', 'unknown', 'silent'), wanted);
  if (alarmed.covered) {
    const faults = watched.flatMap(({ filter, reach }) =>
      reach?.state === 'silent' && alarmed.by.includes(filter) ? reach.faults : [],
    );
    return {
      ok: false,
      stage: 7,
      cause: 'alarm/notification-path',
      evidence: { ...evidence, filters: names(alarmed.by), faults },
      reason: 'The alarm on these events reaches nobody.',
    };
  }
  const matched = coverOf(all, wanted);
  if (matched.covered) {
    const bare = names(matched.by.filter((filter) => those(undefined).includes(filter)));
    return {
      ok: false,
      stage: 6,
      evidence: { ...evidence, filters: names(matched.by) },
      reason: `No alarm watches what the filter ${bare.join(', ')} counts.`,
    };
  }
  if (matched.undecided) {
    const reason = 'The filter patterns are too large to tell what they match together.';
    return { ok: 'unknown', because: { verdict: 'unknown', evidence, reason } };
  }
  return {
    ok: false,
    stage: 5,
    evidence: { ...evidence, missed: [...matched.missed] },
    reason: `No metric filter matches ${matched.missed.join(', ')}.`,
  };
}

/** Undefined where no alarm watches the filter's metric. */
function reachOfFilter(
  snapshot: Pick<Snapshot, 'topic.subscriptions'>,
  alarms: { [name: string]: Alarm },
  filter: MetricFilter,
): Reach | undefined {
  const reachOfAction = (action: string) =>
    actionKind(action) === 'sns' ? subscribersOf(snapshot, action) : silent(`leads to ${action}, which is no topic`);
  const on = alarmsOn(alarms, filter);
  if (on.length === 0) return undefined;
  return anyReach(on.map((alarm) => reachOfAlarm(alarms, alarm, (one) => ownReach(one, reachOfAction))));
}
