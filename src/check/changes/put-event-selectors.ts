import type { Trail, TrailSelectors } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';
import { selectorsState } from '../selectors.ts';

/** What a trail records when no selector was ever put; the way back to it. */
const DEFAULT_SELECTORS = [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [] }];

/**
 * cloudtrail:PutEventSelectors with the whole set: it replaces everything, so the change holds every selector, the
 * ones nobody asked to change exactly as they were read.
 */
export function putEventSelectors(
  trail: Trail,
  before: TrailSelectors,
  after: TrailSelectors,
  words: { summary: string; undo: string },
): Change {
  const call = {
    account: trail.owner,
    region: trail.HomeRegion,
    operation: 'cloudtrail:PutEventSelectors',
    resource: trail.TrailARN,
  };
  return {
    ...call,
    input: { TrailName: trail.TrailARN, ...whole(after) },
    summary: words.summary,
    target: `trail.selectors:${trail.TrailARN}`,
    expect: selectorsState(before),
    result: selectorsState(after),
    undo: { ...call, input: { TrailName: trail.TrailARN, ...whole(before) }, summary: words.undo, automatic: true },
  };
}

function whole(selectors: TrailSelectors) {
  if (selectors.AdvancedEventSelectors !== undefined) {
    return { AdvancedEventSelectors: selectors.AdvancedEventSelectors };
  }
  return { EventSelectors: selectors.EventSelectors ?? DEFAULT_SELECTORS };
}
