import type { JsonObject, TrailSelectors } from '../snapshot/types.ts';
import { canonicalJson, canonicalSelectors } from './evaluators/canonical.ts';
import type { TrailSelectors as EvaluatorSelectors } from './evaluators/event-selectors/types.ts';

/** Selectors as AWS names them, in the form the evaluator takes; AWS has checked the shape of each already. */
export function toEvaluator(selectors: TrailSelectors): EvaluatorSelectors {
  const { EventSelectors: eventSelectors, AdvancedEventSelectors: advancedEventSelectors } = selectors;
  return JSON.parse(canonicalJson({ eventSelectors, advancedEventSelectors }));
}

/** And back. */
export function fromEvaluator(selectors: EvaluatorSelectors): TrailSelectors {
  const { eventSelectors, advancedEventSelectors } = JSON.parse(canonicalJson(selectors));
  if (advancedEventSelectors !== undefined) return { AdvancedEventSelectors: advancedEventSelectors };
  return eventSelectors === undefined ? {} : { EventSelectors: eventSelectors };
}

/** The canonical state of a set of selectors; no set at all equals the default set. */
export function selectorsState(selectors: TrailSelectors): JsonObject {
  return JSON.parse(canonicalJson(canonicalSelectors(toEvaluator(selectors))));
}
