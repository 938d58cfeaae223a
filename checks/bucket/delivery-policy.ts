import { z } from 'zod';
import { bucketOf } from '../../src/check/bucket.ts';
import { allowDelivery } from '../../src/check/changes/allow-delivery.ts';
import { policyToEdit, putBucketPolicy } from '../../src/check/changes/put-policy.ts';
import { ownerPays } from '../../src/check/changes/put-request-payment.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { DELIVERY_NEEDS, deliveryObstacles, trailsAt } from '../../src/check/delivery.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { namesLegacyPrincipals, withoutLegacyPrincipals } from '../../src/check/legacy-principals.ts';
import { obstacleEvidence, obstacleReason } from '../../src/check/service-access.ts';

export default defineCheck({
  id: 'bucket/delivery-policy',
  title: 'The bucket lets every one of its trails deliver',
  severity: 'high',
  scope: 'bucket',
  rationale:
    'Most broken trails are broken here: a changed prefix, a new account, an encryption rule that forbids digests.',
  pass: 'For every trail that names the bucket, cloudtrail.amazonaws.com may GetBucketAcl on the bucket and PutObject on the paths the trail uses, no Deny stands in the way of log or digest files, and Requester Pays is off.',
  seed: ['aws'],
  needs: [...DELIVERY_NEEDS, 'bucket.requestPayment'],
  events: ['PutBucketPolicy', 'DeleteBucketPolicy', 'CreateTrail', 'UpdateTrail', 'PutBucketRequestPayment'],
  controls: controlIds({}),
  settings: z.strictObject({}),
  fix: {
    class: 'auto',
    risk: 'safe',
    reversible: 'yes',
    operations: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutBucketRequestPayment'],
  },

  evaluate({ snapshot, subject }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const evidence = { bucket: subject.name, trails: subject.trails };
    const text = partOf(snapshot['bucket.policy'], subject.name);
    if (text.state !== 'read' && text.state !== 'absent') return unknownBecause(text, evidence);
    const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
    if (policy !== undefined && isPolicyError(policy)) return { verdict: 'unknown', evidence, reason: policy.problem };
    const trails = trailsAt(snapshot, subject.trails);
    const hindered = deliveryObstacles(policy, trails, snapshot);
    const certain = hindered.filter(({ obstacles }) => obstacles.some(({ kind }) => kind !== 'unclear'));
    const payment = partOf(snapshot['bucket.requestPayment'], subject.name);
    const requesterPays = payment.state === 'read' && payment.value.Payer === 'Requester';
    if (certain.length > 0 || requesterPays) {
      const legacy = namesLegacyPrincipals(policy);
      const notes = legacy ? ["The policy names CloudTrail's old accounts; regions opened since have none."] : [];
      const editable = 'policy' in policyToEdit(text);
      const unmendable = hindered.some(({ obstacles }) => obstacles.some(({ kind }) => kind !== 'missing'));
      const payer = 'Requester Pays is on, and CloudTrail pays for nothing.';
      return {
        verdict: 'fail',
        evidence: {
          ...evidence,
          policy: text.state === 'read' ? 'present' : null,
          failing: obstacleEvidence(hindered),
          ...(requesterPays ? { Payer: 'Requester' } : {}),
        },
        reason: certain.length > 0 ? obstacleReason(certain, trails.length) : payer,
        notes: requesterPays && certain.length > 0 ? [...notes, payer] : notes,
        ...(unmendable || !editable ? { fix: 'manual' as const } : {}),
      };
    }
    if (hindered.length > 0) {
      const organization = partOf(snapshot.organization, 'organization');
      const members = partOf(snapshot['organization.accounts'], 'organization');
      const unread = [organization, members].find(({ state }) => state !== 'read' && state !== 'absent');
      if (unread !== undefined && unread.state !== 'read' && unread.state !== 'absent') {
        return unknownBecause(unread, { ...evidence, unclear: obstacleEvidence(hindered) });
      }
      return {
        verdict: 'unknown',
        evidence: { ...evidence, unclear: obstacleEvidence(hindered) },
        reason: `It cannot be told whether every trail may deliver: ${hindered[0]?.obstacles[0]?.text ?? ''}.`,
      };
    }
    if (payment.state !== 'read' && payment.state !== 'absent') return unknownBecause(payment, evidence);
    return { verdict: 'pass', evidence };
  },

  plan({ snapshot, subject }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const before = partOf(snapshot['bucket.policy'], subject.name);
    const start = policyToEdit(before);
    if ('problem' in start) return manual(start.problem, 'Then scan again.');
    const kept = start.policy === undefined ? undefined : parsePolicy(withoutLegacyPrincipals(start.policy));
    if (kept !== undefined && isPolicyError(kept)) return manual(kept.problem);
    const edit = allowDelivery(kept, trailsAt(snapshot, subject.trails), snapshot);
    if ('problem' in edit) {
      return manual(
        `No added statement can help here. ${edit.problem}`,
        'Let the Deny that stands in the way spare cloudtrail.amazonaws.com (condition aws:PrincipalIsAWSService), or let AES256 pass beside aws:kms.',
        {
          text: 'Read the policy, narrow that statement, and put the whole document back.',
          command: `aws s3api get-bucket-policy --bucket ${subject.name} --query Policy --output text`,
        },
      );
    }
    const payment = partOf(snapshot['bucket.requestPayment'], subject.name);
    const requesterPays = payment.state === 'read' && payment.value.Payer === 'Requester';
    const legacy = start.policy !== undefined && namesLegacyPrincipals(start.policy);
    return {
      kind: 'changes',
      plan: {
        summary: `Let every trail deliver to ${subject.name}.`,
        changes: [
          putBucketPolicy(found.bucket, snapshot.partition, before, edit.document, {
            summary: legacy
              ? "Let the trails deliver by the service principal, in place of CloudTrail's old accounts; everything else stays."
              : 'Let the trails deliver; every statement of the policy stays.',
            undo: 'Put the saved bucket policy back.',
          }),
          ...(requesterPays ? [ownerPays(found.bucket, snapshot.partition)] : []),
        ],
        guards: [
          'Before: the policy still reads as when this plan was made; at most 20 KB.',
          'After: the policy reads as planned, and no delivery error shows.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});
