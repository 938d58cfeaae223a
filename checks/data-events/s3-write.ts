import { z } from 'zod';
import { putEventSelectors } from '../../src/check/changes/put-event-selectors.ts';
import { defineCheck, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { anyCoveringTrail, bestOwnTrail, COVERAGE_NEEDS } from '../../src/check/coverage.ts';
import { coversData } from '../../src/check/evaluators/event-selectors/data.ts';
import { isEditRefused, withS3WriteEvents } from '../../src/check/evaluators/event-selectors/edits.ts';
import { recorded } from '../../src/check/evaluators/event-selectors/recording.ts';
import { fromEvaluator, toEvaluator } from '../../src/check/selectors.ts';
import type { Snapshot, TrailSelectors } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  buckets: z.union([z.literal('all'), z.array(z.string())]).default('all'),
  exempt_buckets: z.array(z.string()).default([]),
});

export default defineCheck({
  id: 'data-events/s3-write',
  title: 'Writes and deletions of S3 objects are recorded',
  severity: 'medium',
  scope: 'account',
  rationale: 'Management events do not show who changed or deleted an object.',
  pass: 'A logging trail that covers the account records write data events of all S3 objects, or of those in every bucket of buckets; log buckets and exempt_buckets may be left out.',
  seed: ['aws'],
  needs: [...COVERAGE_NEEDS],
  events: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'PutEventSelectors'],
  controls: controlIds({
    'cis_1.4': '3.10',
    'cis_3.0': '3.8',
    'cis_5.0': '3.8',
    'cis_6.0': '4.8',
    'cis_7.0': '4.8',
    'pci_4.0': `
      5.3.4 7.3.3 10.2.1 10.2.1.1 10.2.1.2 10.2.1.3 10.2.1.4 10.2.1.5 10.2.1.6 10.2.1.7 10.2.2 10.3.1 10.6.3
      11.3.1.3 11.5.2 A1.2.1`,
    nist_800_53_r5: `
      AC-2(4) AC-3(1) AC-3(10) AC-4(26) AC-6(9) AU-2 AU-3 AU-6(3) AU-6(4) AU-6(6) AU-6(9) AU-8 AU-10 AU-12
      AU-12(1) AU-12(2) AU-12(3) AU-12(4) AU-14 AU-14(3) CA-7 CM-5(1) CM-6 CM-9 IA-3(3) MA-4(1) PM-14 PM-31
      SC-7(9) SI-1(1) SI-3(8) SI-4(2) SI-4(17) SI-4(20) SI-7(8) SI-10(1)`,
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'CC2.1 CC7.2 PI1.2',
    well_architected: 'SEC04-BP01',
    config_rule: 'cloudtrail-s3-dataevents-enabled cloudtrail-all-write-s3-data-event-check',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Billed per data event; busy buckets and functions produce millions. The plan shows how many resources it takes in.',
    operations: ['cloudtrail:PutEventSelectors'],
  },

  evaluate({ snapshot, subject, settings: { buckets, exempt_buckets } }) {
    const { partition } = snapshot;
    const exempt = [...logBuckets(snapshot), ...exempt_buckets].map((name) => `arn:${partition}:s3:::${name}`);
    const wanted = buckets === 'all' ? ['all'] : buckets.map((name) => `arn:${partition}:s3:::${name}`);
    const gaps = (selectors: TrailSelectors) =>
      wanted.flatMap((resource) => {
        const question = { type: 'AWS::S3::Object', mode: 'write', resource, exempt } as const;
        const coverage = coversData(recorded(toEvaluator(selectors)), question);
        if (coverage.covered === 'all') return [];
        return coverage.covered === 'partly'
          ? coverage.why
          : [`${resource === 'all' ? 'no S3 objects' : resource} recorded`];
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
        reason: 'Writes and deletions of S3 objects are not recorded, or in part only.',
        evidence: {
          trails: logging.map(({ trail, selectors }) => ({
            TrailARN: trail.TrailARN,
            gaps: selectors.state === 'read' ? gaps(selectors.value) : ['no S3 objects recorded'],
          })),
        },
      }),
    );
  },

  plan({ snapshot, subject }) {
    const best = bestOwnTrail(snapshot, subject.account);
    if (best === undefined) {
      return {
        kind: 'blocked',
        by: 'trail/account-covered',
        reason: 'No logging trail of this account could be read.',
      };
    }
    const { trail, selectors } = best;
    const edit = withS3WriteEvents(toEvaluator(selectors), {
      partition: snapshot.partition,
      logBuckets: logBuckets(snapshot),
    });
    if (isEditRefused(edit)) return { kind: 'manual', steps: [{ text: edit.problem }] };
    return {
      kind: 'changes',
      plan: {
        summary: `Record writes and deletions of S3 objects with ${trail.Name}.`,
        changes: [
          putEventSelectors(trail, selectors, fromEvaluator(edit.selectors), {
            summary: 'Put the whole set of selectors with S3 write events added; everything else in it stays.',
            undo: 'Put the saved set of selectors back.',
          }),
        ],
        warnings: [
          'Every write to every bucket becomes a billed event. Look at the request metrics of busy buckets first.',
        ],
        guards: ['After: GetEventSelectors equals the plan and trail/management-events still passes.'],
        watchDelivery: [trail.TrailARN],
      },
    };
  },
});

/** Names of the buckets that trails deliver to: recording their own deliveries would make events of events. */
function logBuckets(snapshot: Pick<Snapshot, 'trail'>): string[] {
  const names = Object.values(snapshot.trail).flatMap((part) =>
    part.state === 'read' ? [part.value.S3BucketName] : [],
  );
  return [...new Set(names)].sort();
}
