import { defineCheck } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { COVERAGE_NEEDS } from '../../src/check/coverage.ts';
import { judgeObjectEvents, objectSettings, planObjectEvents } from '../../src/check/object-events.ts';

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
  settings: objectSettings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Billed per data event; busy buckets and functions produce millions.',
    operations: ['cloudtrail:PutEventSelectors'],
  },

  evaluate({ snapshot, subject, settings }) {
    return judgeObjectEvents('write', snapshot, subject.account, settings);
  },

  plan({ snapshot, subject, settings }) {
    return planObjectEvents('write', snapshot, subject.account, settings);
  },
});
