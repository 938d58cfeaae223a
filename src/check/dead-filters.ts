import type { Snapshot, Trail } from '../snapshot/types.ts';
import { type Judgement, partOf, unknownBecause } from './check.ts';
import { recordsEvent, type SelectableEvent } from './evaluators/event-selectors/match.ts';
import { recorded } from './evaluators/event-selectors/recording.ts';
import { rulesOf } from './evaluators/event-selectors/rules.ts';
import type { TrailSelectors } from './evaluators/event-selectors/types.ts';
import { clausesOf } from './evaluators/filter-pattern/clauses.ts';
import { isSyntaxProblem, parsePattern } from './evaluators/filter-pattern/parse.ts';
import type { FieldTest, Filter } from './evaluators/filter-pattern/types.ts';
import { globMatch } from './evaluators/glob.ts';
import { globalRegionOf } from './global-region.ts';
import { toEvaluator } from './selectors.ts';
import { eventsNamed, knownEventNames } from './watched-events.ts';

/** A logging trail that feeds a log group. */
export interface Feed {
  trail: Trail;
  selectors: TrailSelectors;
}

/** A part of a filter that waits for what no trail records. `cause` is the check that mends it, where one does. */
export interface DeadPart {
  waitsFor: string;
  why: string;
  cause?: 'trail/management-events' | 'trail/no-excluded-sources' | 'trail/multi-region';
}

export const FEED_NEEDS = ['trail', 'trail.status', 'trail.selectors'] as const;

/** The logging trails that write to a log group, and what kept others from being judged. */
export function feedsOf(
  snapshot: Pick<Snapshot, (typeof FEED_NEEDS)[number]>,
  logGroup: string,
): { feeds: Feed[]; doubts: Judgement[] } {
  const feeds: Feed[] = [];
  const doubts: Judgement[] = [];
  for (const part of Object.values(snapshot.trail)) {
    if (part.state !== 'read' || part.value.CloudWatchLogsLogGroupArn?.replace(/:\*$/, '') !== logGroup) continue;
    const trail = part.value;
    const status = partOf(snapshot['trail.status'], trail.TrailARN);
    const selectors = partOf(snapshot['trail.selectors'], trail.TrailARN);
    if (status.state === 'absent' || (status.state === 'read' && !status.value.IsLogging)) continue;
    if (status.state !== 'read') doubts.push(unknownBecause(status, { trail: trail.TrailARN }));
    else if (selectors.state === 'read') feeds.push({ trail, selectors: toEvaluator(selectors.value) });
    else if (selectors.state === 'absent') feeds.push({ trail, selectors: {} });
    else doubts.push(unknownBecause(selectors, { trail: trail.TrailARN }));
  }
  return { feeds, doubts };
}

/**
 * The parts of a filter that wait for events none of the trails records. A part that names an event nobody knows here,
 * or that asks for what selectors do not look at, is taken as alive.
 */
export function deadParts(pattern: string, feeds: readonly Feed[], partition: string): DeadPart[] {
  const filter = parsePattern(pattern);
  if (isSyntaxProblem(filter)) return [];
  return clausesOf(filter).flatMap(({ name, filter: clause }) => {
    const possible = possibleEvents(testsOf(clause));
    if (possible.length === 0 || feeds.some((feed) => possible.some((it) => records(feed, it, partition)))) return [];
    const [first] = possible;
    const [feed] = feeds;
    return first === undefined || feed === undefined ? [] : [{ waitsFor: name, ...reasonOf(feed, first, partition) }];
  });
}

interface Possible {
  event: SelectableEvent;
  /** The region the filter asks for, where it asks for one. */
  region: string | undefined;
}

function testsOf(clause: Filter): readonly FieldTest[] {
  return clause.kind === 'test' ? [clause] : clause.of.flatMap(testsOf);
}

/** The events that a clause can mean, one of which must be recorded; none where that cannot be told. */
function possibleEvents(tests: readonly FieldTest[]): Possible[] {
  const asked = (field: string) =>
    tests.flatMap(({ path, not, test }) =>
      !not && path.length === 1 && path[0] === field && test.op === 'equals' && test.literal.kind === 'text'
        ? [test.literal.text]
        : [],
    );
  const [names, sources] = [asked('eventName'), asked('eventSource')];
  const region = asked('awsRegion').find((text) => !text.includes('*'));
  const [source] = sources;
  const [name] = names;
  const fits = (event: { source: string }) => sources.every((glob) => globMatch(glob, event.source));
  if (name !== undefined) {
    const found = knownEventNames()
      .filter((known) => names.every((glob) => globMatch(glob, known)))
      .flatMap((known) => eventsNamed(known).map((event) => ({ ...event, name: known })))
      .filter(fits);
    if (found.length > 0) return found.map((it) => ({ event: eventOf(it), region }));
  }
  if (name !== undefined && source === undefined) return [];
  if (source?.includes('*')) return [];
  // Not told apart by name: any management event of the source, reading or writing, keeps the part alive.
  return [false, true].map((readOnly) => ({
    event: { category: 'Management', source: source ?? 'sts.amazonaws.com', name: name ?? 'AnyEvent', readOnly },
    region,
  }));
}

function eventOf(known: ReturnType<typeof eventsNamed>[number] & { name: string }): SelectableEvent {
  const { category, source, name, readOnly } = known;
  return known.category === 'Data'
    ? { category, source, name, readOnly, resourceType: known.resourceType }
    : { category, source, name, readOnly };
}

/** Fields of an event that its name tells; what selectors ask of any other may hold for some event. */
const TOLD = new Set(['eventSource', 'eventName']);

function records(feed: Feed, { event, region }: Possible, partition: string): boolean {
  const reaches = rulesOf(feed.selectors).some((rule) =>
    recordsEvent({ ...rule, tests: rule.tests.filter(({ Field = '' }) => TOLD.has(Field)) }, event),
  );
  return reaches && sees(feed.trail, event, region, partition);
}

const GLOBAL_SOURCES = new Set([
  'iam.amazonaws.com',
  'organizations.amazonaws.com',
  'cloudfront.amazonaws.com',
  'route53.amazonaws.com',
]);

/** A trail of one region sees events of services without regions only where those are recorded. */
function sees(trail: Trail, { source }: SelectableEvent, region: string | undefined, partition: string): boolean {
  if (trail.IsMultiRegionTrail) return true;
  const home = globalRegionOf(partition);
  if (GLOBAL_SOURCES.has(source) && home !== undefined) {
    return trail.HomeRegion === home && trail.IncludeGlobalServiceEvents;
  }
  return region === undefined || region === trail.HomeRegion;
}

function reasonOf(
  { trail, selectors }: Feed,
  { event, region }: Possible,
  partition: string,
): Omit<DeadPart, 'waitsFor'> {
  const mode = event.readOnly ? 'read' : 'write';
  if (event.category === 'Data') {
    return { why: `${trail.Name} records no ${mode} data events of ${event.resourceType ?? event.source}` };
  }
  const management = recorded(selectors).management[mode];
  if (management.covered === 'none') {
    return { why: `${trail.Name} records no ${mode} management events`, cause: 'trail/management-events' };
  }
  if (management.covered === 'excluded' && management.excludedSources.includes(event.source)) {
    return { why: `${trail.Name} leaves out ${event.source}`, cause: 'trail/no-excluded-sources' };
  }
  if (!sees(trail, event, region, partition)) {
    return { why: `${trail.Name} records ${trail.HomeRegion} only`, cause: 'trail/multi-region' };
  }
  return { why: `${trail.Name} leaves it out by its selectors`, cause: 'trail/management-events' };
}
