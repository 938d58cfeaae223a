import { z } from 'zod';
import { bucketOf } from '../../src/check/bucket.ts';
import { addToBucketPolicy, policyToEdit } from '../../src/check/changes/put-policy.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { refusesPlainHttp, tlsOnlyStatement } from '../../src/check/tls-only.ts';

export default defineCheck({
  id: 'bucket/tls-only',
  title: 'The log bucket refuses plain HTTP',
  severity: 'medium',
  scope: 'bucket',
  rationale: 'A reader that forgets the s would send log files, and signatures, in the clear.',
  pass: 'The policy denies everybody every s3 action on the bucket and on its objects when aws:SecureTransport is false.',
  seed: [],
  needs: ['bucket', 'bucket.policy'],
  events: ['PutBucketPolicy', 'DeleteBucketPolicy', 'CreateTrail', 'UpdateTrail'],
  controls: controlIds({
    'cis_1.4': '2.1.2',
    'cis_3.0': '2.1.1',
    'cis_5.0': '2.1.1',
    'cis_6.0': '3.1.1',
    'cis_7.0': '3.1.1',
    security_hub: 'S3.5',
    'pci_4.0': '1.2.5 2.2.5 2.2.7 4.2.1 4.2.1.1 8.3.2',
    nist_800_53_r5: 'AC-4 AC-17(2) IA-5(1) SC-7(4) SC-8 SC-8(1) SC-8(2) SC-12(3) SC-13 SC-23 SC-23(3) SI-7(6)',
    soc2: 'CC6.1 CC6.2',
    aws_ftr: 'S3-001',
    aws_encryption: 'config-pack',
    well_architected: 'SEC09-BP02',
    config_rule: 's3-bucket-ssl-requests-only',
  }),
  settings: z.strictObject({}),
  fix: { class: 'auto', risk: 'safe', reversible: 'yes', operations: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'] },

  evaluate({ snapshot, subject }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const evidence = { bucket: subject.name, trails: subject.trails };
    const text = partOf(snapshot['bucket.policy'], subject.name);
    if (text.state === 'absent') {
      return { verdict: 'fail', evidence: { ...evidence, policy: null }, reason: 'There is no bucket policy.' };
    }
    if (text.state !== 'read') return unknownBecause(text, evidence);
    const policy = parsePolicy(text.value.text);
    if (isPolicyError(policy)) return { verdict: 'unknown', evidence, reason: policy.problem };
    switch (refusesPlainHttp(policy, `arn:${snapshot.partition}:s3:::${subject.name}`)) {
      case 'yes':
        return { verdict: 'pass', evidence };
      case 'by-version':
        return { verdict: 'pass', evidence, notes: ['Plain HTTP is refused by the demand of a TLS version alone.'] };
      case 'no': {
        const reason = 'No statement denies everybody every action on the bucket and its files over plain HTTP.';
        return { verdict: 'fail', evidence, reason, ...('problem' in policyToEdit(text) ? { fix: 'manual' } : {}) };
      }
    }
  },

  plan({ snapshot, subject }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const { partition } = snapshot;
    const statement = tlsOnlyStatement(`arn:${partition}:s3:::${subject.name}`);
    const before = partOf(snapshot['bucket.policy'], subject.name);
    const start = policyToEdit(before);
    if ('problem' in start) {
      return manual(start.problem, `Then add this statement and change nothing else: ${JSON.stringify(statement)}`);
    }
    const edit = addToBucketPolicy(found.bucket, partition, before, [statement], {
      summary: 'Deny everybody plain HTTP; every statement of the policy stays.',
      undo: before.state === 'read' ? 'Put the saved bucket policy back.' : 'Delete the policy again.',
    });
    if ('problem' in edit) return { kind: 'blocked', by: 'bucket/tls-only', reason: edit.problem };
    if (edit.change === undefined) {
      return { kind: 'blocked', by: 'bucket/tls-only', reason: 'The statement is there already.' };
    }
    return {
      kind: 'changes',
      plan: {
        summary: `Refuse plain HTTP on ${subject.name}.`,
        changes: [edit.change],
        guards: [
          'Before: the policy still reads as when this plan was made; at most 20 KB.',
          'After: the policy reads as planned, and the next delivery shows no error.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});
