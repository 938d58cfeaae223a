import type { Key } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';

/**
 * kms:CancelKeyDeletion where deletion is pending, then kms:EnableKey, for a key whose deletion was cancelled is
 * Disabled. Without a way back: this bot never disables a key.
 */
export function recoverKey(key: Key, reference: string): Change[] {
  const step = (operation: string, summary: string, from: string, to: string): Change => ({
    account: key.AWSAccountId,
    region: key.region,
    operation,
    resource: key.Arn,
    input: { KeyId: key.Arn },
    summary,
    target: `key:${reference}`,
    expect: { KeyState: from },
    result: { KeyState: to },
  });
  const cancel = step('kms:CancelKeyDeletion', 'Cancel the deletion of the key.', 'PendingDeletion', 'Disabled');
  const enable = step('kms:EnableKey', 'Enable the key.', 'Disabled', 'Enabled');
  return key.KeyState === 'PendingDeletion' ? [cancel, enable] : [enable];
}
