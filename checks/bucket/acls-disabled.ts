import { z } from 'zod';
import { LOG_DELIVERY } from '../../src/check/access-log-receiver.ts';
import { bucketOf } from '../../src/check/bucket.ts';
import { type BucketAcl, enforceOwner, makeAclPrivate } from '../../src/check/changes/disable-acls.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { effectiveBlock, inEffect } from '../../src/check/public-access.ts';
import type { BucketGrant } from '../../src/snapshot/types.ts';

export default defineCheck({
  id: 'bucket/acls-disabled',
  title: 'No ACL grants access to the bucket',
  severity: 'high',
  scope: 'bucket',
  rationale: 'An ACL is a second, forgotten permission system beside the policy.',
  pass: 'Object ownership is BucketOwnerEnforced, or the ACL grants nothing to anybody but the owner.',
  seed: ['resmo'],
  needs: ['bucket', 'bucket.acl', 'bucket.ownership', 'bucket.publicAccessBlock', 'account.publicAccessBlock'],
  events: ['PutBucketAcl', 'PutBucketOwnershipControls', 'DeleteBucketOwnershipControls', 'PutBucketPublicAccessBlock'],
  controls: controlIds({
    'cis_1.4': '3.3',
    security_hub: 'CloudTrail.6 S3.12',
    'pci_4.0': `
      1.2.8 1.3.1 1.3.2 1.4.2 1.5.1 3.5.1.3 7.2.1 7.2.2 7.2.5 7.3.1 7.3.2 7.3.3 8.2.7 8.2.8 8.3.4 10.3.2
      A1.1.2 A1.1.3 A3.4.1`,
    nist_800_53_r5: 'AC-2(1) AC-3 AC-3(7) AC-3(15) AC-6',
    aws_ssb: 'ACCT.08',
    aws_ftr: 'S3-001',
    well_architected: 'SEC05-BP02',
    config_rule: 's3-bucket-acl-prohibited',
  }),
  settings: z.strictObject({}),
  fix: {
    class: 'auto-second-approver',
    risk: 'disruptive',
    reversible: 'yes',
    operations: ['s3:PutBucketAcl', 's3:PutBucketOwnershipControls', 's3:DeleteBucketOwnershipControls'],
  },

  evaluate({ snapshot, subject }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const ownership = partOf(snapshot['bucket.ownership'], subject.name);
    const ObjectOwnership = ownership.state === 'read' ? ownership.value.ObjectOwnership : null;
    if (ObjectOwnership === 'BucketOwnerEnforced') {
      return { verdict: 'pass', evidence: { ...shared, ObjectOwnership } };
    }
    const acl = partOf(snapshot['bucket.acl'], subject.name);
    if (acl.state !== 'read' && acl.state !== 'absent') return unknownBecause(acl, shared);
    const grants = acl.state === 'read' ? foreignGrants(acl.value) : [];
    const evidence = { ...shared, ObjectOwnership, grants: grants.map(shown) };
    if (grants.length === 0) return { verdict: 'pass', evidence };
    if (ownership.state !== 'read' && ownership.state !== 'absent') return unknownBecause(ownership, evidence);
    const open = grants.filter(isPublic);
    if (open.length === grants.length) {
      const ignored = inEffect(effectiveBlock(snapshot, found.bucket), 'IgnorePublicAcls');
      if (ignored === true) {
        const notes = ['IgnorePublicAcls alone keeps strangers out: the ACL opens the bucket to everybody.'];
        return { verdict: 'pass', evidence: { ...evidence, IgnorePublicAcls: true }, notes };
      }
      if (ignored !== false) return unknownBecause(ignored, evidence);
    }
    const service = grants.flatMap((grant) => logServiceOf(grant) ?? [])[0];
    const reason =
      open.length > 0
        ? `The ACL is public: ${open.map(shown).join(', ')}.`
        : `The ACL grants access beside the policy: ${grants.map(shown).join(', ')}.`;
    if (service === undefined) return { verdict: 'fail', evidence, reason };
    const notes = [`${service} delivers logs here by a grant: it must become a statement of the policy first.`];
    return { verdict: 'fail', evidence, reason, notes, fix: 'manual' };
  },

  plan({ snapshot, subject }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const { bucket } = found;
    const { partition } = snapshot;
    const acl = partOf(snapshot['bucket.acl'], subject.name);
    const ownership = partOf(snapshot['bucket.ownership'], subject.name);
    if (acl.state !== 'read' || (ownership.state !== 'read' && ownership.state !== 'absent')) {
      return { kind: 'blocked', by: 'bucket/acls-disabled', reason: 'The ACL of the bucket is not known.' };
    }
    const grants = foreignGrants(acl.value);
    const service = grants.flatMap((grant) => logServiceOf(grant) ?? [])[0];
    if (service !== undefined) return guided(service, bucket.Name, bucket.region, bucket.owner, partition);
    const block = effectiveBlock(snapshot, bucket);
    // S3 refuses to put public grants back where new public ACLs are blocked.
    const restorable = !grants.some(isPublic) || inEffect(block, 'BlockPublicAcls') === false;
    return {
      kind: 'changes',
      plan: {
        summary: `Turn ACLs off on ${subject.name}.`,
        changes: [makeAclPrivate(bucket, partition, acl.value, restorable), enforceOwner(bucket, partition, ownership)],
        warnings: [
          `Whoever comes by the ACL of the bucket (${grants.map(shown).join(', ')}) or of a single file loses access; give known readers a statement in the policy.`,
          ...(restorable
            ? []
            : ['Undo turns ACLs on again, and leaves out the public grants: Block Public Access forbids them.']),
        ],
        ...(restorable ? {} : { reversible: 'partly' as const }),
        guards: [
          'Before: no service delivers logs here by a grant.',
          'After: ownership is BucketOwnerEnforced, and the next delivery shows no error.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});

/**
 * The account by which CloudFront's older logging writes; it needs ACLs.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
 */
const CLOUDFRONT = 'c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0';
const GROUPS = 'http://acs.amazonaws.com/groups/';
const EVERYBODY = [`${GROUPS}global/AllUsers`, `${GROUPS}global/AuthenticatedUsers`];

/** Grants to anybody but the owner. */
function foreignGrants({ OwnerId, Grants }: BucketAcl): BucketGrant[] {
  return Grants.filter(({ Grantee }) => Grantee.ID === undefined || Grantee.ID !== OwnerId);
}

function isPublic({ Grantee }: BucketGrant): boolean {
  return EVERYBODY.includes(Grantee.URI ?? '');
}

/** The service that delivers logs by this grant. */
function logServiceOf({ Grantee }: BucketGrant): string | undefined {
  if (Grantee.URI === LOG_DELIVERY) return 'Server access logging';
  return Grantee.ID === CLOUDFRONT ? 'CloudFront' : undefined;
}

function shown({ Grantee: { URI, ID }, Permission }: BucketGrant): string {
  return `${Permission} to ${URI?.split('/').at(-1) ?? ID ?? 'somebody unknown'}`;
}

function guided(service: string, name: string, region: string, owner: string, partition: string) {
  const arn = `arn:${partition}:s3:::${name}`;
  const bucket = `--region ${region} --bucket ${name} --expected-bucket-owner ${owner}`;
  const first =
    service === 'CloudFront'
      ? 'Let CloudFront log into a bucket of its own (its older logging needs ACLs), and take its grant away here.'
      : `Find the buckets that log here, and let logging.s3.amazonaws.com do s3:PutObject on ${arn}/<prefix>* by a statement with aws:SourceArn of each and aws:SourceAccount ${owner}. Wait until logs arrive by it.`;
  return manual(
    first,
    { text: 'Then take the grants off the ACL.', command: `aws s3api put-bucket-acl ${bucket} --acl private` },
    {
      text: 'And turn ACLs off.',
      command: `aws s3api put-bucket-ownership-controls ${bucket} --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'`,
      terraform: `resource "aws_s3_bucket_ownership_controls" "logs" {\n  bucket = "${name}"\n  rule {\n    object_ownership = "BucketOwnerEnforced"\n  }\n}`,
    },
  );
}
