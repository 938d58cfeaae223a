import type { Bucket, Snapshot } from '../snapshot/types.ts';
import { type Judgement, partOf, unknownBecause } from './check.ts';
import type { SubjectOf } from './subject.ts';

/** A bucket whose owner is known. */
export type OwnedBucket = Bucket & { owner: string };

/**
 * The bucket a check was asked about, with an owner in reach; or the judgement that has to stand instead: a bucket that
 * does not exist is the business of bucket/exists, and one whose owner is out of reach is unknown, never fail.
 */
export function bucketOf(
  snapshot: Pick<Snapshot, 'bucket' | 'accounts'>,
  subject: SubjectOf<'bucket'>,
): { bucket: OwnedBucket } | { judgement: Judgement } {
  const part = partOf(snapshot.bucket, subject.name);
  if (part.state === 'absent') {
    return { judgement: { verdict: 'not-applicable', reason: 'The bucket does not exist.', cause: 'bucket/exists' } };
  }
  if (part.state !== 'read') return { judgement: unknownBecause(part, { bucket: subject.name }) };
  const { owner } = part.value;
  if (owner === undefined) {
    return {
      judgement: {
        verdict: 'unknown',
        evidence: { bucket: subject.name, trails: subject.trails },
        reason: 'The bucket belongs to an account outside the estate or out of reach.',
      },
    };
  }
  const account = snapshot.accounts[owner];
  if (account?.status === 'unreachable') {
    return {
      judgement: unknownBecause(
        { state: 'unreachable', account: owner, message: account.reason ?? '' },
        { bucket: subject.name },
      ),
    };
  }
  return { bucket: { ...part.value, owner } };
}

/** Does the bucket encrypt by an S3 Bucket Key? Then CloudTrail must be allowed to decrypt with the key too. */
export function usesBucketKey(snapshot: Pick<Snapshot, 'bucket.encryption'>, name: string): boolean {
  const encryption = snapshot['bucket.encryption'][name];
  return encryption?.state === 'read' && encryption.value.Rules.some((rule) => rule.BucketKeyEnabled === true);
}
