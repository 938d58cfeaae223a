import { z } from 'zod';
import { defineCheck, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { anyCoveringTrail, COVERAGE_NEEDS } from '../../src/check/coverage.ts';
import { coversData } from '../../src/check/evaluators/event-selectors/data.ts';
import { withTypeEvents } from '../../src/check/evaluators/event-selectors/data-edits.ts';
import { recorded } from '../../src/check/evaluators/event-selectors/recording.ts';
import { planSelectors } from '../../src/check/plan-selectors.ts';
import { toEvaluator } from '../../src/check/selectors.ts';
import { accountOf } from '../../src/check/subject.ts';
import type { TrailSelectors } from '../../src/snapshot/types.ts';

const functionArn = z.string().regex(/^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+$/, 'must be the ARN of a function');
const settings = z.strictObject({ functions: z.union([z.literal('all'), z.array(functionArn)]).default('all') });

const TYPE = 'AWS::Lambda::Function';

export default defineCheck({
  id: 'data-events/lambda',
  title: 'Invocations of Lambda functions are recorded',
  severity: 'low',
  scope: 'account',
  rationale: 'Code that runs with a role acts for whoever can invoke it.',
  pass: 'A logging trail that covers the account records data events of all Lambda functions, or of every function of functions.',
  seed: ['aws'],
  needs: [...COVERAGE_NEEDS],
  events: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'PutEventSelectors'],
  controls: controlIds({
    iso_27001_2022: 'A.8.15',
    soc2: 'A1.1',
    well_architected: 'REL06-BP01 SEC04-BP01',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Billed per data event; busy buckets and functions produce millions.',
    operations: ['cloudtrail:PutEventSelectors'],
  },

  evaluate({ snapshot, subject, settings }) {
    const functions = functionsIn(subject.account, settings.functions);
    if (functions.length === 0) {
      return { verdict: 'not-applicable', reason: 'None of the functions asked for is in this account.' };
    }
    const gaps = (selectors: TrailSelectors) =>
      functions.flatMap((resource) => {
        // Every call that starts a function is a write.
        const question = { type: TYPE, mode: 'write', resource } as const;
        const coverage = coversData(recorded(toEvaluator(selectors)), question);
        if (coverage.covered === 'all') return [];
        return coverage.covered === 'partly'
          ? coverage.why
          : [`${resource === 'all' ? 'no functions' : resource} recorded`];
      });
    return anyCoveringTrail(
      snapshot,
      subject.account,
      ({ selectors, trail }) => {
        if (selectors.state === 'absent') return { ok: false };
        if (selectors.state !== 'read') {
          return { ok: 'unknown', because: unknownBecause(selectors, { trail: trail.TrailARN }) };
        }
        return { ok: gaps(selectors.value).length === 0 };
      },
      (logging) => ({
        reason: 'Invocations of Lambda functions are not recorded, or in part only.',
        evidence: {
          trails: logging.map(({ trail, selectors }) => ({
            TrailARN: trail.TrailARN,
            gaps: selectors.state === 'read' ? gaps(selectors.value) : ['no functions recorded'],
          })),
        },
      }),
    );
  },

  plan({ snapshot, subject, settings }) {
    const functions = functionsIn(subject.account, settings.functions);
    return planSelectors(
      snapshot,
      subject.account,
      (before) =>
        withTypeEvents(before, {
          type: TYPE,
          mode: 'all',
          resources: settings.functions === 'all' ? 'all' : functions,
          value: `arn:${snapshot.partition}:lambda`,
        }),
      () => ({
        goal: `Record invocations of ${settings.functions === 'all' ? 'all functions' : functions.join(', ')}`,
        difference: 'with invocations of functions added',
        warnings: ['Every invocation becomes a billed event. Look at the invocation metrics of busy functions first.'],
      }),
    );
  },
});

/** `all`, or the ARNs of those that are in the account: the others are asked for where they are. */
function functionsIn(account: string, functions: 'all' | string[]): string[] {
  return functions === 'all' ? ['all'] : functions.filter((arn) => accountOf(arn) === account);
}
