import { z } from 'zod';
import { defineCheck, type Judgement, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { trailOf } from '../../src/check/trail.ts';
import type { Part, TrailStatus } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  max_age_hours: z.int().min(0).default(24),
  grace_minutes: z.int().min(0).default(60),
  sample_regions: z.enum(['all', 'home']).default('all'),
});

export default defineCheck({
  id: 'trail/delivery-healthy',
  title: 'Log files arrive in the bucket',
  severity: 'high',
  scope: 'trail',
  rationale: 'A trail that cannot write is configured, green and useless.',
  pass: 'In every region sampled GetTrailStatus reports no LatestDeliveryError, and the latest delivery of a log or a digest is at most max_age_hours old.',
  seed: [],
  needs: ['trail', 'trail.status', 'trail.regionalStatus'],
  events: [
    'UpdateTrail',
    'PutBucketPolicy',
    'DeleteBucketPolicy',
    'DeleteBucket',
    'PutKeyPolicy',
    'DisableKey',
    'ScheduleKeyDeletion',
  ],
  controls: controlIds({}),
  settings,
  fix: {
    class: 'manual',
    risk: 'safe',
    reversible: 'yes',
    first: ['bucket/exists', 'bucket/delivery-policy', 'key/usable', 'key/delivery-policy'],
    operations: [],
  },

  evaluate({ snapshot, subject, settings }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { trail } = found;
    const home = partOf(snapshot['trail.status'], subject.arn);
    if (home.state === 'absent') return { verdict: 'not-applicable', reason: 'The trail was deleted meanwhile.' };
    if (home.state !== 'read') return unknownBecause(home, { trail: subject.arn });
    if (!home.value.IsLogging) {
      return { verdict: 'not-applicable', reason: 'The trail is stopped.', cause: 'trail/logging' };
    }
    const elsewhere = settings.sample_regions === 'all' ? snapshot['trail.regionalStatus'][subject.arn] : undefined;
    const sampled = Object.entries({ ...elsewhere, [trail.HomeRegion]: home });
    const closed = sampled.filter(([region, part]) => region !== trail.HomeRegion && isClosed(part)).map(([it]) => it);
    const regions = sampled.filter(([region]) => !closed.includes(region));
    const failing = regions.flatMap(([region, part]) => {
      const error = part.state === 'read' ? part.value.LatestDeliveryError : undefined;
      return error === undefined || error === '' ? [] : [{ region, error }];
    });
    const [first] = failing;
    if (first !== undefined) {
      const cause = causeOf(first.error);
      return {
        verdict: 'fail',
        evidence: { errors: failing },
        reason: `Delivery from ${first.region} fails with ${first.error}.`,
        notes: [`${cause} is where to mend it; CloudTrail retries what it could not deliver.`],
      };
    }
    const unreadable = regions.find(([, part]) => part.state !== 'read' && part.state !== 'absent');
    if (unreadable !== undefined && unreadable[1].state !== 'read' && unreadable[1].state !== 'absent') {
      return unknownBecause(unreadable[1], { region: unreadable[0] });
    }
    const judgement = fresh(home, snapshot.takenAt, settings);
    return closed.length === 0
      ? judgement
      : { ...judgement, notes: [`Not sampled, closed by a service control policy: ${closed.sort().join(', ')}.`] };
  },

  plan({ finding }) {
    const errors = Array.isArray(finding.evidence.errors) ? finding.evidence.errors : [];
    const causes = errors.map((entry) =>
      typeof entry === 'object' && entry !== null && 'error' in entry
        ? causeOf(String(entry.error))
        : 'bucket/delivery-policy',
    );
    return manual(
      finding.reason ?? 'Nothing arrives in the bucket.',
      `Mend ${[...new Set(causes.length === 0 ? ['bucket/delivery-policy', 'key/delivery-policy'] : causes)].join(' and ')} first.`,
      'Never point the trail at another bucket to make the error go away.',
    );
  },
});

const HOUR_MS = 3_600_000;

/** A region that a service control policy closes has nothing to deliver. */
function isClosed(part: Part<TrailStatus>): boolean {
  return part.state === 'denied' && part.scp;
}

/**
 * Freshness is judged in the home region, where reading the trail makes events by itself; elsewhere quiet and broken
 * look the same. It also finds what CloudTrail itself fails to do, for that sets no error.
 */
function fresh(
  home: Part<TrailStatus> & { state: 'read' },
  takenAt: string,
  { max_age_hours, grace_minutes }: { max_age_hours: number; grace_minutes: number },
): Judgement {
  const { LatestDeliveryTime = null, LatestDigestDeliveryTime = null, StartLoggingTime = null } = home.value;
  const now = Date.parse(takenAt);
  const evidence = { LatestDeliveryTime, LatestDigestDeliveryTime };
  const latest = Math.max(
    ...[LatestDeliveryTime, LatestDigestDeliveryTime].map((time) => (time === null ? 0 : Date.parse(time))),
  );
  if (latest > 0 && now - latest <= max_age_hours * HOUR_MS) return { verdict: 'pass', evidence };
  const started = StartLoggingTime === null ? undefined : Date.parse(StartLoggingTime);
  if (latest === 0 && started !== undefined && now - started < grace_minutes * 60_000) {
    return {
      verdict: 'unknown',
      evidence: { StartLoggingTime },
      reason: 'The trail is too young to have delivered anything.',
    };
  }
  return {
    verdict: 'fail',
    evidence,
    reason:
      latest === 0 ? 'Nothing was ever delivered.' : `Nothing was delivered for more than ${max_age_hours} hours.`,
  };
}

/** Which check owns the cause of an error code of CloudTrail. */
function causeOf(error: string): string {
  if (error.includes('NoSuchBucket')) return 'bucket/exists';
  if (error.startsWith('KMS')) return 'key/usable or key/delivery-policy';
  return 'bucket/delivery-policy';
}
