import { z } from 'zod';
import { usesBucketKey } from '../../src/check/bucket.ts';
import { addToKeyPolicy } from '../../src/check/changes/put-policy.ts';
import { updateTrail } from '../../src/check/changes/update-trail.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { keyDeliveryStatements } from '../../src/check/evaluators/policy/statements.ts';
import { stoppedNote, trailOf } from '../../src/check/trail.ts';

const settings = z.strictObject({ key_by_region: z.record(z.string(), z.string()).default({}) });

export default defineCheck({
  id: 'trail/kms-encryption',
  title: 'Log files are encrypted with a customer managed key',
  severity: 'medium',
  scope: 'trail',
  rationale:
    'With SSE-S3 anyone who may read the bucket reads the logs; a key of your own is a second lock with its own log.',
  pass: 'KmsKeyId is set and is a customer managed key; whether that key works is the business of key/usable and key/delivery-policy.',
  seed: ['aws', 'resmo'],
  needs: ['trail', 'trail.status', 'key', 'key.policy', 'bucket', 'bucket.encryption'],
  events: ['CreateTrail', 'UpdateTrail'],
  controls: controlIds({
    'cis_1.4': '3.7',
    'cis_3.0': '3.5',
    'cis_5.0': '3.5',
    'cis_6.0': '4.5',
    'cis_7.0': '4.5',
    security_hub: 'CloudTrail.2',
    'pci_4.0': '3.5.1 8.3.2 10.3.2 10.3.3 10.3.4 A1.2.1',
    nist_800_53_r5: 'AU-9 CA-9(1) CM-3(6) SC-7(10) SC-13 SC-28 SC-28(1) SI-7(6)',
    iso_27001_2022: 'A.8.11 A.8.15 A.8.16 A.8.24',
    soc2: 'CC6.1 CC6.2',
    aws_ftr: 'SDAT-002',
    aws_encryption: 'guidance-cloudtrail config-pack',
    well_architected: 'SEC08-BP02',
    config_rule: 'cloud-trail-encryption-enabled',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'disruptive',
    reversible: 'partly',
    cost: 'Monthly price of the key and of its requests; a Bucket Key keeps them low.',
    first: ['key/delivery-policy', 'bucket/delivery-policy'],
    operations: ['kms:PutKeyPolicy', 'cloudtrail:UpdateTrail'],
  },

  evaluate({ snapshot, subject }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { KmsKeyId } = found.trail;
    const notes = stoppedNote(snapshot, subject.arn);
    if (KmsKeyId === undefined || KmsKeyId === '') {
      return { verdict: 'fail', evidence: { KmsKeyId: null }, notes, reason: 'Log files are encrypted by S3 alone.' };
    }
    const key = partOf(snapshot.key, KmsKeyId);
    if (key.state === 'absent') {
      return {
        verdict: 'fail',
        evidence: { KmsKeyId },
        notes,
        reason: 'The key no longer exists, so the trail cannot deliver.',
      };
    }
    if (key.state === 'unreachable') {
      return {
        verdict: 'pass',
        evidence: { KmsKeyId },
        notes: [...notes, 'The key belongs to an account out of reach.'],
      };
    }
    if (key.state !== 'read') return unknownBecause(key, { KmsKeyId });
    const { KeyManager, Arn } = key.value;
    if (KeyManager === 'CUSTOMER') return { verdict: 'pass', evidence: { KmsKeyId: Arn, KeyManager }, notes };
    return {
      verdict: 'fail',
      evidence: { KmsKeyId: Arn, KeyManager },
      notes,
      reason: 'The key is managed by AWS, not by you.',
    };
  },

  plan({ snapshot, subject, settings, estate }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found)
      return { kind: 'blocked', by: 'trail/kms-encryption', reason: found.judgement.reason ?? '' };
    const { trail } = found;
    const bucket = partOf(snapshot.bucket, trail.S3BucketName);
    if (bucket.state !== 'read')
      return { kind: 'blocked', by: 'bucket/exists', reason: 'The bucket of the trail is not known.' };
    const { region } = bucket.value;
    const arn = settings.key_by_region[region] ?? estate.keys[region];
    if (arn === undefined) {
      return manual(
        `No key is declared for ${region}, where the bucket lies. Create a symmetric customer managed key there.`,
        `Declare it in the configuration under keys, as ${region}: <key ARN>, and scan again.`,
      );
    }
    const key = partOf(snapshot.key, arn);
    if (key.state !== 'read')
      return { kind: 'blocked', by: 'key/usable', reason: `The declared key ${arn} could not be read.` };
    const { KeyState, KeyManager, KeySpec, region: keyRegion } = key.value;
    if (
      KeyState !== 'Enabled' ||
      KeyManager !== 'CUSTOMER' ||
      KeySpec !== 'SYMMETRIC_DEFAULT' ||
      keyRegion !== region
    ) {
      return {
        kind: 'blocked',
        by: 'key/usable',
        reason: `The declared key is ${KeyState}, ${KeyManager}, ${KeySpec} in ${keyRegion}; it must be an enabled symmetric customer managed key in ${region}.`,
      };
    }
    // For this trail alone: a merge extends a list only where nothing else differs, so trails sharing the key keep theirs.
    const statements = keyDeliveryStatements({
      partition: snapshot.partition,
      trailArns: [trail.TrailARN],
      accountIds: [trail.owner],
      decryptForBucketKey: usesBucketKey(snapshot, trail.S3BucketName),
    });
    const edit = addToKeyPolicy(key.value, partOf(snapshot['key.policy'], arn), statements, {
      summary: 'Let CloudTrail encrypt with the key; every statement of its policy stays.',
      undo: 'Put the saved key policy back.',
    });
    if ('problem' in edit) return { kind: 'blocked', by: 'key/delivery-policy', reason: edit.problem };
    return {
      kind: 'changes',
      plan: {
        summary: `Encrypt the log files of ${trail.Name} with a customer managed key.`,
        changes: [
          ...(edit.change === undefined ? [] : [edit.change]),
          updateTrail(
            trail,
            { KmsKeyId: arn },
            {
              summary: `Encrypt new log files of ${trail.Name} with the key.`,
              undo: 'Encrypt with S3 alone again. Files written meanwhile need the key for ever.',
            },
          ),
        ],
        warnings: ['Whoever reads the logs needs kms:Decrypt on this key, or sees AccessDenied from now on.'],
        guards: [
          'Before: the key is enabled, symmetric, customer managed and in the region of the bucket.',
          'After: GetTrail shows the key and no new delivery error shows.',
        ],
        watchDelivery: [trail.TrailARN],
      },
    };
  },
});
