import { z } from 'zod';
import { RECEIVER_NEEDS, receivesAccessLogs } from '../../src/check/access-log-receiver.ts';
import { bucketOf, type OwnedBucket } from '../../src/check/bucket.ts';
import { daysOf, lockNewObjects, type Retention } from '../../src/check/changes/put-object-lock.ts';
import { enableVersioning } from '../../src/check/changes/put-versioning.ts';
import { defineCheck, type Evaluation, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { trailsAt } from '../../src/check/delivery.ts';
import { earlyRules } from '../../src/check/early-expiry.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { writers } from '../../src/check/evaluators/policy/writers.ts';
import { isLegacyPrincipal } from '../../src/check/legacy-principals.ts';
import { logPatterns } from '../../src/check/log-objects.ts';

const settings = z.strictObject({
  min_days: z.int().min(1).default(365),
  modes: z
    .array(z.enum(['GOVERNANCE', 'COMPLIANCE']))
    .min(1)
    .default(['GOVERNANCE', 'COMPLIANCE']),
});

const NEEDS = [
  ...RECEIVER_NEEDS,
  'bucket',
  'bucket.objectLock',
  'bucket.versioning',
  'bucket.lifecycle',
  'trail',
  'organization',
  'organization.accounts',
] as const;

export default defineCheck({
  id: 'bucket/object-lock',
  title: 'Log files are written once',
  severity: 'medium',
  scope: 'bucket',
  rationale: 'Under a lock not even an administrator can shorten the life of a log file.',
  pass: 'Object Lock is enabled with a default retention of at least min_days in one of modes.',
  seed: [],
  needs: [...NEEDS],
  events: ['PutBucketObjectLockConfiguration', 'PutBucketVersioning', 'CreateBucket'],
  controls: controlIds({
    security_hub: 'S3.15',
    'pci_4.0': '10.3.4',
    soc2: 'C1.1 CC6.1 CC6.2 PI1.5',
    aws_ftr: 'S3-001',
    config_rule: 's3-bucket-default-lock-enabled',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'irreversible',
    reversible: 'no',
    cost: 'Nothing can be removed to save storage before the period ends.',
    operations: ['s3:PutBucketVersioning', 's3:PutObjectLockConfiguration'],
  },

  evaluate({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const lock = partOf(snapshot['bucket.objectLock'], subject.name);
    if (lock.state !== 'read' && lock.state !== 'absent') return unknownBecause(lock, shared);
    const retention: Retention = lock.state === 'read' ? lock.value : {};
    const days = daysOf(retention);
    const evidence = { ...shared, ObjectLock: lock.state === 'read' ? 'Enabled' : null, ...retention, days };
    const reason = shortfall(lock.state === 'read', retention, settings);
    if (reason === undefined) return { verdict: 'pass', evidence };
    const hindered = hindrance({ snapshot, subject, settings }, found.bucket) !== undefined;
    return { verdict: 'fail', evidence, reason, ...(hindered ? { fix: 'manual' as const } : {}) };
  },

  plan({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const { bucket } = found;
    const { partition } = snapshot;
    const hindered = hindrance({ snapshot, subject, settings }, bucket);
    const lock = partOf(snapshot['bucket.objectLock'], subject.name);
    const versioning = partOf(snapshot['bucket.versioning'], subject.name);
    if (hindered !== undefined || versioning.state !== 'read' || (lock.state !== 'read' && lock.state !== 'absent')) {
      return manual(
        hindered ?? 'The lock or the versioning of the bucket is not known.',
        'Object Lock is for a bucket that holds logs of CloudTrail and nothing else. Solve this first, then scan again.',
      );
    }
    const saved = lock.state === 'read' ? lock.value : {};
    const retention = wanted(saved, settings);
    // Its way back is left out: nobody may suspend versioning once the lock is on.
    const { undo: _, ...versions } = enableVersioning(bucket, partition, versioning.value);
    const for_ = retention.Years === undefined ? `${retention.Days ?? 0} days` : `${retention.Years} years`;
    return {
      kind: 'changes',
      plan: {
        summary: `Lock new log files in ${subject.name} for ${for_} (${retention.Mode}).`,
        changes: [
          ...(versioning.value.Status === 'Enabled' ? [] : [versions]),
          lockNewObjects(bucket, partition, lock, retention),
        ],
        class: 'auto-second-approver',
        risk: 'irreversible',
        reversible: 'no',
        warnings: [
          'This cannot be undone: Object Lock never goes off again, and versioning can never be suspended again.',
          retention.Mode === 'COMPLIANCE'
            ? `COMPLIANCE: for ${for_} nobody can delete a log file or shorten its lock, not the root user and not AWS. Closing the account is the only way.`
            : `GOVERNANCE: for ${for_} only who may bypass governance retention can delete a log file.`,
          'Files that are there already are not locked. Whatever else arrives in the bucket is locked too, and paid for until the end.',
        ],
        guards: [
          'Before: only CloudTrail may write here, and no lifecycle rule expires log files before the lock ends.',
          'After: GetObjectLockConfiguration shows the retention, and the next delivery shows no error.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});

type Settings = z.infer<typeof settings>;
type Asked = Pick<Evaluation<(typeof NEEDS)[number], 'bucket', Settings>, 'snapshot' | 'subject' | 'settings'>;

/** Why new log files are not locked as long as they should be; undefined where they are. */
function shortfall(on: boolean, retention: Retention, { min_days, modes }: Settings): string | undefined {
  if (!on) return 'Object Lock is off.';
  const { Mode } = retention;
  if (Mode === undefined) return 'Object Lock has no default retention, so new files are not locked.';
  if (!modes.includes(Mode)) return `New files are locked in ${Mode} mode, and only ${modes.join(' or ')} is accepted.`;
  const days = daysOf(retention);
  return days < min_days ? `New files are locked for ${days} days, and ${min_days} are asked for.` : undefined;
}

/** Never a weaker mode or a shorter time than there is, and COMPLIANCE only where the settings take nothing else. */
function wanted(saved: Retention, { min_days, modes }: Settings): Parameters<typeof lockNewObjects>[3] {
  const Mode = saved.Mode === 'COMPLIANCE' || !modes.includes('GOVERNANCE') ? 'COMPLIANCE' : 'GOVERNANCE';
  if (daysOf(saved) < min_days) return { Mode, Days: min_days };
  return saved.Days === undefined ? { Mode, Years: saved.Years ?? 1 } : { Mode, Days: saved.Days };
}

/** What a default retention would break, as a sentence. */
function hindrance({ snapshot, subject, settings }: Asked, bucket: OwnedBucket): string | undefined {
  const receiver = receivesAccessLogs(snapshot, subject.name);
  if (receiver.receives === true) {
    return `The bucket also receives server access logs (${receiver.how}), which S3 does not write under a default retention.`;
  }
  if (receiver.receives === 'unknown') return 'Whether the bucket also receives server access logs is not known.';
  const text = partOf(snapshot['bucket.policy'], subject.name);
  const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
  if (policy === undefined || isPolicyError(policy)) return 'Who else may write into the bucket is not known.';
  const other = writers(policy, `arn:${snapshot.partition}:s3:::${bucket.Name}`).find(
    ({ kind, principal }) =>
      principal !== 'cloudtrail.amazonaws.com' && !(kind === 'AWS' && isLegacyPrincipal({ kind, id: principal })),
  );
  // AWS Config stops delivering to a bucket with a default retention.
  // https://docs.aws.amazon.com/config/latest/APIReference/API_DeliveryChannel.html
  if (other?.principal === 'config.amazonaws.com') {
    return 'AWS Config may write here too, and it does not deliver under a default retention.';
  }
  if (other !== undefined) return `Others may write here too: ${other.principal}.`;
  const versioning = partOf(snapshot['bucket.versioning'], subject.name);
  if (
    versioning.state === 'read' &&
    versioning.value.Status !== 'Enabled' &&
    versioning.value.MFADelete === 'Enabled'
  ) {
    return 'MFA delete is on, so only the root user can turn on the versioning that a lock needs.';
  }
  const lifecycle = partOf(snapshot['bucket.lifecycle'], subject.name);
  if (lifecycle.state === 'absent') return undefined;
  if (lifecycle.state !== 'read') return 'The lifecycle rules are not known.';
  const patterns = logPatterns(trailsAt(snapshot, subject.trails), snapshot);
  const least = { current: settings.min_days, noncurrent: 0 };
  const early = earlyRules(lifecycle.value.Rules, patterns, least, snapshot.takenAt).find(({ enabled }) => enabled);
  return early === undefined
    ? undefined
    : `The lifecycle rule ${early.name} expires log files before the lock would end.`;
}
