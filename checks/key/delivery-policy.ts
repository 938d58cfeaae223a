import { z } from 'zod';
import { usesBucketKey } from '../../src/check/bucket.ts';
import { addToKeyPolicy, policyToEdit } from '../../src/check/changes/put-policy.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { trailsAt } from '../../src/check/delivery.ts';
import { decide } from '../../src/check/evaluators/policy/decide.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { keyDeliveryStatements } from '../../src/check/evaluators/policy/statements.ts';
import type { PolicyDocument } from '../../src/check/evaluators/policy/types.ts';
import { keyObstacles, mayDescribe, unreadEncryption } from '../../src/check/key-delivery.ts';
import { obstacleEvidence, obstacleReason } from '../../src/check/service-access.ts';
import type { Key } from '../../src/snapshot/types.ts';

export default defineCheck({
  id: 'key/delivery-policy',
  title: 'The key policy lets CloudTrail encrypt',
  severity: 'high',
  scope: 'key',
  rationale:
    'The policy is the only thing that lets the service use the key; one missing statement and delivery stops.',
  pass: "For every trail that names the key, the policy allows cloudtrail.amazonaws.com kms:GenerateDataKey* with that trail's encryption context; plus kms:Decrypt where the bucket uses an S3 Bucket Key. No Deny takes it away.",
  seed: ['aws'],
  needs: ['trail', 'key', 'key.policy', 'bucket.encryption', 'organization', 'organization.accounts'],
  events: ['PutKeyPolicy', 'UpdateTrail', 'CreateTrail', 'PutBucketEncryption'],
  controls: controlIds({}),
  settings: z.strictObject({}),
  fix: { class: 'auto-second-approver', risk: 'safe', reversible: 'yes', operations: ['kms:PutKeyPolicy'] },

  evaluate({ snapshot, subject }) {
    const evidence = { key: subject.reference, trails: subject.trails };
    const key = partOf(snapshot.key, subject.reference);
    if (key.state === 'absent') {
      return { verdict: 'not-applicable', evidence, reason: 'The key does not exist.', cause: 'key/usable' };
    }
    if (key.state !== 'read') return unknownBecause(key, evidence);
    if (key.value.KeyManager === 'AWS') {
      const reason = 'The policy of a key that AWS manages cannot be changed.';
      return { verdict: 'not-applicable', evidence, reason, cause: 'key/usable' };
    }
    const text = partOf(snapshot['key.policy'], subject.reference);
    if (text.state !== 'read' && text.state !== 'absent') return unknownBecause(text, evidence);
    const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
    if (policy !== undefined && isPolicyError(policy)) return { verdict: 'unknown', evidence, reason: policy.problem };
    const trails = trailsAt(snapshot, subject.trails);
    const hindered = keyObstacles(policy, key.value.Arn, trails, snapshot);
    // The key of a landing zone has no such statement, and delivers all the same.
    const described = policy !== undefined && mayDescribe(policy, key.value.Arn, trails, snapshot);
    const notes = described ? [] : ['CloudTrail may not describe the key; it encrypts all the same.'];
    const certain = hindered.filter(({ obstacles }) => obstacles.some(({ kind }) => kind !== 'unclear'));
    if (certain.length > 0) {
      const unmendable = hindered.some(({ obstacles }) => obstacles.some(({ kind }) => kind !== 'missing'));
      const editable = 'policy' in policyToEdit(text) && mayPutPolicy(policy, key.value, snapshot.partition);
      return {
        verdict: 'fail',
        evidence: { ...evidence, failing: obstacleEvidence(hindered) },
        reason: obstacleReason(certain, trails.length),
        notes,
        ...(unmendable || !editable ? { fix: 'manual' as const } : {}),
      };
    }
    if (hindered.length > 0) {
      const unclear = { ...evidence, unclear: obstacleEvidence(hindered) };
      const [unread] = trails.flatMap((trail) => unreadEncryption(snapshot, trail) ?? []);
      if (unread !== undefined) return unknownBecause(unread, unclear);
      const reason = `It cannot be told whether CloudTrail may encrypt: ${hindered[0]?.obstacles[0]?.text ?? ''}.`;
      return { verdict: 'unknown', evidence: unclear, reason };
    }
    return { verdict: 'pass', evidence, notes };
  },

  plan({ snapshot, subject }) {
    const key = partOf(snapshot.key, subject.reference);
    if (key.state !== 'read') return { kind: 'blocked', by: 'key/usable', reason: 'The key could not be read.' };
    const { Arn } = key.value;
    const before = partOf(snapshot['key.policy'], subject.reference);
    const start = policyToEdit(before);
    if ('problem' in start) return manual(start.problem, 'Then scan again.');
    const trails = trailsAt(snapshot, subject.trails);
    const statements = keyDeliveryStatements({
      partition: snapshot.partition,
      trailArns: trails.map(({ TrailARN }) => TrailARN),
      accountIds: [...new Set(trails.map(({ owner }) => owner))],
      decryptForBucketKey: trails.some(({ S3BucketName }) => usesBucketKey(snapshot, S3BucketName)),
    });
    if (!mayPutPolicy(start.policy, key.value, snapshot.partition)) {
      return manual(
        `The key policy does not let account ${key.value.AWSAccountId} change it, so somebody it names has to.`,
        `Add these statements and change nothing else: ${JSON.stringify(statements)}`,
      );
    }
    const edit = addToKeyPolicy(key.value, before, statements, {
      summary:
        'Let CloudTrail encrypt with the key for every trail that names it; every statement of the policy stays.',
      undo: 'Put the saved key policy back.',
    });
    if ('problem' in edit) return { kind: 'blocked', by: 'key/delivery-policy', reason: edit.problem };
    const after = edit.change === undefined ? start.policy : parsePolicy(String(edit.change.input.Policy));
    if (after !== undefined && isPolicyError(after)) return manual(after.problem);
    const left = keyObstacles(after, Arn, trails, snapshot);
    if (edit.change === undefined || left.length > 0) {
      return manual(
        `No added statement can help here. ${obstacleReason(left, trails.length)}`,
        'Let the Deny that stands in the way spare cloudtrail.amazonaws.com (condition aws:PrincipalIsAWSService).',
        {
          text: 'Read the policy, narrow that statement, and put the whole document back.',
          command: `aws kms get-key-policy --key-id ${Arn} --policy-name default --query Policy --output text`,
        },
      );
    }
    return {
      kind: 'changes',
      plan: {
        summary: `Let CloudTrail encrypt with ${Arn}.`,
        changes: [edit.change],
        guards: [
          'Before: the policy still reads as when this plan was made; the account keeps the right to administer its key.',
          'After: the policy reads as planned, and the next delivery shows no error.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});

/**
 * May the account itself put the policy of its key? Then IAM policies decide, and the fixer's allows it. Statements are
 * only ever added, so whoever may now may afterwards.
 */
function mayPutPolicy(policy: PolicyDocument | undefined, { AWSAccountId, Arn }: Key, partition: string): boolean {
  if (policy === undefined) return false;
  const principal = { aws: `arn:${partition}:iam::${AWSAccountId}:root` };
  const context = { 'aws:principalaccount': [AWSAccountId], 'kms:calleraccount': [AWSAccountId] };
  return decide(policy, { principal, action: 'kms:PutKeyPolicy', resource: Arn, context }).effect === 'allow';
}
