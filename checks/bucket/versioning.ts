import { z } from 'zod';
import { bucketOf } from '../../src/check/bucket.ts';
import { enableVersioning } from '../../src/check/changes/put-versioning.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { isRecord } from '../../src/check/evaluators/values.ts';
import type { LifecycleRule, Part } from '../../src/snapshot/types.ts';

export default defineCheck({
  id: 'bucket/versioning',
  title: 'The log bucket keeps versions',
  severity: 'medium',
  scope: 'bucket',
  rationale: 'With versions, a deleted or overwritten log file is only hidden.',
  pass: 'Versioning is Enabled.',
  seed: [],
  needs: ['bucket', 'bucket.versioning', 'bucket.objectLock', 'bucket.lifecycle'],
  events: ['PutBucketVersioning', 'CreateBucket'],
  controls: controlIds({
    security_hub: 'S3.14',
    'pci_4.0': '10.3.4',
    nist_800_53_r5: 'AU-9(2) CP-6 CP-6(1) CP-6(2) CP-9 CP-10 SC-5(2) SI-12 SI-13(5)',
    iso_27001_2022: 'A.8.3 A.8.10',
    soc2: 'A1.1 A1.2 C1.2 CC7.4 PI1.5',
    well_architected: 'SEC08-BP04',
    config_rule: 's3-bucket-versioning-enabled',
  }),
  settings: z.strictObject({}),
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'partly',
    cost: 'Storage of old versions.',
    operations: ['s3:PutBucketVersioning'],
  },

  evaluate({ snapshot, subject }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const versioning = partOf(snapshot['bucket.versioning'], subject.name);
    const lock = partOf(snapshot['bucket.objectLock'], subject.name);
    if (versioning.state !== 'read' && versioning.state !== 'absent') {
      // S3 turns the lock on where versions are kept, and lets nobody suspend them after that.
      if (lock.state !== 'read') return unknownBecause(versioning, shared);
      return {
        verdict: 'pass',
        evidence: { ...shared, ObjectLock: 'Enabled' },
        notes: ['Object Lock is on, which implies versioning.'],
      };
    }
    const { Status = null, MFADelete = 'Disabled' } = versioning.state === 'read' ? versioning.value : {};
    const evidence = { ...shared, Status, MFADelete };
    if (Status === 'Enabled') return { verdict: 'pass', evidence };
    return {
      verdict: 'fail',
      evidence,
      reason: Status === 'Suspended' ? 'Versioning is suspended.' : 'Versioning was never enabled.',
      ...(MFADelete === 'Enabled' ? { fix: 'manual' as const } : {}),
    };
  },

  plan({ snapshot, subject }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const { bucket } = found;
    const before = partOf(snapshot['bucket.versioning'], subject.name);
    if (before.state !== 'read') {
      return { kind: 'blocked', by: 'bucket/versioning', reason: 'The versioning of the bucket is not known.' };
    }
    if (before.value.MFADelete === 'Enabled') {
      return manual('MFA delete is on, so no role can change versioning: only the root user of the account can.', {
        text: `As the root user of account ${bucket.owner}, with a code of its MFA device typed in the terminal and nowhere else:`,
        command: `aws s3api put-bucket-versioning --region ${bucket.region} --bucket ${bucket.Name} --versioning-configuration Status=Enabled,MFADelete=Enabled --mfa "<serial of the device> <code>"`,
      });
    }
    return {
      kind: 'changes',
      plan: {
        summary: `Turn versioning on for ${subject.name}.`,
        changes: [enableVersioning(bucket, snapshot.partition, before.value)],
        warnings: [
          before.value.Status === 'Suspended'
            ? 'Versions that are made until an undo stay, and are paid for.'
            : 'There is no undo: a bucket with versions never becomes one without, it can only be suspended by hand.',
          ...leftovers(partOf(snapshot['bucket.lifecycle'], subject.name)),
        ],
        guards: ['Before: MFA delete is off.', 'After: GetBucketVersioning says Enabled.'],
      },
    };
  },
});

/** Rules that expire files leave a version behind from now on; what becomes of those is another decision. */
function leftovers(lifecycle: Part<{ Rules: LifecycleRule[] }>): string[] {
  if (lifecycle.state === 'absent') return [];
  if (lifecycle.state !== 'read')
    return ['The lifecycle rules could not be read: what they expire leaves versions behind.'];
  const expiring = lifecycle.value.Rules.flatMap(({ ID, Status, Expiration }, index) => {
    const expires = isRecord(Expiration) && (Expiration.Days !== undefined || Expiration.Date !== undefined);
    return Status === 'Enabled' && expires ? [typeof ID === 'string' ? ID : `rule ${index + 1}`] : [];
  });
  if (expiring.length === 0) return [];
  return [`What lifecycle rules expire (${expiring.join(', ')}) leaves an old version behind from now on.`];
}
