import { z } from 'zod';
import { updateTrail } from '../../src/check/changes/update-trail.ts';
import { defineCheck } from '../../src/check/check.ts';
import { stoppedNote, trailOf } from '../../src/check/trail.ts';

export default defineCheck({
  id: 'trail/log-file-validation',
  title: 'Log file validation is on',
  severity: 'medium',
  scope: 'trail',
  rationale: 'Without signed digests nobody can show that a log file was not changed or removed.',
  pass: 'LogFileValidationEnabled is true.',
  seed: ['aws', 'resmo'],
  needs: ['trail', 'trail.status'],
  events: ['CreateTrail', 'UpdateTrail'],
  controls: {
    'cis_1.4': ['3.2'],
    'cis_3.0': ['3.2'],
    'cis_5.0': ['3.2'],
    'cis_6.0': ['4.2'],
    'cis_7.0': ['4.2'],
    security_hub: ['CloudTrail.4'],
    'pci_4.0': ['10.3.2', '10.3.3', '10.3.4', 'A1.2.1'],
    nist_800_53_r5: ['AU-9', 'SI-4', 'SI-7(1)', 'SI-7(3)', 'SI-7(7)'],
    iso_27001_2022: ['A.8.15', 'A.8.16'],
    soc2: ['CC7.3', 'PI1.3'],
    aws_encryption: ['guidance-cloudtrail'],
    well_architected: ['SEC06-BP01', 'SEC06-BP06'],
    config_rule: ['cloud-trail-log-file-validation-enabled'],
  },
  settings: z.strictObject({}),
  // UpdateTrail checks bucket and key policies again on every call, also for an unrelated member.
  fix: {
    class: 'auto',
    risk: 'safe',
    reversible: 'partly',
    first: ['bucket/delivery-policy', 'key/delivery-policy'],
    operations: ['cloudtrail:UpdateTrail'],
  },

  evaluate({ snapshot, subject }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { LogFileValidationEnabled } = found.trail;
    const notes = stoppedNote(snapshot, subject.arn);
    return LogFileValidationEnabled
      ? { verdict: 'pass', evidence: { LogFileValidationEnabled }, notes }
      : { verdict: 'fail', evidence: { LogFileValidationEnabled }, notes, reason: 'No digest files are made.' };
  },

  plan({ snapshot, subject }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'trail', reason: found.judgement.reason ?? '' };
    const { trail } = found;
    return {
      kind: 'changes',
      plan: {
        summary: `Turn on log file validation for ${trail.Name}.`,
        changes: [
          updateTrail(
            trail,
            { LogFileValidationEnabled: true },
            {
              summary: 'Turn on log file validation; nothing else changes.',
              undo: 'Turn log file validation off again; after an hour off the digest chain is broken for good.',
            },
          ),
        ],
        warnings: ['Files delivered before validation was on can never be validated.'],
        guards: ['After: GetTrail shows the flag; the first digest arrives within 2 hours.'],
        watchDelivery: [trail.TrailARN],
      },
    };
  },
});
