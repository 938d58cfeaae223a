import { z } from 'zod';
import { bucketOf } from '../../src/check/bucket.ts';
import { blockPublicAccess } from '../../src/check/changes/put-public-access-block.ts';
import { defineCheck, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { publicStatements } from '../../src/check/evaluators/policy/public.ts';
import { effectiveBlock, inEffect } from '../../src/check/public-access.ts';
import { namesOf } from '../../src/check/service-access.ts';
import type { Part, PolicyText, PublicAccessBlock, Unreadable } from '../../src/snapshot/types.ts';

export default defineCheck({
  id: 'bucket/public-access-block',
  title: 'Block Public Access is on in full',
  severity: 'high',
  scope: 'bucket',
  rationale: 'It is the one switch that holds whatever policy or ACL somebody adds later.',
  pass: 'All four flags are in effect, each of them at the bucket or at the account level.',
  seed: ['resmo'],
  needs: ['bucket', 'bucket.publicAccessBlock', 'account.publicAccessBlock', 'bucket.policy'],
  events: [
    'PutBucketPublicAccessBlock',
    'DeleteBucketPublicAccessBlock',
    'PutAccountPublicAccessBlock',
    'DeleteAccountPublicAccessBlock',
    'CreateBucket',
  ],
  controls: controlIds({
    'cis_1.4': '2.1.5',
    'cis_3.0': '2.1.4',
    'cis_5.0': '2.1.4',
    'cis_6.0': '3.1.4',
    'cis_7.0': '3.1.4',
    security_hub: 'S3.8 S3.1',
    'pci_4.0': '1.2.8 1.3.1 1.3.2 1.4.2 1.5.1 3.5.1.3 10.3.2 10.3.3 10.3.4 A1.1.2 A1.1.3 A1.2.1 A3.4.1',
    nist_800_53_r5: `
      AC-3 AC-3(7) AC-4 AC-4(21) AC-6 AC-21 SC-7 SC-7(3) SC-7(4) SC-7(9) SC-7(11) SC-7(16) SC-7(20) SC-7(21)`,
    iso_27001_2022: 'A.8.1',
    soc2: 'CC6.1 CC6.2 CC6.6',
    aws_ssb: 'ACCT.08',
    aws_ftr: 'S3-001',
    well_architected: 'SEC03-BP07',
    config_rule: 's3-bucket-level-public-access-prohibited s3-account-level-public-access-blocks-periodic',
  }),
  settings: z.strictObject({}),
  fix: {
    class: 'auto',
    risk: 'safe',
    reversible: 'yes',
    operations: ['s3:PutPublicAccessBlock', 's3:DeletePublicAccessBlock'],
  },

  evaluate({ snapshot, subject }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const block = effectiveBlock(snapshot, found.bucket);
    const evidence = {
      bucket: subject.name,
      trails: subject.trails,
      bucketLevel: shown(block.bucket),
      accountLevel: shown(block.account),
    };
    const flags = FLAGS.map((flag) => ({ flag, value: inEffect(block, flag) }));
    const missing = flags.filter(({ value }) => value === false).map(({ flag }) => flag);
    if (missing.length > 0) return { verdict: 'fail', evidence, reason: `Not in effect: ${missing.join(', ')}.` };
    for (const { value } of flags) if (typeof value !== 'boolean') return unknownBecause(value, evidence);
    return { verdict: 'pass', evidence };
  },

  plan({ snapshot, subject }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const before = partOf(snapshot['bucket.publicAccessBlock'], subject.name);
    if (before.state !== 'read' && before.state !== 'absent') {
      return { kind: 'blocked', by: 'bucket/public-access-block', reason: 'The flags of the bucket are not known.' };
    }
    const readers = whoLoses(partOf(snapshot['bucket.policy'], subject.name));
    return {
      kind: 'changes',
      plan: {
        summary: `Block public access to ${subject.name}.`,
        changes: [blockPublicAccess(found.bucket, snapshot.partition, before)],
        ...(readers === undefined ? {} : { warnings: [readers], risk: 'disruptive' as const }),
        guards: ['After: the four flags are in effect, and the next delivery shows no error.'],
        watchDelivery: subject.trails,
      },
    };
  },
});

const FLAGS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const;

function shown(level: PublicAccessBlock | Unreadable) {
  return 'state' in level ? level.state : { ...level };
}

/** While a policy is public, RestrictPublicBuckets shuts out every reader of another account, named ones too. */
function whoLoses(part: Part<PolicyText>): string | undefined {
  if (part.state === 'absent') return undefined;
  const policy = part.state === 'read' ? parsePolicy(part.value.text) : undefined;
  if (policy === undefined || isPolicyError(policy)) {
    return 'The policy could not be read: if it is public now, readers of other accounts lose access.';
  }
  const open = publicStatements(policy).map(({ index }) => index);
  if (open.length === 0) return undefined;
  return `The policy is public now (${namesOf(policy, open)}): everybody outside the account loses access, AWS services keep theirs.`;
}
