import { z } from 'zod';
import { bucketOf } from '../../src/check/bucket.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { deniesDeletionWithoutMfa } from '../../src/check/mfa-policy.ts';

const settings = z.strictObject({
  accept: z.array(z.enum(['mfa-delete', 'object-lock', 'mfa-policy'])).default(['mfa-delete', 'object-lock']),
});

export default defineCheck({
  id: 'bucket/mfa-delete',
  title: 'Log versions cannot be deleted without MFA',
  severity: 'medium',
  scope: 'bucket',
  rationale: 'Stolen credentials of an administrator should not be enough to erase the evidence.',
  pass: 'MFADelete is Enabled, or one of the substitutes in accept is in place.',
  seed: ['aws', 'resmo'],
  needs: ['bucket', 'bucket.versioning', 'bucket.objectLock', 'bucket.policy', 'bucket.lifecycle'],
  events: ['PutBucketVersioning', 'PutBucketPolicy', 'PutBucketObjectLockConfiguration', 'PutBucketLifecycle'],
  controls: controlIds({
    'cis_1.4': '2.1.3',
    'cis_3.0': '2.1.2',
    'cis_5.0': '2.1.2',
    'cis_6.0': '3.1.2',
    'cis_7.0': '3.1.2',
    security_hub: 'S3.20',
    'pci_4.0': '3.5.1.3 8.4.1 8.4.2 8.4.3 10.3.2 A1.1.2 A3.4.1',
    well_architected: 'SEC05-BP02',
  }),
  settings,
  fix: { class: 'manual', risk: 'disruptive', reversible: 'partly', operations: [] },

  evaluate({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const versioning = partOf(snapshot['bucket.versioning'], subject.name);
    const shared = { bucket: subject.name, trails: subject.trails };
    if (versioning.state !== 'read' && versioning.state !== 'absent') return unknownBecause(versioning, shared);
    const { Status = null, MFADelete = 'Disabled' } = versioning.state === 'read' ? versioning.value : {};
    const evidence = { ...shared, Status, MFADelete };
    if (MFADelete === 'Enabled') return { verdict: 'pass', evidence };
    const lock = partOf(snapshot['bucket.objectLock'], subject.name);
    const text = partOf(snapshot['bucket.policy'], subject.name);
    if (settings.accept.includes('object-lock') && lock.state === 'read' && lock.value.Mode !== undefined) {
      const substitute = `Object Lock in ${lock.value.Mode} mode`;
      return {
        verdict: 'pass',
        evidence: { ...evidence, substitute },
        notes: [`${substitute} stands in for MFA delete.`],
      };
    }
    const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
    if (
      settings.accept.includes('mfa-policy') &&
      policy !== undefined &&
      !isPolicyError(policy) &&
      deniesDeletionWithoutMfa(policy, `arn:${snapshot.partition}:s3:::${subject.name}`)
    ) {
      const substitute = 'a Deny without MFA in the bucket policy';
      return { verdict: 'pass', evidence: { ...evidence, substitute }, notes: [`There is ${substitute}.`] };
    }
    if (settings.accept.includes('object-lock') && lock.state !== 'read' && lock.state !== 'absent') {
      return unknownBecause(lock, evidence);
    }
    if (settings.accept.includes('mfa-policy')) {
      if (text.state !== 'read' && text.state !== 'absent') return unknownBecause(text, evidence);
      if (policy !== undefined && isPolicyError(policy))
        return { verdict: 'unknown', evidence, reason: policy.problem };
    }
    const hasLifecycle = snapshot['bucket.lifecycle'][subject.name]?.state === 'read';
    return {
      verdict: 'fail',
      evidence: { ...evidence, LifecycleConfiguration: hasLifecycle },
      reason: 'Versions of the logs can be deleted without MFA, and no accepted substitute is in place.',
      notes: hasLifecycle
        ? ['The bucket has lifecycle rules, and MFA delete cannot be combined with them: use Object Lock instead.']
        : [],
    };
  },

  plan({ snapshot, subject }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const { owner } = found.bucket;
    const lock = {
      text: 'Or lock new versions for a time instead, which lifecycle rules do not mind. Turn versioning on first if it is off.',
      command: `aws s3api put-object-lock-configuration --bucket ${subject.name} --object-lock-configuration 'ObjectLockEnabled=Enabled,Rule={DefaultRetention={Mode=GOVERNANCE,Days=365}}'`,
    };
    if (snapshot['bucket.lifecycle'][subject.name]?.state === 'read') {
      return manual('MFA delete cannot be combined with the lifecycle rules of this bucket.', {
        ...lock,
        text: lock.text.replace('Or lock', 'Lock'),
      });
    }
    return manual(
      `No role can do this: sign in as the root user of account ${owner}, which must have an MFA device.`,
      {
        text: 'As that user, with a code of that device typed in the terminal and nowhere else:',
        command: `aws s3api put-bucket-versioning --bucket ${subject.name} --versioning-configuration Status=Enabled,MFADelete=Enabled --mfa "<serial of the device> <code>"`,
      },
      lock,
    );
  },
});
