import { z } from 'zod';
import { type Destination, placeOf } from '../../src/check/changes/redirect-trail.ts';
import { defineCheck, type EstateSettings, manual } from '../../src/check/check.ts';
import { bucketNamed, DESTINATION_NEEDS, type Declared, plainPrefix, redirect } from '../../src/check/destination.ts';
import { stoppedNote, trailOf } from '../../src/check/trail.ts';
import type { Trail } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  /** Names, or ARNs where the partition matters. Without any the archive of the estate is meant. */
  buckets: z.array(z.string().min(1)).default([]),
  /** An empty text stands for no prefix. */
  prefixes: z.array(z.string()).default([]),
});

export default defineCheck({
  id: 'trail/expected-destination',
  title: 'Trails deliver to the declared bucket',
  severity: 'medium',
  scope: 'trail',
  rationale: 'Logs that go elsewhere are neither protected nor found when they are needed.',
  pass: 'The bucket of the trail is in buckets and, where prefixes are declared, its prefix is one of them.',
  seed: ['aws', 'resmo'],
  needs: [...DESTINATION_NEEDS, 'trail.status'],
  events: ['CreateTrail', 'UpdateTrail'],
  controls: {},
  settings,
  // The bucket that bucket/delivery-policy and bucket/exists would mend first is the old one; the new one is judged and
  // opened in this plan itself.
  fix: {
    class: 'auto-second-approver',
    risk: 'disruptive',
    reversible: 'yes',
    operations: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 'cloudtrail:UpdateTrail'],
  },

  evaluate({ snapshot, subject, settings, estate }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const declared = declaredOf(settings, estate);
    if (declared.buckets.length === 0 && declared.prefixes.length === 0) {
      return {
        verdict: 'not-applicable',
        reason: 'No destination is declared: declare the archive bucket in the configuration under archive.',
      };
    }
    const { S3BucketName, S3KeyPrefix } = found.trail;
    const evidence = {
      S3BucketName,
      S3KeyPrefix: S3KeyPrefix ?? null,
      declared: { buckets: [...declared.buckets], prefixes: [...declared.prefixes] },
    };
    const notes = stoppedNote(snapshot, subject.arn);
    if (!isDeclaredBucket(found.trail, declared, snapshot.partition)) {
      return {
        verdict: 'fail',
        evidence,
        notes,
        reason: `The trail delivers to ${S3BucketName}, which is not declared.`,
      };
    }
    if (!isDeclaredPrefix(found.trail, declared)) {
      const prefix = plainPrefix(S3KeyPrefix);
      const reason = `The trail delivers to ${prefix === '' ? 'no prefix' : `the prefix ${prefix}`}, which is not declared.`;
      return { verdict: 'fail', evidence, notes, reason };
    }
    return { verdict: 'pass', evidence, notes };
  },

  plan({ snapshot, subject, settings, estate }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) {
      return { kind: 'blocked', by: 'trail/expected-destination', reason: found.judgement.reason ?? '' };
    }
    const { trail } = found;
    const to = destinationOf(trail, declaredOf(settings, estate), estate, snapshot.partition);
    if ('problem' in to) {
      return manual(to.problem, {
        text: `Choose where ${trail.Name} belongs, let the policy of that bucket admit it, and point it there; what was delivered stays where it is.`,
        command: `aws cloudtrail update-trail --name ${trail.TrailARN} --s3-bucket-name <bucket> --s3-key-prefix <prefix> --region ${trail.HomeRegion}`,
        terraform: `# in resource "aws_cloudtrail" of ${trail.Name}\ns3_bucket_name = "<bucket>"\ns3_key_prefix  = "<prefix>"`,
      });
    }
    const redirected = redirect(snapshot, trail, to);
    if ('kind' in redirected) return redirected;
    return {
      kind: 'changes',
      plan: {
        summary: `Deliver ${trail.Name} to ${placeOf(to)}.`,
        changes: redirected.changes,
        warnings: redirected.warnings,
        guards: [
          'Before: the policy of the bucket lets this trail deliver under this prefix, its key lies in the same region, and no access logs come into the bucket.',
          'After: the first delivery there shows no error; the chain of digests goes on and names the old bucket once.',
        ],
        watchDelivery: [trail.TrailARN],
      },
    };
  },
});

function declaredOf({ buckets, prefixes }: z.infer<typeof settings>, { archive }: EstateSettings): Declared {
  return { buckets: buckets.length > 0 || archive === undefined ? buckets : [archive.bucket], prefixes };
}

function isDeclaredBucket({ S3BucketName }: Trail, { buckets }: Declared, partition: string): boolean {
  return buckets.length === 0 || buckets.some((it) => bucketNamed(it, partition) === S3BucketName);
}

function isDeclaredPrefix({ S3KeyPrefix }: Trail, { prefixes }: Declared): boolean {
  return prefixes.length === 0 || prefixes.some((it) => plainPrefix(it) === plainPrefix(S3KeyPrefix));
}

/**
 * Where the trail is to deliver: what is right stays, the archive comes before other buckets, and of several that are
 * left nobody but people can choose.
 */
function destinationOf(
  trail: Trail,
  declared: Declared,
  { archive }: EstateSettings,
  partition: string,
): Destination | { problem: string } {
  const names = declared.buckets.flatMap((it) => bucketNamed(it, partition) ?? []);
  const preferred = names.find((it) => it === archive?.bucket) ?? (names.length === 1 ? names[0] : undefined);
  const bucket = isDeclaredBucket(trail, declared, partition) ? trail.S3BucketName : preferred;
  if (bucket === undefined) {
    return names.length === 0
      ? { problem: `The declared buckets lie in another partition than ${partition}.` }
      : { problem: `Several buckets are declared (${names.join(', ')}), and none of them is the archive.` };
  }
  if (isDeclaredPrefix(trail, declared)) return { bucket, prefix: plainPrefix(trail.S3KeyPrefix) };
  const [prefix, ...others] = [...new Set(declared.prefixes.map(plainPrefix))];
  return prefix === undefined || others.length > 0
    ? { problem: `Several prefixes are declared: ${declared.prefixes.join(', ')}.` }
    : { bucket, prefix };
}
