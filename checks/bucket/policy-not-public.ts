import { z } from 'zod';
import { bucketOf } from '../../src/check/bucket.ts';
import { allowDelivery } from '../../src/check/changes/allow-delivery.ts';
import { policyToEdit, putBucketPolicy } from '../../src/check/changes/put-policy.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { DELIVERY_NEEDS, trailsAt } from '../../src/check/delivery.ts';
import { removeStatements } from '../../src/check/evaluators/policy/merge.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { publicStatements } from '../../src/check/evaluators/policy/public.ts';
import { effectiveBlock, inEffect } from '../../src/check/public-access.ts';
import { namesOf } from '../../src/check/service-access.ts';

const settings = z.strictObject({ count_masked: z.boolean().default(false) });

export default defineCheck({
  id: 'bucket/policy-not-public',
  title: 'The bucket policy is not public',
  severity: 'critical',
  scope: 'bucket',
  rationale: 'Public logs tell an attacker what is there, who uses it and what is not watched.',
  pass: 'GetBucketPolicyStatus says IsPublic false, and no Allow statement opens the bucket or its objects to everybody without a condition that limits who.',
  seed: ['aws', 'resmo'],
  needs: [...DELIVERY_NEEDS, 'bucket.policyStatus', 'bucket.publicAccessBlock', 'account.publicAccessBlock'],
  events: [
    'PutBucketPolicy',
    'DeleteBucketPolicy',
    'CreateTrail',
    'UpdateTrail',
    'PutBucketPublicAccessBlock',
    'DeleteBucketPublicAccessBlock',
  ],
  controls: controlIds({
    'cis_1.4': '3.3',
    'cis_7.0': '2.21',
    security_hub: 'CloudTrail.6 S3.2 S3.3',
    'pci_4.0': `
      1.2.8 1.3.1 1.3.2 1.4.2 1.5.1 3.5.1.3 7.2.1 7.2.2 7.2.5 7.2.6 7.3.1 7.3.2 7.3.3 8.2.7 8.2.8 8.3.4 10.3.2
      10.3.3 10.3.4 11.3.1.3 11.5.2 A1.1.2 A1.1.3 A1.2.1 A3.4.1`,
    nist_800_53_r5: `
      AC-3 AC-3(7) AC-4 AC-4(21) AC-6 AC-21 SC-7 SC-7(3) SC-7(4) SC-7(9) SC-7(11) SC-7(16) SC-7(20) SC-7(21)`,
    iso_27001_2022: 'A.8.1 A.8.15 A.8.16',
    soc2: 'CC6.1 CC6.2 CC6.3 CC6.6',
    aws_ssb: 'ACCT.08',
    aws_ftr: 'S3-001',
    well_architected: 'SEC03-BP07',
    config_rule: `
      cloudtrail-s3-bucket-public-access-prohibited s3-bucket-public-read-prohibited
      s3-bucket-public-write-prohibited`,
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'disruptive',
    reversible: 'yes',
    first: ['bucket/delivery-policy'],
    operations: ['s3:PutBucketPolicy'],
  },

  evaluate({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const text = partOf(snapshot['bucket.policy'], subject.name);
    if (text.state === 'absent') return { verdict: 'pass', evidence: { ...shared, policy: null } };
    if (text.state !== 'read') return unknownBecause(text, shared);
    const policy = parsePolicy(text.value.text);
    if (isPolicyError(policy)) return { verdict: 'unknown', evidence: shared, reason: policy.problem };
    const open = publicStatements(policy);
    const status = partOf(snapshot['bucket.policyStatus'], subject.name);
    const isPublic = status.state === 'read' && status.value.IsPublic;
    const evidence = {
      ...shared,
      IsPublic: status.state === 'read' ? isPublic : null,
      statements: open.map(({ index, reason }) => `${namesOf(policy, [index])}: ${reason}`),
    };
    if (open.length === 0 && !isPublic) {
      if (status.state !== 'read' && status.state !== 'absent') return unknownBecause(status, evidence);
      return { verdict: 'pass', evidence };
    }
    const [first] = open;
    const reason =
      first === undefined
        ? 'S3 says that the policy is public.'
        : `${namesOf(policy, [first.index])} is ${first.reason}.`;
    const masked = settings.count_masked
      ? false
      : inEffect(effectiveBlock(snapshot, found.bucket), 'RestrictPublicBuckets');
    if (masked === true) {
      const note = `RestrictPublicBuckets alone keeps strangers out: ${reason}`;
      return { verdict: 'pass', evidence: { ...evidence, RestrictPublicBuckets: true }, notes: [note] };
    }
    if (masked !== false) return unknownBecause(masked, evidence);
    const mendable = first !== undefined && 'policy' in policyToEdit(text);
    return { verdict: 'fail', evidence, reason, ...(mendable ? {} : { fix: 'manual' as const }) };
  },

  plan({ snapshot, subject }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const before = partOf(snapshot['bucket.policy'], subject.name);
    const start = policyToEdit(before);
    if ('problem' in start) return manual(start.problem, 'Then scan again.');
    const open = start.policy === undefined ? [] : publicStatements(start.policy).map(({ index }) => index);
    if (start.policy === undefined || open.length === 0) {
      return manual(
        'S3 takes the policy for public, though no statement is open to everybody. Read it statement by statement, and narrow the principals by hand.',
        {
          text: 'This is the policy.',
          command: `aws s3api get-bucket-policy --bucket ${subject.name} --query Policy --output text`,
        },
      );
    }
    const left = removeStatements(start.policy, open);
    const closed = left === undefined ? undefined : parsePolicy(left);
    if (closed !== undefined && isPolicyError(closed)) return manual(closed.problem);
    // A trail may have delivered by the very statement that goes.
    const edit = allowDelivery(closed, trailsAt(snapshot, subject.trails), snapshot);
    if ('problem' in edit) return { kind: 'blocked', by: 'bucket/delivery-policy', reason: edit.problem };
    const names = namesOf(start.policy, open);
    return {
      kind: 'changes',
      plan: {
        summary: `Close ${subject.name} to the public.`,
        changes: [
          putBucketPolicy(found.bucket, snapshot.partition, before, edit.document, {
            summary: `Remove what is open to everybody (${names}); every other statement stays, and every trail may deliver.`,
            undo: 'Put the saved bucket policy back.',
          }),
        ],
        warnings: [`Whoever reads by ${names} loses access; give known readers a statement that names them.`],
        guards: [
          'Before: the policy still reads as when this plan was made; every trail may deliver under the new one.',
          'After: S3 says that the policy is not public, and the next delivery shows no error.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});
