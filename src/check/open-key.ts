import type { Key, Part, PolicyText, Trail } from '../snapshot/types.ts';
import { addToKeyPolicy, type PolicyEdit, policyToEdit } from './changes/put-policy.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import { keyDeliveryStatements } from './evaluators/policy/statements.ts';
import { mayAdminister } from './key-administration.ts';
import { type KeyDeliverySnapshot, keyObstacles } from './key-delivery.ts';
import { obstacleReason } from './service-access.ts';

/**
 * The key policy with what these trails still need of it, decryption for an S3 Bucket Key included; no change where
 * they may already. `snapshot` shows the bucket as it will encrypt.
 */
export function openKeyToTrails(
  key: Key,
  before: Part<PolicyText>,
  trails: readonly Trail[],
  snapshot: KeyDeliverySnapshot,
): PolicyEdit {
  const start = policyToEdit(before);
  if ('problem' in start) return { problem: `The policy of ${key.Arn} cannot be changed here: ${start.problem}` };
  const hindered = keyObstacles(start.policy, key.Arn, trails, snapshot).map(({ trail }) => trail);
  if (hindered.length === 0) return { change: undefined };
  if (!mayAdminister(start.policy, key, snapshot.partition)) {
    return { problem: `The policy of ${key.Arn} does not let its account ${key.AWSAccountId} change it.` };
  }
  const wanting = trails.filter(({ TrailARN }) => hindered.includes(TrailARN));
  const statements = keyDeliveryStatements({
    partition: snapshot.partition,
    trailArns: wanting.map(({ TrailARN }) => TrailARN),
    accountIds: [...new Set(wanting.map(({ owner }) => owner))],
    decryptForBucketKey: true,
  });
  const edit = addToKeyPolicy(key, before, statements, {
    summary: `Let CloudTrail encrypt with ${key.Arn}, and decrypt as an S3 Bucket Key asks; every statement of its policy stays.`,
    undo: 'Put the saved key policy back.',
  });
  if ('problem' in edit || edit.change === undefined) return edit;
  const after = parsePolicy(edit.change.input.Policy);
  const left = isPolicyError(after) ? [] : keyObstacles(after, key.Arn, trails, snapshot);
  return left.length === 0 ? edit : { problem: `${key.Arn}: ${obstacleReason(left, trails.length)}` };
}
