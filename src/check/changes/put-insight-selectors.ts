import type { InsightSelector, JsonObject, Trail } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';
import { insightsState } from '../state.ts';

/**
 * cloudtrail:PutInsightSelectors with the whole list: it replaces what was there, and the empty list turns Insights off.
 * `before` is empty where they are off.
 */
export function putInsightSelectors(
  trail: Trail,
  before: readonly InsightSelector[],
  after: readonly InsightSelector[],
  words: { summary: string; undo: string },
): Change {
  const call = {
    account: trail.owner,
    region: trail.HomeRegion,
    operation: 'cloudtrail:PutInsightSelectors',
    resource: trail.TrailARN,
  };
  const input = (selectors: readonly InsightSelector[]) => ({
    TrailName: trail.TrailARN,
    InsightSelectors: selectors.map(({ InsightType, EventCategories }) => ({ InsightType, EventCategories })),
  });
  return {
    ...call,
    input: input(after),
    summary: words.summary,
    target: `trail.insights:${trail.TrailARN}`,
    expect: before.length === 0 ? null : wholeState(before, after),
    result: wholeState(after, before),
    undo: { ...call, input: input(before), summary: words.undo, automatic: true },
  };
}

/** States are compared by the members they name, so those only the other list has are named as missing. */
function wholeState(list: readonly InsightSelector[], other: readonly InsightSelector[]): JsonObject {
  const missing = Object.fromEntries(other.map(({ InsightType }) => [InsightType, null]));
  return { ...missing, ...insightsState(list) };
}
