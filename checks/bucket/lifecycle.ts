import { z } from 'zod';
import { bucketOf } from '../../src/check/bucket.ts';
import { addLifecycleRules } from '../../src/check/changes/put-lifecycle.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { logFolders, trailsAt } from '../../src/check/delivery.ts';
import { actsOnDate, type Retention, retentionOf } from '../../src/check/lifecycle.ts';
import type { LifecycleRule } from '../../src/snapshot/types.ts';

/** Classes from which a digest can be read at once, as validation must. */
const INSTANT = ['GLACIER_IR', 'INTELLIGENT_TIERING', 'STANDARD_IA'] as const;
const MAX_RULES = 1000;

const settings = z
  .strictObject({
    retention_days: z.int().min(0).default(365),
    archive_after_days: z.int().min(0).default(365),
    storage_class: z.enum(INSTANT).default('GLACIER_IR'),
    /** 0: nothing ever expires. */
    expire_after_days: z.int().min(0).default(0),
  })
  .refine(({ expire_after_days: days, retention_days: least }) => days === 0 || days >= least, {
    error: 'expire_after_days must be 0 (never) or at least retention_days',
    path: ['expire_after_days'],
  })
  .refine(({ storage_class, archive_after_days }) => storage_class !== 'STANDARD_IA' || archive_after_days >= 30, {
    error: 'archive_after_days must be at least 30 for STANDARD_IA',
    path: ['archive_after_days'],
  });

