import type { Key } from '../snapshot/types.ts';
import { decide } from './evaluators/policy/decide.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import type { PolicyDocument, RawPolicy } from './evaluators/policy/types.ts';

/**
 * May the account itself put the policy of its key? Then IAM policies decide, and the fixer's allows it. A plan asks
 * this of the policy as it is, and of the one it puts: nobody may be locked out of a key (decision 17).
 */
export function mayAdminister(
  policy: PolicyDocument | undefined,
  { AWSAccountId, Arn }: Pick<Key, 'AWSAccountId' | 'Arn'>,
  partition: string,
): boolean {
  if (policy === undefined) return false;
  const principal = { aws: `arn:${partition}:iam::${AWSAccountId}:root` };
  const context = { 'aws:principalaccount': [AWSAccountId], 'kms:calleraccount': [AWSAccountId] };
  return decide(policy, { principal, action: 'kms:PutKeyPolicy', resource: Arn, context }).effect === 'allow';
}

/** The same of a document that is about to be put; what is no policy lets nobody in. */
export function leavesAdministrable(document: RawPolicy, key: Key, partition: string): boolean {
  const policy = parsePolicy(document);
  return !isPolicyError(policy) && mayAdminister(policy, key, partition);
}
