/** Key policies, with the check that keeps a caller from locking everybody out. */
import { neededString, stringIn } from '../../input.ts';
import { decide } from '../../policy.ts';
import { parsePolicy } from '../../policy-document.ts';
import { policyPrincipal } from '../../principal.ts';
import { AwsError, type PolicyDocument, type RequestContext } from '../../types.ts';
import { flagIn } from '../members.ts';
import { canonicalPrincipals, invalidPrincipal, policyAsRead, refuseUnknownPrincipals } from '../resource-policy.ts';
import { onKey } from './find.ts';

const MAX_POLICY_BYTES = 32 * 1024;

export const getKeyPolicy = onKey('GetKeyPolicy', (key, input, { estate }) => {
  refuseOtherNames(stringIn(input, 'PolicyName'));
  return { Policy: JSON.stringify(policyAsRead(estate, key.policy), null, 2), PolicyName: 'default' };
});

export const putKeyPolicy = onKey('PutKeyPolicy', (key, input, context) => {
  refuseOtherNames(stringIn(input, 'PolicyName'));
  const document = checkedKeyPolicy(context, neededString(input, 'Policy'));
  if (flagIn(input, 'BypassPolicyLockoutSafetyCheck') !== true) refuseLockout(context, document, key.arn);
  key.policy = document;
});

export function checkedKeyPolicy({ estate }: RequestContext, text: string): PolicyDocument {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    throw new AwsError('LimitExceededException', 'The key policy exceeds 32 KB.');
  }
  const document = parsePolicy(text, 'MalformedPolicyDocumentException');
  const complete = document.Statement.every(
    (statement) => statement.Principal !== undefined && statement.Resource !== undefined,
  );
  if (!complete) {
    throw new AwsError(
      'MalformedPolicyDocumentException',
      'Policy contains a statement without principal or resource.',
    );
  }
  refuseUnknownPrincipals(estate, document, invalidPrincipal('MalformedPolicyDocumentException'));
  return canonicalPrincipals(estate, document);
}

/** The caller must still be able to change the policy under the new one. */
export function refuseLockout(context: RequestContext, document: PolicyDocument, keyArn: string): void {
  const { estate, account, credential } = context;
  const { denied, grant } = decide(document, {
    principal: policyPrincipal(estate, account, credential),
    action: 'kms:PutKeyPolicy',
    resource: keyArn,
    context: { 'kms:CallerAccount': account.id, 'aws:PrincipalAccount': account.id },
  });
  if (grant !== 'none' && !denied) return;
  throw new AwsError(
    'MalformedPolicyDocumentException',
    'The new key policy will not allow you to update the key policy in the future.',
  );
}

function refuseOtherNames(name: string | undefined): void {
  if (name !== undefined && name !== 'default')
    throw new AwsError('NotFoundException', `No such policy exists: ${name}`);
}
