import { z } from 'zod';
import { startLogging } from '../../src/check/changes/start-logging.ts';
import { defineCheck, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { type CoverageSnapshot, coverageOf } from '../../src/check/coverage.ts';
import { recorded } from '../../src/check/evaluators/event-selectors/recording.ts';
import { toEvaluator } from '../../src/check/selectors.ts';
import { trailOf } from '../../src/check/trail.ts';
import type { Trail } from '../../src/snapshot/types.ts';

export default defineCheck({
  id: 'trail/logging',
  title: 'Every trail is logging',
  severity: 'high',
  scope: 'trail',
  rationale: 'A stopped trail looks complete in the console list and records nothing.',
  pass: 'GetTrailStatus, asked by ARN in the home region, says IsLogging true.',
  seed: [],
  needs: ['trail', 'trail.status', 'trail.selectors', 'account.trails', 'organization'],
  events: ['StartLogging', 'StopLogging', 'CreateTrail', 'DeleteTrail'],
  controls: controlIds({
    security_hub: 'CloudTrail.3',
    'pci_4.0': `
      10.2.1.1 10.2.1.2 10.2.1.3 10.2.1.4 10.2.1.5 10.2.1.6 10.2.1.7 10.2.2 10.3.1 10.3.2 10.3.3 10.3.4 10.5.1
      10.6.3 A1.2.1`,
    nist_800_53_r5: `
      AC-2(4) AC-3(1) AC-3(10) AC-4(26) AC-6(9) AU-2 AU-3 AU-3(1) AU-6(3) AU-6(4) AU-6(6) AU-6(9) AU-8 AU-10 AU-12
      AU-12(1) AU-12(2) AU-12(3) AU-12(4) AU-14 AU-14(3) CA-7 CM-5(1) IA-3(3) MA-4(1) PM-14 PM-31 SC-7(9) SI-1(1)
      SI-3(8) SI-4(2) SI-4(17) SI-4(20) SI-7(8) SI-10(1)`,
    soc2: 'A1.2 CC7.2',
  }),
  settings: z.strictObject({}),
  fix: {
    class: 'auto',
    risk: 'safe',
    reversible: 'partly',
    cost: 'A second copy of management events is billed if another trail records them already.',
    first: ['bucket/exists', 'bucket/delivery-policy', 'key/usable'],
    operations: ['cloudtrail:StartLogging'],
  },

  evaluate({ snapshot, subject }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const status = partOf(snapshot['trail.status'], subject.arn);
    if (status.state === 'absent') return { verdict: 'not-applicable', reason: 'The trail was deleted meanwhile.' };
    if (status.state !== 'read') return unknownBecause(status, { trail: subject.arn });
    const { IsLogging, StopLoggingTime = null } = status.value;
    if (IsLogging) return { verdict: 'pass', evidence: { IsLogging } };
    const evidence = { IsLogging, StopLoggingTime };
    const twin = twinOf(snapshot, found.trail);
    if (twin === undefined) return { verdict: 'fail', evidence, reason: 'The trail is stopped and records nothing.' };
    return {
      verdict: 'fail',
      severity: 'low',
      fix: 'auto-second-approver',
      risk: 'cost',
      evidence: { ...evidence, coveredBy: twin.TrailARN },
      reason: 'The trail is stopped; another trail records the same management events.',
      notes: ['Starting it bills a second copy of those events. Deleting it may be what is wanted.'],
    };
  },

  plan({ snapshot, subject }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'trail/logging', reason: found.judgement.reason ?? '' };
    const { trail } = found;
    return {
      kind: 'changes',
      plan: {
        summary: `Start logging on ${trail.Name}.`,
        changes: [startLogging(trail)],
        guards: ['After: IsLogging is true and no new delivery error shows.'],
        watchDelivery: [trail.TrailARN],
      },
    };
  },
});

/** Another logging trail of the same account that records at least the management events this one would. */
function twinOf(snapshot: CoverageSnapshot, trail: Trail): Trail | undefined {
  const coverage = coverageOf(snapshot, trail.owner);
  const selectors = partOf(snapshot['trail.selectors'], trail.TrailARN);
  if (coverage.state !== 'read' || selectors.state !== 'read') return undefined;
  const own = recorded(toEvaluator(selectors.value));
  if (own.rules.some(({ category }) => category !== 'Management')) return undefined;
  return coverage.value.trails.find((other) => {
    if (other.trail.TrailARN === trail.TrailARN || other.selectors.state !== 'read') return false;
    if (other.status.state !== 'read' || !other.status.value.IsLogging) return false;
    // What an organization trail would record in the members, a trail of this account alone does not.
    if (trail.IsOrganizationTrail && !other.trail.IsOrganizationTrail) return false;
    if (!other.trail.IsMultiRegionTrail && (trail.IsMultiRegionTrail || other.trail.HomeRegion !== trail.HomeRegion)) {
      return false;
    }
    const { management } = recorded(toEvaluator(other.selectors.value));
    return (['read', 'write'] as const).every(
      (mode) => own.management[mode].covered === 'none' || management[mode].covered === 'all',
    );
  })?.trail;
}
