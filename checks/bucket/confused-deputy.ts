import { z } from 'zod';
import { bucketOf } from '../../src/check/bucket.ts';
import { putBucketPolicy } from '../../src/check/changes/put-policy.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { mendable, PIN_NEEDS, pinToTrails } from '../../src/check/pin-to-trails.ts';
import { namesOf } from '../../src/check/service-access.ts';
import { accountOf } from '../../src/check/subject.ts';
import { deniesStrangers, SOURCE_KEYS, type Source, trailSources } from '../../src/check/trail-sources.ts';
import type { Snapshot } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  accept: z
    .array(z.enum(SOURCE_KEYS))
    .min(1)
    .default([...SOURCE_KEYS]),
});

export default defineCheck({
  id: 'bucket/confused-deputy',
  title: 'CloudTrail may write for known trails only',
  severity: 'high',
  scope: 'bucket',
  rationale:
    "Without a source condition a stranger's trail can write into the bucket and mix false logs with true ones.",
  pass: 'Every Allow for cloudtrail.amazonaws.com carries a source condition from accept whose values are trails (or accounts, or the organization) of the estate.',
  seed: [],
  needs: [...PIN_NEEDS],
  events: ['PutBucketPolicy', 'DeleteBucketPolicy', 'CreateTrail', 'UpdateTrail', 'DeleteTrail'],
  controls: controlIds({}),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'disruptive',
    reversible: 'yes',
    first: ['bucket/delivery-policy'],
    operations: ['s3:PutBucketPolicy'],
  },

  evaluate({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const text = partOf(snapshot['bucket.policy'], subject.name);
    if (text.state !== 'read' && text.state !== 'absent') return unknownBecause(text, shared);
    const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
    if (policy !== undefined && isPolicyError(policy)) {
      return { verdict: 'unknown', evidence: shared, reason: policy.problem };
    }
    const sources = policy === undefined ? [] : trailSources(policy, snapshot, settings.accept);
    if (policy === undefined || sources.length === 0) {
      const reason = 'No statement of the bucket policy names CloudTrail.';
      return { verdict: 'not-applicable', evidence: shared, reason, cause: 'bucket/delivery-policy' };
    }
    const evidence = {
      ...shared,
      statements: sources.map(
        ({ index, state, foreign }) => `${namesOf(policy, [index])}: ${[state, ...foreign].join(' ')}`,
      ),
    };
    const readers = sources.filter(({ writes, state }) => !writes && (state === 'open' || state === 'foreign'));
    const notes = [
      ...readers.map(
        ({ index }) => `${namesOf(policy, [index])} asks for no trail of the estate; it only lets CloudTrail read.`,
      ),
      ...gone(sources, snapshot).map((arn) => `${arn} is named and no longer exists.`),
    ];
    const wrong = mendable(sources);
    const [first] = wrong;
    if (first === undefined) {
      const unread = sources.find(({ writes, state }) => writes && state === 'unread')?.because;
      return unread === undefined
        ? { verdict: 'pass', evidence, notes }
        : { ...unknownBecause(unread, evidence), notes };
    }
    const bucketArn = `arn:${snapshot.partition}:s3:::${subject.name}`;
    if (
      deniesStrangers(
        policy,
        bucketArn,
        snapshot.partition,
        wrong.flatMap(({ foreign }) => foreign),
      )
    ) {
      return { verdict: 'pass', evidence, notes: [...notes, 'A Deny keeps out the trails of everybody else.'] };
    }
    const name = namesOf(policy, [first.index]);
    const reason =
      first.state === 'open'
        ? `${name} lets CloudTrail write for anybody's trail.`
        : `${name} lets CloudTrail write for what is outside the estate: ${first.foreign.join(', ')}.`;
    const pinned = pinToTrails(snapshot, subject, settings.accept);
    return { verdict: 'fail', evidence, reason, notes, ...('problem' in pinned ? { fix: 'manual' as const } : {}) };
  },

  plan({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const pinned = pinToTrails(snapshot, subject, settings.accept);
    if ('problem' in pinned) {
      return manual(
        pinned.problem,
        {
          text: 'Find out whose trails deliver here, then read the policy.',
          command: `aws s3api get-bucket-policy --region ${found.bucket.region} --bucket ${subject.name} --query Policy --output text > policy.json`,
        },
        {
          text: 'On every statement that lets cloudtrail.amazonaws.com write, demand by StringEquals an aws:SourceArn that lists each of these trails, with the id of the management account for an organization trail and no wildcard for the account. Change nothing else, and put the whole document back.',
          command: `aws s3api put-bucket-policy --region ${found.bucket.region} --bucket ${subject.name} --expected-bucket-owner ${found.bucket.owner} --policy file://policy.json`,
        },
      );
    }
    const before = partOf(snapshot['bucket.policy'], subject.name);
    return {
      kind: 'changes',
      plan: {
        summary: `Let CloudTrail write to ${subject.name} for known trails only.`,
        changes: [
          putBucketPolicy(found.bucket, snapshot.partition, before, pinned.document, {
            summary: `Pin ${pinned.names} to the trails that deliver here; every other statement stays.`,
            undo: 'Put the saved bucket policy back.',
          }),
        ],
        warnings: [
          `Only these trails deliver here afterwards: ${subject.trails.join(', ')}. A trail that is made later needs its ARN in the policy first.`,
        ],
        guards: [
          'Before: every account that the statements name was read, and has a known trail.',
          'After: delivery of every trail is read again; a new error takes the policy back at once.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});

/** Trails that are named one by one, in accounts whose trails were all read, and that are not there. */
function gone(sources: readonly Source[], snapshot: Pick<Snapshot, 'account.trails' | 'trail'>): string[] {
  const named = sources.flatMap(({ trails }) => trails).filter((arn) => !/[*?$]/.test(arn));
  return [...new Set(named)].filter((arn) => {
    const listing = partOf(snapshot['account.trails'], accountOf(arn));
    return listing.state === 'read' && snapshot.trail[arn] === undefined;
  });
}
