import { z } from 'zod';
import { putEventSelectors } from '../../src/check/changes/put-event-selectors.ts';
import { defineCheck, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { anyCoveringTrail, bestOwnTrail, COVERAGE_NEEDS } from '../../src/check/coverage.ts';
import { isEditRefused, withAllManagementEvents } from '../../src/check/evaluators/event-selectors/edits.ts';
import { recorded, recordsAllManagement } from '../../src/check/evaluators/event-selectors/recording.ts';
import { fromEvaluator, toEvaluator } from '../../src/check/selectors.ts';

const settings = z.strictObject({ allow_split: z.boolean().default(false) });

export default defineCheck({
  id: 'trail/management-events',
  title: 'One trail records all management events, read and write',
  severity: 'high',
  scope: 'account',
  rationale: 'Reconnaissance shows in read events, damage in write events; a trail that drops either is half a record.',
  pass: 'One logging trail that covers the account records read and write management events, taking the union of all its selectors.',
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
      5.3.4 10.2.1 10.2.1.1 10.2.1.2 10.2.1.3 10.2.1.4 10.2.1.5 10.2.1.6 10.2.1.7 10.2.2 10.3.1 10.6.3 A1.2.1`,
    nist_800_53_r5: `
      AC-2(4) AC-4(26) AC-6(9) AU-2 AU-3 AU-6(3) AU-6(4) AU-10 AU-12 AU-14(1) CA-7 SA-8(22) SC-7(9) SI-3(8)
      SI-4(20) SI-7(8)`,
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'A1.1 CC2.1 CC7.2 PI1.3',
    aws_ssb: 'ACCT.07',
    well_architected: 'SEC04-BP02 SEC04-BP03',
    config_rule: 'multi-region-cloudtrail-enabled',
  }),
  settings,
  fix: {
    class: 'auto',
    risk: 'cost',
    reversible: 'yes',
    cost: 'More events to S3, CloudWatch Logs and Insights; further copies of management events are billed.',
    operations: ['cloudtrail:PutEventSelectors'],
  },

  evaluate({ snapshot, subject, settings: { allow_split } }) {
    return anyCoveringTrail(
      snapshot,
      subject.account,
      ({ selectors, trail }) => {
        if (selectors.state === 'absent') return { ok: recordsAllManagement(recorded({})) };
        if (selectors.state !== 'read') {
          return { ok: 'unknown', because: unknownBecause(selectors, { trail: trail.TrailARN }) };
        }
        return { ok: recordsAllManagement(recorded(toEvaluator(selectors.value))) };
      },
      (logging) => {
        const sets = logging.flatMap(({ selectors }) =>
          selectors.state === 'read' ? [toEvaluator(selectors.value)] : [],
        );
        const { read, write } = recorded(...sets).management;
        const evidence = {
          trails: logging.map(({ trail }) => trail.TrailARN),
          read: read.covered,
          write: write.covered,
        };
        const missing = [read.covered === 'none' ? 'read' : '', write.covered === 'none' ? 'write' : ''].filter(
          Boolean,
        );
        if (missing.length > 0)
          return { evidence, reason: `No trail records ${missing.join(' and ')} management events.` };
        if (!recordsAllManagement(recorded(...sets)))
          return { evidence, reason: 'Management events are recorded in part only.' };
        return {
          evidence,
          reason: 'No single trail records read and write management events.',
          notes: ['Together the trails record both.'],
          ...(allow_split ? { verdict: 'pass' as const } : {}),
        };
      },
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
    const edit = withAllManagementEvents(toEvaluator(selectors));
    if (isEditRefused(edit)) return { kind: 'manual', steps: [{ text: edit.problem }] };
    return {
      kind: 'changes',
      plan: {
        summary: `Record all read and write management events with ${trail.Name}.`,
        changes: [
          putEventSelectors(trail, selectors, fromEvaluator(edit.selectors), {
            summary: 'Put the whole set of selectors with all management events; everything else in it stays.',
            undo: 'Put the saved set of selectors back.',
          }),
        ],
        guards: ['After: GetEventSelectors equals the plan and this check passes.'],
        watchDelivery: [trail.TrailARN],
      },
    };
  },
});
