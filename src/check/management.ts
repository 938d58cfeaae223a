import type { CoveringTrail } from './coverage.ts';
import { recorded } from './evaluators/event-selectors/recording.ts';
import { toEvaluator } from './selectors.ts';

/** Does a trail record any management events? `unknown` when its selectors could not be read. */
export function managementOf({ selectors }: Pick<CoveringTrail, 'selectors'>): 'some' | 'none' | 'unknown' {
  if (selectors.state !== 'read') return 'unknown';
  const { management } = recorded(toEvaluator(selectors.value));
  return management.read.covered === 'none' && management.write.covered === 'none' ? 'none' : 'some';
}
