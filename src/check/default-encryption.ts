import type { EncryptionRule, Part, Unreadable } from '../snapshot/types.ts';
import { isRecord } from './evaluators/values.ts';

/** Since 2023 a bucket without a rule encrypts with AES256. */
export function defaultOf([rule]: readonly EncryptionRule[]): { SSEAlgorithm: string; KMSMasterKeyID: string | null } {
  const chosen = rule?.ApplyServerSideEncryptionByDefault;
  const { SSEAlgorithm, KMSMasterKeyID } = isRecord(chosen) ? chosen : {};
  return {
    SSEAlgorithm: typeof SSEAlgorithm === 'string' ? SSEAlgorithm : 'AES256',
    KMSMasterKeyID: typeof KMSMasterKeyID === 'string' && KMSMasterKeyID !== '' ? KMSMasterKeyID : null,
  };
}

/** What is wrong with a default, as a sentence; or why its key is not known. */
export function faultOf(
  algorithm: string,
  id: string | null,
  key: Part<{ KeyState: string; KeyManager: string }>,
): string | Unreadable | undefined {
  if (!algorithm.startsWith('aws:kms')) return `The default is ${algorithm}, and aws:kms is asked for.`;
  if (id === null || id.endsWith('alias/aws/s3')) {
    return 'The default key is the one of AWS (aws/s3), which cannot be shared across accounts.';
  }
  if (key.state === 'absent') return `The default key ${id} does not exist.`;
  if (key.state !== 'read') return key;
  if (key.value.KeyManager !== 'CUSTOMER') return `The default key ${id} is managed by AWS, and cannot be shared.`;
  return key.value.KeyState === 'Enabled' ? undefined : `The default key ${id} is ${key.value.KeyState}.`;
}
