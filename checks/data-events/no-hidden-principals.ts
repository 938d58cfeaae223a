import { z } from 'zod';
import { putEventSelectors } from '../../src/check/changes/put-event-selectors.ts';
import { defineCheck } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { COVERAGE_NEEDS } from '../../src/check/coverage.ts';
import {
  hiddenCallers,
  hiddenForGood,
  withoutHiddenCallers,
} from '../../src/check/evaluators/event-selectors/callers.ts';
import { rulesOf } from '../../src/check/evaluators/event-selectors/rules.ts';
import { inheritedFault, type LoggingTrail, loggingTrails } from '../../src/check/logging-trails.ts';
import { fromEvaluator, toEvaluator } from '../../src/check/selectors.ts';

const settings = z.strictObject({
  /** ARNs of principals that may be left out, or patterns with `*`. */
  allowed: z.array(z.string()).default([]),
});

export default defineCheck({
  id: 'data-events/no-hidden-principals',
  title: 'No principal is hidden from data events',
  severity: 'medium',
  scope: 'account',
  rationale: 'A selector can leave out one role by its ARN; that is a quiet way to act unseen.',
  pass: 'No selector of a logging trail leaves out or singles out callers (userIdentity.arn, sessionCredentialFromConsole), except for the principals in allowed.',
  seed: [],
  needs: [...COVERAGE_NEEDS],
  events: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'PutEventSelectors'],
  controls: controlIds({}),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Billed per data event; busy buckets and functions produce millions.',
    operations: ['cloudtrail:PutEventSelectors'],
  },

  evaluate({ snapshot, subject, settings: { allowed } }) {
    const { trails, doubts } = loggingTrails(snapshot, subject.account);
    const [doubt] = doubts;
    // A trail that could not be read may hide somebody, or record what another hides.
    if (doubt !== undefined) return doubt;
    if (
      !trails.some(({ selectors }) => rulesOf(toEvaluator(selectors)).some(({ category }) => category !== 'Management'))
    ) {
      return { verdict: 'not-applicable', reason: 'No logging trail records data events here.' };
    }
    const faulty = hidingTrails(trails, allowed);
    if (faulty.length > 0) {
      const hidden = faulty.map(({ trail, hidden }) => ({ TrailARN: trail.TrailARN, hidden }));
      const [first] = faulty;
      return {
        verdict: 'fail',
        evidence: { trails: hidden },
        reason: `Data events are picked by who called: ${first?.trail.Name ?? ''} has ${first?.hidden.join('; ') ?? ''}.`,
        ...inheritedFault(faulty),
      };
    }
    const beside = trails.filter(({ selectors }) => hiddenCallers(toEvaluator(selectors), allowed).length > 0);
    return {
      verdict: 'pass',
      evidence: { trails: trails.map(({ trail }) => trail.TrailARN) },
      notes: beside.map(
        ({ trail }) => `${trail.Name} picks callers, but the same events are recorded beside it for all.`,
      ),
    };
  },

  plan({ snapshot, subject, settings: { allowed } }) {
    const { trails } = loggingTrails(snapshot, subject.account);
    const changes = hidingTrails(trails, allowed)
      .filter(({ inherited }) => !inherited)
      .map(({ trail, selectors }) => {
        const after = withoutHiddenCallers(toEvaluator(selectors), allowed);
        return putEventSelectors(trail, selectors, fromEvaluator(after.selectors), {
          summary: `Put the whole set of selectors of ${trail.Name} without the fields that pick callers; all else stays.`,
          undo: 'Put the saved set of selectors back.',
        });
      });
    return {
      kind: 'changes',
      plan: {
        summary: 'Record data events whoever called.',
        changes,
        warnings: [
          'A caller may have been left out because it makes very many events: each of them is billed from now on.',
        ],
        guards: ['After: GetEventSelectors equals the plan and trail/management-events still passes.'],
        watchDelivery: changes.map(({ resource }) => resource),
      },
    };
  },
});

/** Trails with what they hide and no trail records for everybody. */
function hidingTrails(
  trails: readonly LoggingTrail[],
  allowed: readonly string[],
): (LoggingTrail & { hidden: string[] })[] {
  const sets = trails.map(({ selectors }) => toEvaluator(selectors));
  return trails
    .map((it) => ({ ...it, hidden: hiddenForGood(toEvaluator(it.selectors), sets, allowed) }))
    .filter(({ hidden }) => hidden.length > 0);
}
