import { decide, lowerCase, matchListed } from './evaluators/policy/decide.ts';
import type { Caller } from './evaluators/policy/principal.ts';
import { isStar } from './evaluators/policy/principal.ts';
import type { PolicyDocument, PrincipalId } from './evaluators/policy/types.ts';

/** What S3 asks of a key in the name of who puts and who gets a file. */
const USES = { 's3:putobject': 'kms:GenerateDataKey', 's3:getobject': 'kms:Decrypt' } as const;

/**
 * Who uses the bucket by its policy and is shut out by the policy of a key, each as half a sentence; `unclear` where a
 * condition decides. CloudTrail is asked about elsewhere, with the conditions its calls meet.
 */
export function outsidersOfKey(
  bucketPolicy: PolicyDocument,
  bucketArn: string,
  keyPolicy: PolicyDocument,
  keyArn: string,
  partition: string,
): { certain: string[]; unclear: string[] } {
  const found = { certain: new Set<string>(), unclear: new Set<string>() };
  for (const { effect, principal, action, resource } of bucketPolicy.statements) {
    if (effect !== 'Allow' || principal === undefined || principal.not || resource === undefined) continue;
    if (matchListed(resource, `${bucketArn}/*`, {}, bucketPolicy.version) === 'no') continue;
    for (const [use, needed] of Object.entries(USES)) {
      if (matchListed(lowerCase(action), use, {}, '') === 'no') continue;
      for (const id of principal.values) {
        const caller = callerOf(id, partition);
        if (caller === undefined) continue;
        const request = { principal: caller, action: needed, resource: keyArn, context: {} };
        const { effect: answer } = decide(keyPolicy, request);
        if (answer === 'allow') continue;
        found[answer === 'maybe' ? 'unclear' : 'certain'].add(`${id.id} has no ${needed}`);
      }
    }
  }
  return { certain: [...found.certain], unclear: [...found.unclear] };
}

/** Undefined for CloudTrail, and for everybody: of those nobody can say who they are. */
function callerOf(named: PrincipalId, partition: string): Caller | undefined {
  const { kind, id } = named;
  if (kind === 'Service') return id === 'cloudtrail.amazonaws.com' ? undefined : { service: id };
  if (kind !== 'AWS' || isStar(named)) return undefined;
  return { aws: /^\d{12}$/.test(id) ? `arn:${partition}:iam::${id}:root` : id };
}
