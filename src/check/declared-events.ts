import { type Judgement, unknownBecause } from './check.ts';
import { anyCoveringTrail, type CoverageSnapshot } from './coverage.ts';
import { asAdvanced } from './evaluators/event-selectors/as-advanced.ts';
import { coversData } from './evaluators/event-selectors/data.ts';
import { withObjectEvents, withTypeEvents } from './evaluators/event-selectors/data-edits.ts';
import { isAdvanced, isEditRefused, type SelectorsEdit } from './evaluators/event-selectors/edits.ts';
import { coversNetwork, type NetworkEvents, withNetworkEvents } from './evaluators/event-selectors/network.ts';
import { recorded } from './evaluators/event-selectors/recording.ts';
import type { Mode, TrailSelectors } from './evaluators/event-selectors/types.ts';
import { logBuckets } from './object-events.ts';
import { toEvaluator } from './selectors.ts';

/** One kind of event that the configuration asks for; `name` is for people. */
export type DeclaredEvent = { name: string } & (
  | { kind: 'data'; type: string; mode: Mode | 'all' }
  | { kind: 'network'; events: NetworkEvents }
);

/** Types that basic selectors know, with the service that stands for all of their resources. */
const BASIC_TYPES: { [type: string]: string } = {
  'AWS::S3::Object': 's3',
  'AWS::Lambda::Function': 'lambda',
  'AWS::DynamoDB::Table': 'dynamodb',
};

/** Settings as a list of what is wanted. */
export function declaredEvents(settings: {
  types: { [type: string]: Mode | 'all' };
  network_sources: string[];
  denied_only: boolean;
}): DeclaredEvent[] {
  const deniedOnly = settings.denied_only;
  return [
    ...Object.entries(settings.types).map(([type, mode]): DeclaredEvent => {
      return { kind: 'data', type, mode, name: mode === 'all' ? type : `${type} (${mode}s)` };
    }),
    ...settings.network_sources.map((source): DeclaredEvent => {
      return { kind: 'network', events: { source, deniedOnly }, name: `network events of ${source}` };
    }),
  ];
}

interface Judged {
  event: DeclaredEvent;
  judgement: Judgement;
}

/** Each of them by itself: one trail may record one, and another trail another. */
export function judgeDeclared(
  snapshot: CoverageSnapshot,
  account: string,
  wanted: readonly DeclaredEvent[],
): { failing: Judged[]; unknown: Judged[]; passing: Judged[] } {
  const judged = wanted.map((event) => ({ event, judgement: judgeOne(snapshot, account, event) }));
  const of = (verdict: Judgement['verdict']) => judged.filter(({ judgement }) => judgement.verdict === verdict);
  return { failing: of('fail'), unknown: of('unknown'), passing: of('pass') };
}

function judgeOne(snapshot: CoverageSnapshot, account: string, event: DeclaredEvent): Judgement {
  return anyCoveringTrail(
    snapshot,
    account,
    ({ selectors, trail }) => {
      if (selectors.state === 'absent') return { ok: false };
      if (selectors.state !== 'read') {
        return { ok: 'unknown', because: unknownBecause(selectors, { trail: trail.TrailARN }) };
      }
      return { ok: covers(toEvaluator(selectors.value), event, snapshot) };
    },
    (logging) => ({
      reason: `Not recorded: ${event.name}.`,
      evidence: { trails: logging.map(({ trail }) => trail.TrailARN) },
    }),
  );
}

function covers(selectors: TrailSelectors, event: DeclaredEvent, snapshot: CoverageSnapshot): boolean {
  if (event.kind === 'network') return coversNetwork(selectors, event.events);
  const exempt =
    event.type === 'AWS::S3::Object' ? logBuckets(snapshot).map((it) => `arn:${snapshot.partition}:s3:::${it}`) : [];
  return modesOf(event.mode).every((mode) => {
    const question = { type: event.type, mode, resource: 'all', exempt } as const;
    return coversData(recorded(selectors), question).covered === 'all';
  });
}

/**
 * The whole set with all of them. A basic set stays one where basic selectors can say it; else it becomes the
 * equivalent advanced one first.
 */
export function withDeclared(
  selectors: TrailSelectors,
  wanted: readonly DeclaredEvent[],
  snapshot: Pick<CoverageSnapshot, 'partition' | 'trail'>,
): SelectorsEdit {
  const basicKnowsAll = wanted.every((event) => event.kind === 'data' && Object.hasOwn(BASIC_TYPES, event.type));
  const start: TrailSelectors = basicKnowsAll ? selectors : { advancedEventSelectors: asAdvanced(selectors) };
  if (!basicKnowsAll && !isAdvanced(start)) {
    return { problem: 'The selectors of the trail record nothing at all. Remove them first.' };
  }
  const edits = wanted.flatMap((event) => editsFor(event, snapshot));
  return edits.reduce<SelectorsEdit>(
    (edit, next) => {
      const done = isEditRefused(edit) ? edit : next(edit.selectors);
      return isEditRefused(done) || isEditRefused(edit) ? done : { ...done, changed: edit.changed || done.changed };
    },
    { selectors: start, changed: false },
  );
}

type Edit = (selectors: TrailSelectors) => SelectorsEdit;

function editsFor(event: DeclaredEvent, snapshot: Pick<CoverageSnapshot, 'partition' | 'trail'>): Edit[] {
  const { partition } = snapshot;
  if (event.kind === 'network') return [(set) => withNetworkEvents(set, event.events)];
  if (event.type === 'AWS::S3::Object') {
    const wanted = { partition, logBuckets: logBuckets(snapshot) };
    return modesOf(event.mode).map((mode) => (set) => withObjectEvents(set, { mode, ...wanted }));
  }
  const value = `arn:${partition}:${BASIC_TYPES[event.type] ?? ''}`;
  return [(set) => withTypeEvents(set, { type: event.type, mode: event.mode, resources: 'all', value })];
}

function modesOf(mode: Mode | 'all'): readonly Mode[] {
  return mode === 'all' ? ['read', 'write'] : [mode];
}
