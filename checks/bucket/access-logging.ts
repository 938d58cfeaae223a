import { z } from 'zod';
import {
  ACCESS_LOG_NEEDS,
  accessLogObstacle,
  judgeTargetBucket,
  judgeTargetPolicy,
} from '../../src/check/access-log-target.ts';
import { bucketOf } from '../../src/check/bucket.ts';
import { logAccess } from '../../src/check/changes/put-bucket-logging.ts';
import { addToBucketPolicy } from '../../src/check/changes/put-policy.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { accessLogTargetStatement } from '../../src/check/evaluators/policy/statements.ts';
import { isRecord } from '../../src/check/evaluators/values.ts';
import type { EncryptionRule } from '../../src/snapshot/types.ts';

const settings = z.strictObject({ target_by_region: z.record(z.string(), z.string()).default({}) });

export default defineCheck({
  id: 'bucket/access-logging',
  title: 'Access to the log bucket is logged',
  severity: 'low',
  scope: 'bucket',
  rationale: 'Who read or removed log files is a question only the bucket can answer.',
  pass: 'Server access logging is on and its target is another bucket that exists, in the same account and region.',
  seed: ['resmo'],
  needs: [...ACCESS_LOG_NEEDS, 'trail', 'bucket.logging', 'bucket.encryption'],
  events: ['PutBucketLogging', 'DeleteBucket', 'PutBucketPolicy', 'UpdateTrail'],
  controls: controlIds({
    'cis_1.4': '3.6',
    'cis_3.0': '3.4',
    'cis_5.0': '3.4',
    'cis_6.0': '4.4',
    'cis_7.0': '4.4',
    security_hub: 'CloudTrail.7 S3.9',
    'pci_4.0': `
      5.3.4 10.2.1 10.2.1.1 10.2.1.2 10.2.1.3 10.2.1.4 10.2.1.5 10.2.1.6 10.2.1.7 10.2.2 10.3.1 10.6.3 A1.2.1`,
    nist_800_53_r5: `
      AC-2(4) AC-4(26) AC-6(9) AU-2 AU-3 AU-6(3) AU-6(4) AU-10 AU-12 CA-7 SC-7(9) SI-3(8) SI-4(20) SI-7(8)`,
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'A1.1 CC6.1 CC6.2 CC7.2 CC7.3',
    aws_ftr: 'S3-001',
    well_architected: 'SEC04-BP01',
    config_rule: 'cloudtrail-s3-bucket-access-logging s3-bucket-logging-enabled',
  }),
  settings,
  fix: {
    class: 'auto',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Storage of the access logs.',
    operations: ['s3:PutBucketLogging', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  },

  evaluate({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const logging = partOf(snapshot['bucket.logging'], subject.name);
    if (logging.state !== 'read' && logging.state !== 'absent') return unknownBecause(logging, shared);
    // Without a declared target there is nothing a plan could point to.
    const fix = settings.target_by_region[found.bucket.region] === undefined ? ({ fix: 'manual' } as const) : {};
    if (logging.state === 'absent') {
      const evidence = { ...shared, LoggingEnabled: null };
      return { verdict: 'fail', evidence, reason: 'Server access logging is off.', ...fix };
    }
    const { TargetBucket, TargetPrefix } = logging.value;
    const evidence = { ...shared, TargetBucket, TargetPrefix };
    const place = judgeTargetBucket(snapshot, found.bucket, TargetBucket);
    const judged = place.ok === true ? judgeTargetPolicy(snapshot, found.bucket, TargetBucket, TargetPrefix) : place;
    if (judged.ok === true) return { verdict: 'pass', evidence };
    if (judged.ok === false) return { verdict: 'fail', evidence, reason: `Nothing arrives: ${judged.why}.`, ...fix };
    if (typeof judged.because === 'string') return { verdict: 'unknown', evidence, reason: judged.because };
    return unknownBecause(judged.because, evidence);
  },

  plan({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const { bucket } = found;
    const TargetBucket = settings.target_by_region[bucket.region];
    if (TargetBucket === undefined) {
      return manual(
        `No target is declared for ${bucket.region}. Choose a bucket of account ${bucket.owner} in ${bucket.region} that holds no trail, with SSE-S3 encryption and no default retention.`,
        `Declare it in the configuration under checks, bucket/access-logging, target_by_region, as ${bucket.region}: <bucket name>, and scan again.`,
      );
    }
    const refused = (why: string) => ({
      kind: 'blocked' as const,
      by: 'bucket/access-logging',
      reason: `The declared target ${TargetBucket} cannot be used: ${why}.`,
    });
    const place = judgeTargetBucket(snapshot, bucket, TargetBucket);
    if (place.ok === false) return refused(place.why);
    const target = partOf(snapshot.bucket, TargetBucket);
    if (place.ok === 'unknown' || target.state !== 'read') return refused('it could not be read');
    if (Object.values(snapshot.trail).some((it) => it.state === 'read' && it.value.S3BucketName === TargetBucket)) {
      return refused('a trail delivers there, so it would log itself');
    }
    const encryption = partOf(snapshot['bucket.encryption'], TargetBucket);
    if (encryption.state !== 'read' && encryption.state !== 'absent')
      return refused('its encryption could not be read');
    if (encryption.state === 'read' && encryption.value.Rules.some(usesKms)) {
      return refused('it encrypts with KMS, and S3 writes logs with SSE-S3 only');
    }
    const before = partOf(snapshot['bucket.logging'], subject.name);
    const kept = before.state === 'read' && before.value.TargetBucket === TargetBucket;
    const TargetPrefix = kept ? before.value.TargetPrefix : `${subject.name}/`;
    const { partition } = snapshot;
    const text = partOf(snapshot['bucket.policy'], TargetBucket);
    const owned = { ...target.value, owner: bucket.owner };
    const statement = accessLogTargetStatement({
      partition,
      targetBucket: TargetBucket,
      prefix: TargetPrefix,
      sourceBucket: subject.name,
      accountId: bucket.owner,
    });
    const edit = addToBucketPolicy(owned, partition, text, [statement], {
      summary: `Let S3 write the access logs of ${subject.name} to ${TargetBucket}; every statement of its policy stays.`,
      undo: `Put the saved policy of ${TargetBucket} back.`,
    });
    if ('problem' in edit) return refused(edit.problem.replace(/\.$/, ''));
    const after = parsePolicy(edit.change?.input.Policy ?? (text.state === 'read' ? text.value.text : ''));
    const left = isPolicyError(after)
      ? undefined
      : accessLogObstacle(after, snapshot, bucket, TargetBucket, TargetPrefix);
    if (left !== undefined) return refused(left.text);
    const overwritten = before.state === 'read' && !kept;
    return {
      kind: 'changes',
      plan: {
        summary: `Log access to ${subject.name} in ${TargetBucket}.`,
        changes: [
          ...(edit.change === undefined ? [] : [edit.change]),
          ...(kept ? [] : [logAccess(bucket, partition, before, { TargetBucket, TargetPrefix })]),
        ],
        ...(overwritten
          ? {
              reversible: 'partly' as const,
              warnings: [
                'Undo goes back to the old target and prefix; grants and key format of old logs are not restored.',
              ],
            }
          : {}),
        guards: ['After: GetBucketLogging shows the target.'],
      },
    };
  },
});

function usesKms({ ApplyServerSideEncryptionByDefault: byDefault }: EncryptionRule): boolean {
  return isRecord(byDefault) && String(byDefault.SSEAlgorithm).startsWith('aws:kms');
}
