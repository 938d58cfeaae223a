import { z } from 'zod';
import { bucketOf, type OwnedBucket } from '../../src/check/bucket.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { logFolders, trailsAt } from '../../src/check/delivery.ts';
import { isRecord } from '../../src/check/evaluators/values.ts';
import { type CopyJudgement, isOn, judgePlace, replicaOf, ruleCovers, targetOf } from '../../src/check/replication.ts';
import type { JsonObject } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  apart: z.enum(['region', 'account', 'region-or-account']).default('region-or-account'),
});

export default defineCheck({
  id: 'bucket/replication',
  title: 'Log files have a copy elsewhere',
  severity: 'low',
  scope: 'bucket',
  rationale: 'A region or an account can be lost; the record of how should not be lost with it.',
  pass: 'An enabled replication rule covers the log path and its target lies in another region or another account, as apart asks.',
  seed: [],
  needs: ['trail', 'bucket', 'bucket.replication', 'bucket.encryption', 'organization', 'organization.accounts'],
  events: ['PutBucketReplication', 'DeleteBucketReplication', 'PutBucketVersioning'],
  controls: controlIds({
    security_hub: 'S3.7',
    nist_800_53_r5: 'AU-9(2) CP-6 CP-6(1) CP-6(2) CP-9 CP-10 SC-5(2) SC-36(2) SI-13(5)',
    iso_27001_2022: 'A.8.14',
    soc2: 'A1.2 CC7.4',
    config_rule: 's3-bucket-replication-enabled',
  }),
  settings,
  fix: {
    class: 'manual',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Transfer and a second copy of every file.',
    operations: [],
  },

  evaluate({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const source = replicaOf(snapshot, subject.name);
    if (source !== undefined) {
      return { verdict: 'not-applicable', evidence: shared, reason: `The bucket is itself the copy of ${source}.` };
    }
    const part = partOf(snapshot['bucket.replication'], subject.name);
    if (part.state === 'absent') {
      return { verdict: 'fail', evidence: { ...shared, rules: [] }, reason: 'Nothing is replicated.' };
    }
    if (part.state !== 'read') return unknownBecause(part, shared);
    const trails = trailsAt(snapshot, subject.trails);
    const encryption = partOf(snapshot['bucket.encryption'], subject.name);
    const encrypted = trails.some(({ KmsKeyId }) => KmsKeyId !== undefined && KmsKeyId !== '') || usesKms(encryption);
    const judge = (rule: JsonObject): CopyJudgement => {
      // Rules of the old form, without a filter, copy delete markers by themselves.
      if (rule.Filter === undefined || isOn(rule.DeleteMarkerReplication)) {
        return { ok: false, why: 'it copies delete markers, so a deletion would follow' };
      }
      const criteria = isRecord(rule.SourceSelectionCriteria) ? rule.SourceSelectionCriteria : {};
      if (!isOn(criteria.SseKmsEncryptedObjects)) {
        if (encrypted) return { ok: false, why: 'it leaves out what is encrypted with KMS, and the logs are' };
        if (encryption.state !== 'read' && encryption.state !== 'absent') return { ok: 'unknown', because: encryption };
      }
      return judgePlace(snapshot, found.bucket, rule, settings.apart);
    };
    const rules = part.value.Rules;
    const evidence = {
      ...shared,
      rules: rules.map(({ ID, Status }) => ({ ID: ID ?? null, Status: Status ?? null })),
      targets: rules.map(targetOf),
    };
    for (const { folder } of logFolders(trails, snapshot)) {
      const covering = rules.filter((rule) => rule.Status === 'Enabled' && ruleCovers(rule, folder));
      const judged = covering.map((rule) => ({ rule, ...judge(rule) }));
      if (judged.some(({ ok }) => ok === true)) continue;
      const doubt = judged.find((it) => it.ok === 'unknown');
      if (doubt?.ok === 'unknown') {
        return typeof doubt.because === 'string'
          ? { verdict: 'unknown', evidence, reason: doubt.because }
          : unknownBecause(doubt.because, evidence);
      }
      const wrong = judged.find((it) => it.ok === false);
      const reason =
        wrong?.ok === false
          ? `${String(wrong.rule.ID ?? 'The rule')} is no safe copy of ${folder}: ${wrong.why}.`
          : `No enabled rule copies ${folder}.`;
      return { verdict: 'fail', evidence, reason };
    }
    return { verdict: 'pass', evidence };
  },

  plan({ snapshot, subject, finding }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    return guided(found.bucket, snapshot.partition, finding.reason ?? 'Nothing is replicated.');
  },
});

function usesKms(encryption: { state: string; value?: { Rules: JsonObject[] } }): boolean {
  return (encryption.value?.Rules ?? []).some(
    ({ ApplyServerSideEncryptionByDefault: sse }) => isRecord(sse) && String(sse.SSEAlgorithm).startsWith('aws:kms'),
  );
}

function guided({ Name, owner, region }: OwnedBucket, partition: string, reason: string) {
  const rule = {
    ID: 'audit-logs',
    Priority: 1,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
    Destination: {
      Bucket: `arn:${partition}:s3:::<target>`,
      EncryptionConfiguration: { ReplicaKmsKeyID: '<ARN of a key in the region of the target>' },
    },
    DeleteMarkerReplication: { Status: 'Disabled' },
  };
  const configuration = { Role: `arn:${partition}:iam::${owner}:role/<replication role>`, Rules: [rule] };
  return manual(
    reason,
    {
      text: 'Have the team that owns the archive make a target in another region or account, with versioning, and turn versioning on here too.',
      command: `aws s3api put-bucket-versioning --region ${region} --bucket ${Name} --expected-bucket-owner ${owner} --versioning-configuration Status=Enabled`,
    },
    `Make a role that s3.amazonaws.com may assume, with s3:GetReplicationConfiguration and s3:ListBucket on ${Name}, s3:GetObjectVersionForReplication on its files, s3:ReplicateObject on those of the target, kms:Decrypt with the key of the logs and kms:Encrypt with that of the target; nothing that replicates deletions.`,
    {
      text: 'Then add the rule; the call replaces all rules, so put those that are there with it.',
      command: `aws s3api put-bucket-replication --region ${region} --bucket ${Name} --expected-bucket-owner ${owner} --replication-configuration '${JSON.stringify(configuration)}'`,
      terraform: [
        'resource "aws_s3_bucket_replication_configuration" "logs" {',
        `  bucket = "${Name}"`,
        '  role   = aws_iam_role.replication.arn',
        '  rule {',
        '    id     = "audit-logs"',
        '    status = "Enabled"',
        '    filter { prefix = "" }',
        '    delete_marker_replication { status = "Disabled" }',
        '    source_selection_criteria { sse_kms_encrypted_objects { status = "Enabled" } }',
        '    destination {',
        '      bucket = aws_s3_bucket.replica.arn',
        '      encryption_configuration { replica_kms_key_id = aws_kms_key.replica.arn }',
        '    }',
        '  }',
        '}',
      ].join('\n'),
    },
  );
}
