import { z } from 'zod';
import { RECEIVER_NEEDS, receivesAccessLogs } from '../../src/check/access-log-receiver.ts';
import { bucketOf } from '../../src/check/bucket.ts';
import { encryptByDefault, withDefaultKey } from '../../src/check/changes/put-encryption.ts';
import { defineCheck, type EstateSettings, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { defaultOf, faultOf } from '../../src/check/default-encryption.ts';
import { trailsAt } from '../../src/check/delivery.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { outsidersOfKey } from '../../src/check/key-outsiders.ts';
import { openKeyToTrails } from '../../src/check/open-key.ts';
import type { Change } from '../../src/check/plan.ts';
import type { Part } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  minimum: z.enum(['AES256', 'aws:kms']).default('aws:kms'),
  key_by_region: z.record(z.string(), z.string()).default({}),
});

export default defineCheck({
  id: 'bucket/default-encryption',
  title: 'The log bucket encrypts by default',
  severity: 'low',
  scope: 'bucket',
  rationale:
    'CloudTrail brings its own encryption header; the default catches everything else that lands in the bucket.',
  pass: 'Default encryption is at least minimum: aws:kms (or aws:kms:dsse) with a customer managed key, or AES256 when the settings say so.',
  seed: [],
  needs: [
    ...RECEIVER_NEEDS,
    'trail',
    'bucket',
    'bucket.encryption',
    'key',
    'key.policy',
    'organization',
    'organization.accounts',
  ],
  events: ['PutBucketEncryption', 'DeleteBucketEncryption', 'DisableKey', 'ScheduleKeyDeletion'],
  controls: controlIds({
    'cis_1.4': '2.1.1',
    security_hub: 'S3.17',
    'pci_4.0': '3.5.1 8.3.2',
    nist_800_53_r5: 'AU-9 AU-9(2) AU-9(7) CA-9(1) CM-3(6) SC-7(10) SC-13 SC-28 SC-28(1) SI-7(6)',
    iso_27001_2022: 'A.8.11 A.8.24',
    soc2: 'CC6.1 CC6.2 PI1.4',
    aws_ftr: 'S3-001',
    aws_encryption: 'config-pack',
    well_architected: 'SEC08-BP03',
    config_rule: 's3-bucket-server-side-encryption-enabled s3-default-encryption-kms',
  }),
  settings,
  fix: {
    class: 'auto',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Price of the key and its requests; the Bucket Key keeps them low.',
    first: ['key/delivery-policy'],
    operations: ['s3:PutBucketEncryption', 'kms:PutKeyPolicy'],
  },

  evaluate({ snapshot, subject, settings, estate }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const encryption = partOf(snapshot['bucket.encryption'], subject.name);
    if (encryption.state !== 'read' && encryption.state !== 'absent') return unknownBecause(encryption, shared);
    const { SSEAlgorithm, KMSMasterKeyID } = defaultOf(encryption.state === 'read' ? encryption.value.Rules : []);
    const evidence = { ...shared, SSEAlgorithm, KMSMasterKeyID };
    if (settings.minimum === 'AES256') return { verdict: 'pass', evidence };
    const fault = faultOf(SSEAlgorithm, KMSMasterKeyID, partOf(snapshot.key, KMSMasterKeyID ?? ''));
    if (fault === undefined) return { verdict: 'pass', evidence };
    if (typeof fault !== 'string') return unknownBecause(fault, evidence);
    const receiver = receivesAccessLogs(snapshot, subject.name);
    if (receiver.receives === true) {
      const reason = `The bucket receives server access logs (${receiver.how}), and S3 writes those with AES256 only.`;
      return { verdict: 'not-applicable', evidence, reason };
    }
    if (receiver.receives === 'unknown') return unknownBecause(receiver.because, evidence);
    const declared = keyFor(found.bucket.region, settings, estate) !== undefined;
    return { verdict: 'fail', evidence, reason: fault, ...(declared ? {} : { fix: 'manual' as const }) };
  },

  plan({ snapshot, subject, settings, estate }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const { bucket } = found;
    const reference = keyFor(bucket.region, settings, estate);
    if (reference === undefined) {
      return manual(
        `No key is declared for ${bucket.region}. Create a symmetric customer managed key there whose policy lets the writers and readers of the bucket in.`,
        `Declare it in the configuration under keys, as ${bucket.region}: <key ARN>, and scan again.`,
      );
    }
    const before = partOf(snapshot['bucket.encryption'], subject.name);
    const key = partOf(snapshot.key, reference);
    const blocked = (by: string, reason: string) => ({ kind: 'blocked' as const, by, reason });
    if (before.state !== 'read') return blocked('bucket/default-encryption', 'The default encryption is not known.');
    if (key.state !== 'read') return blocked('key/usable', `The declared key ${reference} could not be read.`);
    const { Arn, KeyState, KeyManager, KeySpec, region } = key.value;
    if (
      KeyState !== 'Enabled' ||
      KeyManager !== 'CUSTOMER' ||
      KeySpec !== 'SYMMETRIC_DEFAULT' ||
      region !== bucket.region
    ) {
      const reason = `The declared key is ${KeyState}, ${KeyManager}, ${KeySpec} in ${region}; it must be an enabled symmetric customer managed key in ${bucket.region}.`;
      return blocked('key/usable', reason);
    }
    const rule = withDefaultKey(before.value.Rules[0], Arn);
    const after = {
      ...snapshot,
      'bucket.encryption': { [subject.name]: { state: 'read' as const, value: { Rules: [rule] } } },
    };
    const trails = trailsAt(snapshot, subject.trails);
    // With a Bucket Key CloudTrail has to decrypt with the keys of its trails too.
    const references = [...new Set([reference, ...trails.flatMap(({ KmsKeyId }) => KmsKeyId || [])])];
    const changes = new Map<string, Change>();
    for (const one of references) {
      const part = partOf(snapshot.key, one);
      if (part.state !== 'read') return blocked('key/usable', `The key ${one} of a trail could not be read.`);
      const using = one === reference ? trails : trails.filter(({ KmsKeyId }) => KmsKeyId === one);
      const edit = openKeyToTrails(part.value, partOf(snapshot['key.policy'], one), using, after);
      if ('problem' in edit) return blocked('key/delivery-policy', edit.problem);
      if (edit.change !== undefined) changes.set(part.value.Arn, edit.change);
    }
    const bucketPolicy = policyIn(partOf(snapshot['bucket.policy'], subject.name));
    const keyPolicy = policyIn(partOf(snapshot['key.policy'], reference));
    if (bucketPolicy === 'unknown' || keyPolicy === 'unknown' || keyPolicy === undefined) {
      return blocked('bucket/default-encryption', 'Who uses the bucket, or who may use the key, is not known.');
    }
    const arn = `arn:${snapshot.partition}:s3:::${subject.name}`;
    const { certain, unclear } =
      bucketPolicy === undefined
        ? { certain: [], unclear: [] }
        : outsidersOfKey(bucketPolicy, arn, keyPolicy, Arn, snapshot.partition);
    if (certain.length > 0) {
      return manual(
        `The policy of ${Arn} shuts out who uses this bucket: ${certain.join(', ')}.`,
        'Let them use the key by its policy (and by their own), or take them off the bucket policy. Then scan again.',
      );
    }
    return {
      kind: 'changes',
      plan: {
        summary: `Encrypt what arrives in ${subject.name} with ${Arn} by default.`,
        changes: [...changes.values(), encryptByDefault(bucket, snapshot.partition, before.value.Rules, rule)],
        ...(changes.size === 0 ? {} : { class: 'auto-second-approver' as const }),
        warnings: [
          'Readers of files that arrive from now on without an encryption of their own need kms:Decrypt on the key too.',
          ...unclear.map((text) => `Whether it may use the key hangs on a condition: ${text} for certain.`),
        ],
        guards: [
          'Before: the key is usable, and its policy lets the trails and whoever the bucket policy names in.',
          'After: GetBucketEncryption shows the key, and the next delivery shows no error.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});

/** The setting of this check goes before the keys that the whole estate declares. */
function keyFor(region: string, { key_by_region }: z.infer<typeof settings>, { keys }: EstateSettings) {
  return key_by_region[region] ?? keys[region];
}

function policyIn(part: Part<{ text: string }>) {
  if (part.state === 'absent') return undefined;
  const policy = part.state === 'read' ? parsePolicy(part.value.text) : undefined;
  return policy === undefined || isPolicyError(policy) ? 'unknown' : policy;
}
