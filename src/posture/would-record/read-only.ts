import type { Mode } from '../../check/evaluators/event-selectors/types.ts';

const READS =
  /^(BatchGet|Check|Describe|Detect|Discover|Download|Estimate|Filter|Get|Head|List|Lookup|Query|Scan|Search|Select|Simulate|Test|Validate|View)/;
const WRITES =
  /^(Accept|Activate|Add|Allocate|Apply|Associate|Attach|Authorize|Cancel|Change|Close|Complete|Configure|Confirm|Console|Copy|Create|Deactivate|Delete|Deprovision|Deregister|Detach|Disable|Disassociate|Enable|Execute|Import|Invite|Invoke|Issue|Leave|Merge|Modify|Move|Put|Reboot|Register|Reject|Release|Remove|Replace|Request|Reset|Resync|Restore|Resume|Revoke|Rotate|Run|Schedule|Send|Set|Start|Stop|Submit|Suspend|Tag|Terminate|Unassign|Unsubscribe|Untag|Update|Upgrade|Upload|Use)/;

/** Names that do not follow the verbs: KMS's cryptographic operations and STS's are read events. */
const READ_NAMES = new Set([
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'Decrypt',
  'DeriveSharedSecret',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'GenerateRandom',
  'ReEncrypt',
  'Sign',
  'Verify',
  'VerifyMac',
]);

/** Is a management event of this name a read or a write? Both where the name does not tell. */
export function modesOf(name: string): readonly Mode[] {
  if (READ_NAMES.has(name) || READS.test(name)) return ['read'];
  return WRITES.test(name) ? ['write'] : ['read', 'write'];
}
