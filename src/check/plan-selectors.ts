import type { Trail } from '../snapshot/types.ts';
import { putEventSelectors } from './changes/put-event-selectors.ts';
import { manual } from './check.ts';
import { bestOwnTrail, type CoverageSnapshot } from './coverage.ts';
import { isEditRefused, type SelectorsEdit } from './evaluators/event-selectors/edits.ts';
import type { TrailSelectors } from './evaluators/event-selectors/types.ts';
import type { PlanDraft, Planned } from './plan.ts';
import { fromEvaluator, toEvaluator } from './selectors.ts';

/** What a plan says of the selectors it puts. */
export interface SelectorWords {
  /** `Record reads of S3 objects`: what the trail will do. */
  goal: string;
  /** `with S3 read events added`: how the set differs. */
  difference: string;
  warnings: string[];
}

/**
 * A plan that puts the whole edited set of the account's own trail that is best changed. Guided where the set would be
 * too large, blocked where the account has no logging trail of its own.
 */
export function planSelectors(
  snapshot: CoverageSnapshot,
  account: string,
  edit: (selectors: TrailSelectors) => SelectorsEdit,
  words: (before: TrailSelectors, trail: Trail) => SelectorWords,
): Planned {
  const best = bestOwnTrail(snapshot, account);
  if (best === undefined) {
    return {
      kind: 'blocked',
      by: 'trail/account-covered',
      reason: 'No logging trail of this account could be read.',
    };
  }
  const { trail, selectors } = best;
  const before = toEvaluator(selectors);
  const edited = edit(before);
  if (isEditRefused(edited)) return manual(edited.problem);
  const { goal, difference, warnings } = words(before, trail);
  const plan: PlanDraft = {
    summary: `${goal} with ${trail.Name}.`,
    changes: [
      putEventSelectors(trail, selectors, fromEvaluator(edited.selectors), {
        summary: `Put the whole set of selectors ${difference}; everything else in it stays.`,
        undo: 'Put the saved set of selectors back.',
      }),
    ],
    warnings,
    guards: ['After: GetEventSelectors equals the plan and trail/management-events still passes.'],
    watchDelivery: [trail.TrailARN],
  };
  return { kind: 'changes', plan };
}