export default defineCheck({
  id: 'bucket/lifecycle',
  title: 'Retention of the log files is decided',
  severity: 'low',
  scope: 'bucket',
  rationale:
    'Without a rule logs are kept for ever by accident, or thrown away by the first person who looks at the bill.',
  pass: 'An enabled lifecycle rule covers the whole log path and says what happens to logs at or after retention_days (archive or expiry) and, with versioning, to old versions.',
  seed: ['aws'],
  needs: ['trail', 'bucket', 'bucket.lifecycle', 'bucket.versioning', 'organization', 'organization.accounts'],
  events: ['PutBucketLifecycle', 'DeleteBucketLifecycle', 'PutBucketVersioning', 'UpdateTrail'],
  controls: controlIds({
    security_hub: 'S3.13',
    'pci_4.0': '3.2.1 3.3.1.1 3.3.1.3 3.3.2 3.3.3 10.5.1',
    nist_800_53_r5: 'CP-6(2) CP-9 CP-10 SC-5(2) SI-13(5)',
    iso_27001_2022: 'A.8.10',
    soc2: 'C1.1 C1.2',
    config_rule: 's3-lifecycle-policy-check s3-version-lifecycle-policy-check',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'partly',
    cost: 'Transition requests now, less storage later.',
    operations: ['s3:PutBucketLifecycleConfiguration', 's3:DeleteBucketLifecycle'],
  },

  evaluate({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const versioning = partOf(snapshot['bucket.versioning'], subject.name);
    if (versioning.state !== 'read' && versioning.state !== 'absent') return unknownBecause(versioning, shared);
    if (versioning.state === 'read' && versioning.value.MFADelete === 'Enabled') {
      const reason = 'MFA delete is on, and S3 takes no lifecycle rules beside it.';
      return { verdict: 'not-applicable', evidence: shared, reason };
    }
    const lifecycle = partOf(snapshot['bucket.lifecycle'], subject.name);
    if (lifecycle.state !== 'read' && lifecycle.state !== 'absent') return unknownBecause(lifecycle, shared);
    const rules = lifecycle.state === 'read' ? lifecycle.value : undefined;
    const paths = logFolders(trailsAt(snapshot, subject.trails), snapshot).map(({ folder }) => ({
      folder,
      ...retentionOf(rules, folder, settings.storage_class),
    }));
    const versioned = versioning.state === 'read' && versioning.value.Status !== undefined;
    const evidence = { ...shared, paths, Versioning: versioned };
    const undecided = paths.find(({ current }) => !current);
    const dated = rules?.Rules.some(actsOnDate) === true ? { fix: 'manual' as const } : {};
    if (undecided !== undefined) {
      const reason =
        rules === undefined
          ? 'There is no lifecycle configuration.'
          : `No enabled rule says what becomes of the logs under ${undecided.folder}.`;
      return { verdict: 'fail', evidence, reason, ...dated };
    }
    const older = versioned ? paths.find(({ noncurrent }) => !noncurrent) : undefined;
    if (older === undefined) return { verdict: 'pass', evidence };
    const reason = `No enabled rule says what becomes of old versions under ${older.folder}.`;
    return { verdict: 'fail', evidence, reason, ...dated };
  },

  plan({ snapshot, subject, settings, finding }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const before = partOf(snapshot['bucket.lifecycle'], subject.name);
    const versioning = partOf(snapshot['bucket.versioning'], subject.name);
    if ((before.state !== 'read' && before.state !== 'absent') || versioning.state !== 'read') {
      return {
        kind: 'blocked',
        by: 'bucket/lifecycle',
        reason: 'The rules or the versioning of the bucket are not known.',
      };
    }
    const present = before.state === 'read' ? before.value.Rules : [];
    const versioned = versioning.value.Status !== undefined;
    const folders = logFolders(trailsAt(snapshot, subject.trails), snapshot).map((it) => ({
      ...it,
      ...retentionOf({ Rules: present }, it.folder, settings.storage_class),
    }));
    const rules = [...new Set(folders.map(({ base }) => base))].flatMap((base, index) => {
      const inside = folders.filter((folder) => folder.base === base);
      const open = {
        current: inside.some(({ current }) => !current),
        noncurrent: versioned && inside.some(({ noncurrent }) => !noncurrent),
      };
      if (!open.current && !open.noncurrent) return [];
      return [archiveRule(`trail-check-${finding.id.slice(0, 8)}-${index + 1}`, base, settings, open)];
    });
    if (present.some(actsOnDate)) {
      return manual(
        'A rule of this bucket acts on a fixed date; all rules have to be put together, so add this one by hand.',
        {
          text: `Add to the rules: ${JSON.stringify(rules)}`,
          command: `aws s3api get-bucket-lifecycle-configuration --bucket ${subject.name}`,
        },
      );
    }
    if (present.length + rules.length > MAX_RULES) {
      return { kind: 'blocked', by: 'bucket/lifecycle', reason: `S3 takes ${MAX_RULES} rules, and they are used up.` };
    }
    const days = settings.expire_after_days;
    return {
      kind: 'changes',
      plan: {
        summary: `Move logs in ${subject.name} to ${settings.storage_class} after ${settings.archive_after_days} days${days === 0 ? '; nothing is deleted' : `, and delete them after ${days}`}.`,
        changes: [addLifecycleRules(found.bucket, snapshot.partition, before, rules)],
        ...(days === 0
          ? {}
          : {
              risk: 'irreversible' as const,
              reversible: 'no' as const,
              warnings: [`Logs older than ${days} days are deleted for good, those that are there now too.`],
            }),
        guards: ['After: the rules read as planned.'],
      },
    };
  },
});

/** A rule on what is not decided yet, and on nothing else. */
function archiveRule(
  ID: string,
  Prefix: string,
  { archive_after_days: archive, storage_class: StorageClass, expire_after_days: expire }: z.infer<typeof settings>,
  { current, noncurrent }: Retention,
): LifecycleRule {
  // What expires before it would move is not moved; S3 refuses such a rule.
  const moves = expire === 0 || archive < expire;
  return {
    ID,
    Status: 'Enabled',
    Filter: { Prefix },
    ...(current && moves ? { Transitions: [{ Days: archive, StorageClass }] } : {}),
    ...(current && expire > 0 ? { Expiration: { Days: expire } } : {}),
    ...(noncurrent && moves ? { NoncurrentVersionTransitions: [{ NoncurrentDays: archive, StorageClass }] } : {}),
    ...(noncurrent && expire > 0 ? { NoncurrentVersionExpiration: { NoncurrentDays: expire } } : {}),
  };
}
