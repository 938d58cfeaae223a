import { z } from 'zod';
import { enableRotation } from '../../src/check/changes/enable-rotation.ts';
import { defineCheck, type Judgement, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import type { Key } from '../../src/snapshot/types.ts';

/** The bounds are those of EnableKeyRotation. */
const settings = z.strictObject({ max_days: z.int().min(90).max(2560).default(365) });

/** What KMS takes where no period was ever given. */
const DEFAULT_DAYS = 365;

export default defineCheck({
  id: 'key/rotation',
  title: "The trail's key rotates",
  severity: 'medium',
  scope: 'key',
  rationale: 'Rotation bounds what one leaked piece of key material opens.',
  pass: 'KeyRotationEnabled is true and the rotation period is at most max_days.',
  seed: [],
  needs: ['trail', 'key', 'key.rotation'],
  events: ['EnableKeyRotation', 'DisableKeyRotation', 'RotateKeyOnDemand', 'UpdateTrail'],
  controls: controlIds({
    'cis_1.4': '3.8',
    'cis_3.0': '3.6',
    'cis_5.0': '3.6',
    'cis_6.0': '4.6',
    'cis_7.0': '4.6',
    security_hub: 'KMS.4',
    'pci_4.0': '3.7.4 3.7.5',
    nist_800_53_r5: 'SC-12 SC-12(2) SC-28(3)',
    iso_27001_2022: 'A.8.5 A.8.11 A.8.24',
    soc2: 'PI1.5',
    aws_encryption: 'config-pack',
    well_architected: 'SEC02-BP05',
    config_rule: 'cmk-backing-key-rotation-enabled',
  }),
  settings,
  fix: {
    class: 'auto',
    risk: 'safe',
    reversible: 'yes',
    operations: ['kms:EnableKeyRotation', 'kms:DisableKeyRotation'],
  },

  evaluate({ snapshot, subject, settings: { max_days } }) {
    const evidence = { key: subject.reference, trails: subject.trails };
    const key = partOf(snapshot.key, subject.reference);
    if (key.state === 'absent') {
      return { verdict: 'not-applicable', evidence, reason: 'The key does not exist.', cause: 'key/usable' };
    }
    if (key.state !== 'read') return unknownBecause(key, evidence);
    const apart = notRotated(key.value);
    if (apart !== undefined) return { ...apart, evidence };
    const rotation = partOf(snapshot['key.rotation'], subject.reference);
    if (rotation.state === 'unsupported') {
      return { verdict: 'not-applicable', evidence, reason: 'KMS does not rotate this kind of key.' };
    }
    if (rotation.state === 'absent') {
      return { verdict: 'unknown', evidence, reason: 'Whether the key rotates was not told.' };
    }
    if (rotation.state !== 'read') return unknownBecause(rotation, evidence);
    const { KeyRotationEnabled, RotationPeriodInDays } = rotation.value;
    const period = RotationPeriodInDays ?? DEFAULT_DAYS;
    const seen = { ...evidence, KeyRotationEnabled, RotationPeriodInDays: RotationPeriodInDays ?? null };
    // Rotation is a property that all replicas share, and GetKeyRotationStatus answers for it on any of them.
    const notes = key.value.MultiRegion ? ['A multi-region key: its primary decides for every replica.'] : [];
    if (KeyRotationEnabled && period <= max_days) return { verdict: 'pass', evidence: seen, notes };
    return {
      verdict: 'fail',
      evidence: seen,
      notes,
      reason: KeyRotationEnabled
        ? `The key rotates every ${period} days; at most ${max_days} are asked for.`
        : 'The key never rotates.',
      ...(key.value.MultiRegion ? { fix: 'manual' as const } : {}),
    };
  },

  plan({ snapshot, subject, settings: { max_days } }) {
    const key = partOf(snapshot.key, subject.reference);
    const rotation = partOf(snapshot['key.rotation'], subject.reference);
    if (key.state !== 'read' || rotation.state !== 'read') {
      return { kind: 'blocked', by: 'key/rotation', reason: 'The key or its rotation could not be read.' };
    }
    const { Arn, KeyId, MultiRegion } = key.value;
    if (MultiRegion) {
      return manual(
        {
          text: 'Rotation of a multi-region key is set on its primary. See which region that is.',
          command: `aws kms describe-key --key-id ${Arn} --query KeyMetadata.MultiRegionConfiguration.PrimaryKey --region ${key.value.region}`,
        },
        {
          text: 'Turn rotation on there; the replicas follow.',
          command: `aws kms enable-key-rotation --key-id ${KeyId} --rotation-period-in-days ${max_days} --region <region of the primary>`,
          terraform: `# in resource "aws_kms_key" of the primary\nenable_key_rotation     = true\nrotation_period_in_days = ${max_days}`,
        },
      );
    }
    return {
      kind: 'changes',
      plan: {
        summary: `Let the key ${Arn} rotate every ${max_days} days.`,
        changes: [enableRotation(key.value, subject.reference, rotation.value, max_days)],
        guards: [
          'Before: the key is symmetric and its material comes from KMS.',
          'After: GetKeyRotationStatus shows the rotation. What was encrypted before stays readable.',
        ],
      },
    };
  },
});

/** Keys that KMS does not rotate, or of which another check has more to say. */
function notRotated({ KeyManager, KeyState, KeySpec, KeyUsage, Origin }: Key): Judgement | undefined {
  const verdict = 'not-applicable';
  if (KeyManager === 'AWS') return { verdict, reason: 'AWS manages and rotates this key.', cause: 'key/usable' };
  if (KeySpec !== 'SYMMETRIC_DEFAULT' || KeyUsage !== 'ENCRYPT_DECRYPT') {
    return { verdict, reason: `KMS does not rotate keys of the kind ${KeySpec}.` };
  }
  if (Origin !== 'AWS_KMS') return { verdict, reason: `KMS does not rotate material of the origin ${Origin}.` };
  if (KeyState !== 'Enabled') return { verdict, reason: `The key is ${KeyState}.`, cause: 'key/usable' };
  return undefined;
}
