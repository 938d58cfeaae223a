import { z } from 'zod';
import { bucketOf } from '../../src/check/bucket.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import type { PolicyDocument } from '../../src/check/evaluators/policy/types.ts';
import { writers } from '../../src/check/evaluators/policy/writers.ts';
import { isLegacyPrincipal } from '../../src/check/legacy-principals.ts';
import { namesOf } from '../../src/check/service-access.ts';

const settings = z.strictObject({
  writers: z.array(z.string()).default(['cloudtrail.amazonaws.com', 'config.amazonaws.com']),
});

export default defineCheck({
  id: 'bucket/dedicated',
  title: 'The bucket holds audit logs and nothing else',
  severity: 'low',
  scope: 'bucket',
  rationale: 'Strict rules are only possible on a bucket nobody needs for anything else.',
  pass: 'By its policy only the services in writers may write objects, and it is not a website.',
  seed: ['aws'],
  needs: ['bucket', 'bucket.policy', 'bucket.website'],
  events: ['PutBucketPolicy', 'DeleteBucketPolicy', 'CreateTrail', 'UpdateTrail', 'PutBucketWebsite'],
  controls: controlIds({}),
  settings,
  fix: { class: 'manual', risk: 'disruptive', reversible: 'yes', operations: [] },

  evaluate({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const text = partOf(snapshot['bucket.policy'], subject.name);
    if (text.state !== 'read' && text.state !== 'absent') return unknownBecause(text, shared);
    const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
    if (policy !== undefined && isPolicyError(policy))
      return { verdict: 'unknown', evidence: shared, reason: policy.problem };
    const arn = `arn:${snapshot.partition}:s3:::${subject.name}`;
    const others = policy === undefined ? [] : otherWriters(policy, arn, settings.writers);
    const website = partOf(snapshot['bucket.website'], subject.name);
    const evidence = { ...shared, otherWriters: others, Website: website.state === 'read' };
    if (others.length > 0) {
      return { verdict: 'fail', evidence, reason: `Others may write here too: ${others.join('; ')}.` };
    }
    if (website.state === 'read') return { verdict: 'fail', evidence, reason: 'The bucket is a website.' };
    return website.state === 'absent' ? { verdict: 'pass', evidence } : unknownBecause(website, evidence);
  },

  plan({ subject, finding }) {
    return manual(
      finding.reason ?? 'The bucket holds more than audit logs.',
      'Ask the owner of each other writer, and give it a bucket of its own. Remove nobody unasked.',
      {
        text: 'When nothing has been written by it for a while, narrow the policy to what CloudTrail and Config need.',
        command: `aws s3api get-bucket-policy --bucket ${subject.name} --query Policy --output text`,
      },
    );
  },
});

/** Who else may write, with the statement that allows it. CloudTrail's old accounts are CloudTrail. */
function otherWriters(policy: PolicyDocument, bucketArn: string, expected: readonly string[]): string[] {
  return writers(policy, bucketArn).flatMap(({ kind, principal, index }) => {
    if (expected.includes(principal)) return [];
    if (kind === 'AWS' && isLegacyPrincipal({ kind, id: principal })) return [];
    const who = kind === 'everyone' ? 'everybody' : kind === 'everyone-but' ? `everybody but ${principal}` : principal;
    return [`${who} (${namesOf(policy, [index])})`];
  });
}
