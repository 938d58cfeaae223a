import { z } from 'zod';
import { updateTrail } from '../../src/check/changes/update-trail.ts';
import { defineCheck, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import {
  anyCoveringTrail,
  COVERAGE_NEEDS,
  type CoveringTrail,
  coverageOf,
  ownTrails,
} from '../../src/check/coverage.ts';
import { managementOf } from '../../src/check/management.ts';

const settings = z.strictObject({ every_trail: z.boolean().default(false) });

export default defineCheck({
  id: 'trail/multi-region',
  title: 'The covering trail records every region',
  severity: 'high',
  scope: 'account',
  rationale:
    'Attackers work in regions nobody looks at; a multi-region trail also takes in regions that are enabled later.',
  pass: 'At least one logging multi-region trail that records management events covers the account, whatever region it is homed in. With every_trail true, each further management-event trail must be multi-region too.',
  seed: ['aws'],
  needs: [...COVERAGE_NEEDS],
  events: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'PutEventSelectors'],
  controls: controlIds({
    'cis_1.4': '3.1',
    'cis_3.0': '3.1',
    'cis_5.0': '3.1',
    'cis_6.0': '4.1',
    'cis_7.0': '4.1',
    security_hub: 'CloudTrail.1',
    'pci_4.0': `
      3.5.1.3 5.3.4 7.3.3 10.2.1 10.2.1.1 10.2.1.2 10.2.1.3 10.2.1.4 10.2.1.5 10.2.1.6 10.2.1.7 10.2.2 10.3.1
      10.3.2 10.3.3 10.3.4 10.6.3 11.3.1.3 11.5.2 A1.2.1`,
    nist_800_53_r5: `
      AC-2(4) AC-4(26) AC-6(9) AU-2 AU-3 AU-6(3) AU-6(4) AU-10 AU-12 AU-14(1) CA-7 SA-8(22) SC-7(9) SI-3(8)
      SI-4(20) SI-7(8)`,
    soc2: 'A1.1 A1.2 CC2.1 CC7.2 PI1.3',
    aws_ssb: 'ACCT.07',
    aws_encryption: 'guidance-cloudtrail',
    well_architected: 'SEC04-BP02 SEC04-BP03',
    config_rule: 'multi-region-cloudtrail-enabled',
  }),
  settings,
  fix: {
    class: 'auto',
    risk: 'cost',
    reversible: 'yes',
    cost: 'None if it becomes the only management-event trail; otherwise a second copy is billed in every region.',
    first: ['trail/account-covered', 'bucket/delivery-policy'],
    operations: ['cloudtrail:UpdateTrail'],
  },

  evaluate({ snapshot, subject, settings: { every_trail } }) {
    const judgement = anyCoveringTrail(
      snapshot,
      subject.account,
      (covering) => {
        const management = managementOf(covering);
        if (management === 'unknown' && covering.selectors.state !== 'read' && covering.selectors.state !== 'absent') {
          return { ok: 'unknown', because: unknownBecause(covering.selectors, { trail: covering.trail.TrailARN }) };
        }
        return { ok: covering.trail.IsMultiRegionTrail && management === 'some' };
      },
      (logging) => ({
        reason: 'No logging multi-region trail records management events of this account.',
        evidence: {
          trails: logging.map(({ trail: { TrailARN, IsMultiRegionTrail } }) => ({ TrailARN, IsMultiRegionTrail })),
        },
      }),
    );
    if (judgement.verdict !== 'pass' || !every_trail) return judgement;
    const coverage = coverageOf(snapshot, subject.account);
    const limited = coverage.state === 'read' ? coverage.value.trails.filter(isLimited) : [];
    if (limited.length === 0) return judgement;
    return {
      verdict: 'fail',
      reason: 'A further trail with management events records one region only.',
      evidence: { trails: limited.map(({ trail }) => trail.TrailARN) },
    };
  },

  plan({ snapshot, subject }) {
    const best = ownTrails(snapshot, subject.account).find(isLimited);
    if (best === undefined) {
      return {
        kind: 'blocked',
        by: 'trail/account-covered',
        reason: 'No logging trail of this account could be widened.',
      };
    }
    const { trail } = best;
    return {
      kind: 'changes',
      plan: {
        summary: `Make ${trail.Name} record every region.`,
        changes: [
          updateTrail(
            trail,
            { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true },
            {
              summary: `Record every region with ${trail.Name}, global services included.`,
              undo: `Limit ${trail.Name} to ${trail.HomeRegion} again; its shadows disappear.`,
            },
          ),
        ],
        guards: [
          'Before: fewer than 5 trails in every region.',
          'After: the shadow shows and no new delivery error does.',
        ],
        watchDelivery: [trail.TrailARN],
      },
    };
  },
});

/** A logging trail with management events that records one region only. */
function isLimited(covering: CoveringTrail): boolean {
  const { status, trail } = covering;
  return (
    status.state === 'read' && status.value.IsLogging && !trail.IsMultiRegionTrail && managementOf(covering) === 'some'
  );
}
