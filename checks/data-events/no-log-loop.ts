import { z } from 'zod';
import { putEventSelectors } from '../../src/check/changes/put-event-selectors.ts';
import { defineCheck, manual, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { COVERAGE_NEEDS } from '../../src/check/coverage.ts';
import { isAdvanced, isEditRefused } from '../../src/check/evaluators/event-selectors/edits.ts';
import { recordsDelivery, withoutLogLoop } from '../../src/check/evaluators/event-selectors/log-loop.ts';
import { type LogLoopSnapshot, type SeenTarget, targetsSeenBy } from '../../src/check/log-loop.ts';
import { inheritedFault, type LoggingTrail, loggingTrails } from '../../src/check/logging-trails.ts';
import type { Change } from '../../src/check/plan.ts';
import { fromEvaluator, toEvaluator } from '../../src/check/selectors.ts';

const settings = z.strictObject({ allow_reads: z.boolean().default(true) });

export default defineCheck({
  id: 'data-events/no-log-loop',
  title: 'Delivering logs does not create more logs',
  severity: 'low',
  scope: 'account',
  rationale: 'A trail that records writes to its own bucket records its own deliveries, and bills them.',
  pass: 'No logging trail records write data events for objects in a bucket that trails deliver to. Reads of the log bucket may be recorded while allow_reads is true.',
  seed: [],
  needs: [...COVERAGE_NEEDS, 'bucket'],
  events: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'PutEventSelectors'],
  controls: controlIds({}),
  settings,
  fix: {
    class: 'auto',
    risk: 'safe',
    reversible: 'yes',
    operations: ['cloudtrail:PutEventSelectors'],
  },

  evaluate({ snapshot, subject, settings: { allow_reads } }) {
    const { trails, doubts, none } = loggingTrails(snapshot, subject.account);
    if (none) {
      const reason = 'No logging trail covers this account.';
      return { verdict: 'not-applicable', reason, cause: 'trail/account-covered' };
    }
    const looping = trails.map((it) => ({ ...it, targets: loopsOf(snapshot, subject.account, it, allow_reads) }));
    const faulty = looping.filter(({ targets }) => targets.some(({ doubt }) => doubt === undefined));
    if (faulty.length > 0) {
      const inheritance = inheritedFault(faulty);
      return {
        verdict: 'fail',
        evidence: {
          trails: faulty.map(({ trail, targets }) => ({
            TrailARN: trail.TrailARN,
            buckets: [...new Set(targets.map(({ name }) => name))],
          })),
        },
        reason: `${faulty.map(({ trail }) => trail.Name).join(', ')} records the delivery of log files as events.`,
        ...inheritance,
        // What is written into a log bucket under the name of a delivery is not recorded afterwards.
        ...(inheritance.inheritedFrom === undefined ? { fix: 'auto-second-approver' as const } : {}),
      };
    }
    const [doubt] = doubts;
    if (doubt !== undefined) return doubt;
    const [unknown] = looping.flatMap(({ targets }) => targets);
    if (unknown?.doubt !== undefined) return unknownBecause(unknown.doubt, { bucket: unknown.name });
    return { verdict: 'pass', evidence: { trails: trails.map(({ trail }) => trail.TrailARN) } };
  },

  plan({ snapshot, subject, settings: { allow_reads } }) {
    const changes: Change[] = [];
    const rewritten: string[] = [];
    const own = loggingTrails(snapshot, subject.account).trails.filter(({ inherited }) => !inherited);
    for (const it of own) {
      const { trail, selectors } = it;
      const targets = loopsOf(snapshot, subject.account, it, allow_reads).filter(({ doubt }) => doubt === undefined);
      if (targets.length === 0) continue;
      const before = toEvaluator(selectors);
      const edit = withoutLogLoop(before, targets, allow_reads);
      if (isEditRefused(edit)) return manual(edit.problem);
      if (!isAdvanced(before)) rewritten.push(trail.Name);
      changes.push(
        putEventSelectors(trail, selectors, fromEvaluator(edit.selectors), {
          summary: `Put the whole set of selectors of ${trail.Name} without deliveries of logs; all else stays recorded.`,
          undo: 'Put the saved set of selectors back.',
        }),
      );
    }
    return {
      kind: 'changes',
      plan: {
        summary: 'Stop recording the delivery of log files.',
        changes,
        class: 'auto-second-approver',
        warnings: [
          'PutObject is no longer recorded for objects in log buckets; deletions and everything else there still are.',
          ...rewritten.map(
            (name) => `The basic selectors of ${name} become the equivalent advanced ones: compare both sets.`,
          ),
        ],
        guards: [
          'Before: the new set records everything the old one did, deliveries aside.',
          'After: GetEventSelectors equals the plan, and data-events/s3-write still passes.',
        ],
        watchDelivery: changes.map(({ resource }) => resource),
      },
    };
  },
});

function loopsOf(snapshot: LogLoopSnapshot, account: string, it: LoggingTrail, allowReads: boolean): SeenTarget[] {
  const selectors = toEvaluator(it.selectors);
  return targetsSeenBy(snapshot, account, it).filter((target) => recordsDelivery(selectors, target, allowReads));
}
