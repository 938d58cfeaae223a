import { z } from 'zod';
import { updateTrail } from '../../src/check/changes/update-trail.ts';
import { defineCheck, unknownBecause } from '../../src/check/check.ts';
import { anyCoveringTrail, COVERAGE_NEEDS, ownTrails } from '../../src/check/coverage.ts';
import { managementOf } from '../../src/check/management.ts';
import { whereCovered } from '../../src/check/uncovered.ts';

/**
 * Where a partition records the events of IAM, CloudFront and the global endpoint of STS. China has them in two regions,
 * and for the others AWS does not say.
 */
const GLOBAL_REGIONS: { readonly [partition: string]: string } = { aws: 'us-east-1' };

export default defineCheck({
  id: 'trail/global-service-events',
  title: 'Global service events are recorded',
  severity: 'medium',
  scope: 'account',
  rationale: 'IAM, CloudFront and global STS events are recorded in one region of the partition only.',
  pass: 'A logging multi-region trail covers the account, or a logging single-region trail homed in the region where the partition records global events (us-east-1 in aws) has IncludeGlobalServiceEvents.',
  seed: ['aws'],
  needs: [...COVERAGE_NEEDS],
  events: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging'],
  controls: {},
  settings: z.strictObject({}),
  // UpdateTrail checks bucket and key policies again on every call, also for an unrelated member. Making the trail
  // multi-region comes instead of this plan, not before it.
  fix: {
    class: 'auto',
    risk: 'safe',
    reversible: 'yes',
    first: ['bucket/delivery-policy', 'key/delivery-policy'],
    operations: ['cloudtrail:UpdateTrail'],
  },

  evaluate({ snapshot, subject }) {
    const region = GLOBAL_REGIONS[snapshot.partition];
    const judgement = anyCoveringTrail(
      snapshot,
      subject.account,
      (covering) => {
        const { trail, selectors } = covering;
        const { IsMultiRegionTrail, IncludeGlobalServiceEvents, HomeRegion } = trail;
        if (!IsMultiRegionTrail && !(IncludeGlobalServiceEvents && HomeRegion === region)) return { ok: false };
        const management = managementOf(covering);
        if (management === 'unknown' && selectors.state !== 'read' && selectors.state !== 'absent') {
          return { ok: 'unknown', because: unknownBecause(selectors, { trail: trail.TrailARN }) };
        }
        // Global service events are management events.
        return { ok: management !== 'none', evidence: { IsMultiRegionTrail, IncludeGlobalServiceEvents, HomeRegion } };
      },
      (logging) => ({
        reason:
          region === undefined
            ? 'No multi-region trail covers this account.'
            : `No trail records all regions, and none in ${region} includes global service events.`,
        evidence: {
          trails: logging.map(({ trail: { TrailARN, IncludeGlobalServiceEvents } }) => ({
            TrailARN,
            IncludeGlobalServiceEvents,
          })),
        },
      }),
    );
    if (judgement.verdict === 'fail' && judgement.cause === undefined && region === undefined) {
      const reason = `Where the partition ${snapshot.partition} records global events is not known, and no multi-region trail covers this account.`;
      return {
        verdict: 'unknown',
        reason,
        ...(judgement.evidence === undefined ? {} : { evidence: judgement.evidence }),
      };
    }
    return whereCovered(judgement);
  },

  plan({ snapshot, subject }) {
    const region = GLOBAL_REGIONS[snapshot.partition];
    const here = ownTrails(snapshot, subject.account).find((covering) => {
      const { trail, status } = covering;
      return (
        trail.HomeRegion === region &&
        !trail.IncludeGlobalServiceEvents &&
        status.state === 'read' &&
        status.value.IsLogging &&
        managementOf(covering) === 'some'
      );
    });
    if (region === undefined || here === undefined) {
      const reason = `No logging trail with management events is homed in ${region ?? 'the region of global events'}, and the flag does nothing elsewhere: make a trail multi-region.`;
      return { kind: 'blocked', by: 'trail/multi-region', reason };
    }
    const { trail } = here;
    return {
      kind: 'changes',
      plan: {
        summary: `Record global service events with ${trail.Name}.`,
        changes: [
          updateTrail(
            trail,
            { IncludeGlobalServiceEvents: true },
            {
              summary: 'Include global service events; nothing else changes.',
              undo: 'Leave global service events out again.',
            },
          ),
        ],
        guards: [
          'Before: bucket policy and key policy let the trail deliver, for UpdateTrail checks them again.',
          'After: GetTrail shows the flag and no new delivery error shows.',
        ],
        watchDelivery: [trail.TrailARN],
      },
    };
  },
});
