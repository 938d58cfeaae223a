import { z } from 'zod';
import { putInsightSelectors } from '../../src/check/changes/put-insight-selectors.ts';
import { defineCheck, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { anyCoveringTrail, bestOwnTrail, COVERAGE_NEEDS } from '../../src/check/coverage.ts';
import { idleIn, insightsOf, missingIn, withWanted } from '../../src/check/insights.ts';

const settings = z.strictObject({
  types: z
    .array(z.enum(['ApiCallRateInsight', 'ApiErrorRateInsight']))
    .min(1)
    .default(['ApiCallRateInsight', 'ApiErrorRateInsight']),
  categories: z
    .array(z.enum(['Management', 'Data']))
    .min(1)
    .default(['Management']),
});

export default defineCheck({
  id: 'insights/enabled',
  title: 'CloudTrail Insights looks for unusual activity',
  severity: 'low',
  scope: 'account',
  rationale: 'A burst of calls or of errors is often the first visible sign.',
  pass: 'A logging trail that covers the account has Insights for every type in types and every category in categories, and records the events they need.',
  seed: [],
  needs: [...COVERAGE_NEEDS, 'trail.insights'],
  events: [
    'CreateTrail',
    'UpdateTrail',
    'DeleteTrail',
    'StartLogging',
    'StopLogging',
    'PutInsightSelectors',
    'PutEventSelectors',
  ],
  controls: controlIds({
    'pci_4.0': '5.3.4 10.3.2 10.3.3 10.3.4 10.5.1 A1.2.1',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Billed per event analysed and type.',
    first: ['trail/management-events'],
    operations: ['cloudtrail:PutInsightSelectors'],
  },

  evaluate({ snapshot, subject, settings }) {
    return anyCoveringTrail(
      snapshot,
      subject.account,
      ({ trail, selectors }) => {
        const insights = insightsOf(snapshot, trail);
        if (insights.state !== 'read' && insights.state !== 'absent') {
          return { ok: 'unknown', because: unknownBecause(insights, { trail: trail.TrailARN }) };
        }
        const missing = missingIn(insights.state === 'read' ? insights.value : [], settings);
        if (missing.length > 0) return { ok: false };
        if (selectors.state !== 'read' && selectors.state !== 'absent') {
          return { ok: 'unknown', because: unknownBecause(selectors, { trail: trail.TrailARN }) };
        }
        const idle = idleIn(selectors.state === 'read' ? selectors.value : {}, settings);
        return { ok: idle.length === 0 };
      },
      (logging) => {
        const trails = logging.map(({ trail, selectors }) => {
          const insights = insightsOf(snapshot, trail);
          return {
            TrailARN: trail.TrailARN,
            missing: missingIn(insights.state === 'read' ? insights.value : [], settings),
            // What was never put is the default set.
            idle: idleIn(selectors.state === 'read' ? selectors.value : {}, settings),
          };
        });
        const nearest = trails.toSorted((a, b) => a.missing.length - b.missing.length)[0];
        const missing = nearest?.missing ?? [];
        const reason =
          missing.length > 0
            ? `CloudTrail Insights is off for ${missing.join(', ')}.`
            : `CloudTrail Insights can never fire: ${nearest?.idle.join('; ') ?? ''}.`;
        return { evidence: { trails }, reason };
      },
    );
  },

  plan({ snapshot, subject, settings }) {
    const best = bestOwnTrail(snapshot, subject.account);
    if (best === undefined) {
      const reason = 'No logging trail of this account could be read.';
      return { kind: 'blocked', by: 'trail/account-covered', reason };
    }
    const { trail, selectors } = best;
    const insights = insightsOf(snapshot, trail);
    if (insights.state !== 'read' && insights.state !== 'absent') {
      return { kind: 'blocked', by: 'insights/enabled', reason: unknownBecause(insights).reason ?? '' };
    }
    const [idle] = idleIn(selectors, settings);
    if (idle !== undefined) {
      const by = settings.categories.includes('Data') ? 'data-events/s3-write' : 'trail/management-events';
      return { kind: 'blocked', by, reason: `Insights would never fire on ${trail.Name}: ${idle}.` };
    }
    const before = insights.state === 'read' ? insights.value : [];
    return {
      kind: 'changes',
      plan: {
        summary: `Let CloudTrail Insights look at ${trail.Name}.`,
        changes: [
          putInsightSelectors(trail, before, withWanted(before, settings), {
            summary: 'Put the whole list of Insights with the missing types and categories; those that are on stay.',
            undo: before.length === 0 ? 'Turn Insights off again, as before.' : 'Put the saved list of Insights back.',
          }),
        ],
        guards: [
          'Before: the trail records the events that Insights needs.',
          'After: GetInsightSelectors equals the plan.',
        ],
      },
    };
  },
});
