import type { Key, KeyRotation } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';

/**
 * kms:EnableKeyRotation with a period, which also changes the period of a key that rotates. The way back is the saved
 * period, or kms:DisableKeyRotation where the key did not rotate. Nothing rotates at once.
 */
export function enableRotation(key: Key, reference: string, before: KeyRotation, days: number): Change {
  const call = { account: key.AWSAccountId, region: key.region, resource: key.Arn };
  const saved = before.RotationPeriodInDays;
  const period = saved === undefined ? {} : { RotationPeriodInDays: saved };
  return {
    ...call,
    operation: 'kms:EnableKeyRotation',
    input: { KeyId: key.Arn, RotationPeriodInDays: days },
    summary: `Rotate the key every ${days} days, the first time ${days} days from now.`,
    target: `key.rotation:${reference}`,
    // A key that does not rotate has no period worth comparing.
    expect: before.KeyRotationEnabled
      ? { KeyRotationEnabled: true, RotationPeriodInDays: saved ?? null }
      : { KeyRotationEnabled: false },
    result: { KeyRotationEnabled: true, RotationPeriodInDays: days },
    undo: before.KeyRotationEnabled
      ? {
          ...call,
          operation: 'kms:EnableKeyRotation',
          input: { KeyId: key.Arn, ...period },
          summary: `Rotate every ${saved ?? 365} days again.`,
          automatic: true,
        }
      : {
          ...call,
          operation: 'kms:DisableKeyRotation',
          input: { KeyId: key.Arn },
          summary: 'Stop rotating the key.',
          automatic: true,
        },
  };
}
