import { z } from 'zod';
import { recoverKey } from '../../src/check/changes/recover-key.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { trailsAt } from '../../src/check/delivery.ts';

/** States a key comes back from by a call; every other one asks for another key or for its material. */
const RECOVERABLE = ['PendingDeletion', 'Disabled'];

export default defineCheck({
  id: 'key/usable',
  title: "The trail's key exists, is enabled and stays",
  severity: 'high',
  scope: 'key',
  rationale: 'A disabled or deleted key stops delivery, and a deleted one makes old logs unreadable for ever.',
  pass: "The key a trail names exists, is customer managed, symmetric, Enabled, not pending deletion, and lies in the region of the trail's bucket.",
  seed: ['aws'],
  needs: ['trail', 'key', 'bucket'],
  events: [
    'ScheduleKeyDeletion',
    'CancelKeyDeletion',
    'DisableKey',
    'EnableKey',
    'DeleteImportedKeyMaterial',
    'UpdateTrail',
  ],
  controls: controlIds({
    security_hub: 'KMS.3',
    'pci_4.0': '3.5.1.1 3.5.1.3 3.6.1 3.6.1.2 3.6.1.3 3.6.1.4 3.7.1 3.7.2 3.7.4 3.7.6 3.7.7 4.2.1.1',
    nist_800_53_r5: 'SC-12 SC-12(2)',
    iso_27001_2022: 'A.8.11 A.8.24',
    soc2: 'CC6.1 CC6.2',
    aws_encryption: 'guidance-cloudtrail config-pack',
    config_rule: 'kms-cmk-not-scheduled-for-deletion',
  }),
  settings: z.strictObject({}),
  fix: { class: 'auto', risk: 'safe', reversible: 'partly', operations: ['kms:CancelKeyDeletion', 'kms:EnableKey'] },

  evaluate({ snapshot, subject }) {
    const evidence = { key: subject.reference, trails: subject.trails };
    const key = partOf(snapshot.key, subject.reference);
    if (key.state === 'absent') {
      const reason = 'The key no longer exists: nothing is delivered, and old logs cannot be read any more.';
      return { verdict: 'fail', evidence, reason, fix: 'manual' };
    }
    if (key.state !== 'read') return unknownBecause(key, evidence);
    const { Arn, KeyState, KeyManager, KeySpec, DeletionDate, region } = key.value;
    const buckets = [...new Set(trailsAt(snapshot, subject.trails).map(({ S3BucketName }) => S3BucketName))].map(
      (name) => ({ name, part: partOf(snapshot.bucket, name) }),
    );
    const elsewhere = buckets.find(({ part }) => part.state === 'read' && part.value.region !== region);
    const unsuitable =
      KeyManager !== 'CUSTOMER'
        ? 'The key is managed by AWS; a trail needs one of your own.'
        : KeySpec !== 'SYMMETRIC_DEFAULT'
          ? `The key is ${KeySpec}, not symmetric.`
          : elsewhere?.part.state === 'read'
            ? `The key lies in ${region}, the bucket ${elsewhere.name} in ${elsewhere.part.value.region}.`
            : undefined;
    const seen = {
      ...evidence,
      Arn,
      KeyState,
      KeyManager,
      KeySpec,
      ...(DeletionDate === undefined ? {} : { DeletionDate }),
    };
    if (KeyState !== 'Enabled') {
      const recoverable = unsuitable === undefined && RECOVERABLE.includes(KeyState);
      return {
        verdict: 'fail',
        evidence: seen,
        reason:
          KeyState === 'PendingDeletion'
            ? `The key will be deleted${DeletionDate === undefined ? '' : ` on ${DeletionDate.slice(0, 10)}`}, and all logs encrypted with it are lost then.`
            : `The key is ${KeyState}, so nothing is delivered.`,
        notes: unsuitable === undefined ? [] : [unsuitable],
        ...(recoverable ? {} : { fix: 'manual' as const }),
      };
    }
    if (unsuitable !== undefined) return { verdict: 'fail', evidence: seen, reason: unsuitable, fix: 'manual' };
    for (const { part } of buckets) {
      if (part.state !== 'read' && part.state !== 'absent') return unknownBecause(part, seen);
    }
    return { verdict: 'pass', evidence: seen };
  },

  plan({ snapshot, subject, finding }) {
    const key = partOf(snapshot.key, subject.reference);
    if (key.state !== 'read' || finding.fix === 'manual') {
      return manual(
        `This key cannot be mended by a call: ${finding.reason ?? 'it cannot be used.'}`,
        "Choose an enabled, symmetric key of your own in the region of the trail's bucket, declare it under keys, and mend trail/kms-encryption with it.",
        'Keep the old key for as long as logs encrypted with it are needed.',
      );
    }
    return {
      kind: 'changes',
      plan: {
        summary: `Make the key ${key.value.Arn} usable again.`,
        changes: recoverKey(key.value, subject.reference),
        warnings: ['There is no way back offered: disabling the key again would stop delivery.'],
        guards: ['After: the key is Enabled, and the next delivery shows no error.'],
        watchDelivery: subject.trails,
      },
    };
  },
});
