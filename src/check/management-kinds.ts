import type { CoveringTrail } from './coverage.ts';
import { wouldRecord } from './evaluators/event-selectors/match.ts';
import { rulesOf } from './evaluators/event-selectors/rules.ts';
import type { Mode, TrailSelectors } from './evaluators/event-selectors/types.ts';
import { toEvaluator } from './selectors.ts';

/** Management events that selectors can tell apart: reads or writes of one event source. */
export interface ManagementKind {
  mode: Mode;
  /** Empty for every source that no selector names. */
  source: string;
}

/** The sources that CloudTrail lets a trail leave out. */
const EXCLUDABLE = ['kms.amazonaws.com', 'rdsdata.amazonaws.com'];

/** The selectors of a covering trail for the evaluator; those that were never put are the default set. */
export function selectorsOf({ selectors }: Pick<CoveringTrail, 'selectors'>): TrailSelectors {
  return selectors.state === 'read' ? toEvaluator(selectors.value) : {};
}

/** Every kind that the selectors of these trails can treat differently. */
export function managementKinds(trails: readonly CoveringTrail[]): ManagementKind[] {
  const named = trails
    .flatMap((covering) => rulesOf(selectorsOf(covering)))
    .flatMap(({ tests }) => tests.filter(({ Field }) => Field === 'eventSource'))
    .flatMap(({ Equals = [], NotEquals = [] }) => [...Equals, ...NotEquals]);
  const sources = [...new Set(['', ...EXCLUDABLE, ...named])];
  return sources.flatMap((source) => (['read', 'write'] as const).map((mode) => ({ mode, source })));
}

/** Does the trail record this kind of management event, in the regions it is in? */
export function recordsKind(covering: CoveringTrail, { mode, source }: ManagementKind): boolean {
  return wouldRecord(selectorsOf(covering), { category: 'Management', source, name: '', readOnly: mode === 'read' });
}

/** Does one trail record every management event that another does, wherever that one does? */
export function recordsAsMuch(covering: CoveringTrail, other: CoveringTrail): boolean {
  const { trail } = covering;
  const there =
    trail.IsMultiRegionTrail || (!other.trail.IsMultiRegionTrail && trail.HomeRegion === other.trail.HomeRegion);
  if (!there) return false;
  return managementKinds([covering, other]).every((kind) => !recordsKind(other, kind) || recordsKind(covering, kind));
}
