import { z } from 'zod';
import { defineCheck, type Judgement, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { checkBehind } from '../../src/check/delivery-error.ts';
import { type SampledStatus, sampledStatus } from '../../src/check/sampled-status.ts';
import { trailOf } from '../../src/check/trail.ts';

const settings = z.strictObject({
  max_age_hours: z.number().min(1).default(3),
  sample_regions: z.enum(['all', 'home']).default('all'),
});

const HOUR_MS = 3_600_000;
/** A digest comes every hour and takes a while: with an error beside it, one older than this was the last that worked. */
const OVERDUE_HOURS = 2;

export default defineCheck({
  id: 'trail/digest-delivery-healthy',
  title: 'Digest files arrive',
  severity: 'medium',
  scope: 'trail',
  rationale: 'Digests come every hour even when nothing happened, so a missing one is a real signal.',
  pass: 'With validation on and the trail logging, LatestDigestDeliveryError is empty and LatestDigestDeliveryTime is at most max_age_hours old in every region sampled.',
  seed: ['aws'],
  needs: ['trail', 'trail.status', 'trail.regionalStatus'],
  events: ['UpdateTrail', 'PutBucketPolicy', 'DeleteBucketPolicy', 'PutKeyPolicy', 'DisableKey'],
  controls: {},
  settings,
  fix: {
    class: 'manual',
    risk: 'safe',
    reversible: 'yes',
    first: ['bucket/delivery-policy', 'key/delivery-policy'],
    operations: [],
  },

  evaluate({ snapshot, subject, settings: { max_age_hours, sample_regions } }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { trail } = found;
    if (!trail.LogFileValidationEnabled) {
      return { verdict: 'not-applicable', reason: 'Log file validation is off.', cause: 'trail/log-file-validation' };
    }
    const home = partOf(snapshot['trail.status'], subject.arn);
    if (home.state === 'absent') return { verdict: 'not-applicable', reason: 'The trail was deleted meanwhile.' };
    if (home.state !== 'read') return unknownBecause(home, { trail: subject.arn });
    if (!home.value.IsLogging) {
      return { verdict: 'not-applicable', reason: 'The trail is stopped.', cause: 'trail/logging' };
    }
    const sampled = sampledStatus(snapshot, trail, home, sample_regions === 'all');
    const notes =
      sampled.closed.length === 0
        ? []
        : [`Not sampled, closed by a service control policy: ${sampled.closed.join(', ')}.`];
    const judgement = judge(sampled, Date.parse(snapshot.takenAt), max_age_hours, home.value.StartLoggingTime);
    return { ...judgement, notes: [...(judgement.notes ?? []), ...notes] };
  },

  plan({ finding, subject }) {
    const missing = Array.isArray(finding.evidence.missing) ? finding.evidence.missing : [];
    const errors = missing.flatMap((one) =>
      typeof one === 'object' && one !== null && 'error' in one && typeof one.error === 'string' ? [one.error] : [],
    );
    const behind = errors.length === 0 ? ['bucket/delivery-policy', 'key/delivery-policy'] : errors.map(checkBehind);
    return manual(
      finding.reason ?? 'Digest files do not arrive.',
      `Mend ${[...new Set(behind)].join(' and ')} first; the plans of those checks are offered where they fail.`,
      {
        text: 'Then look whether a digest younger than an hour has arrived. Never create the trail again: its chain of digests would end.',
        command: `aws cloudtrail get-trail-status --name ${subject.arn} --region ${subject.region}`,
      },
    );
  },
});

function judge(sampled: SampledStatus, now: number, maxAgeHours: number, started: string | undefined): Judgement {
  const seen = sampled.regions.map(({ region, status }) => {
    const { LatestDigestDeliveryTime: time, LatestDigestDeliveryError: error = '', LatestDeliveryError = '' } = status;
    const age = time === undefined ? Number.POSITIVE_INFINITY : (now - Date.parse(time)) / HOUR_MS;
    return { region, time, error, age, logsArrive: LatestDeliveryError === '' };
  });
  const late = seen.filter(
    ({ error, age }) => age > (error === '' ? maxAgeHours : Math.min(OVERDUE_HOURS, maxAgeHours)),
  );
  const none = seen.every(({ time, error }) => time === undefined && error === '');
  const [unreadable] = sampled.unreadable;
  if (none) {
    if (unreadable !== undefined) return unknownBecause(unreadable.part, { region: unreadable.region });
    const young = started !== undefined && now - Date.parse(started) < OVERDUE_HOURS * HOUR_MS;
    // When validation was turned on is not told. A digest that cannot be written leaves an error.
    const reason = young
      ? 'The trail is too young to have delivered a digest.'
      : 'No digest has come yet and no error shows: validation may have been turned on in the last two hours.';
    return { verdict: 'unknown', evidence: { StartLoggingTime: started ?? null }, reason };
  }
  const worst = late.find(({ error }) => error !== '') ?? late[0];
  if (worst !== undefined) {
    const missing = late.map(({ region, time = null, error }) => ({
      region,
      LatestDigestDeliveryTime: time,
      ...(error === '' ? {} : { error }),
    }));
    const { region, error, time, logsArrive } = worst;
    const what = time === undefined ? 'no digest ever arrived' : `no digest arrived since ${time}`;
    const notes = error === '' ? [] : [`${checkBehind(error)} is where to mend it.`];
    if (error === 'AccessDenied' && logsArrive) {
      notes.push('Log files do arrive: look for a statement that demands KMS headers, which digests may come without.');
    }
    const why = error === '' ? '' : `: ${error}`;
    return { verdict: 'fail', evidence: { missing }, reason: `From ${region} ${what}${why}.`, notes };
  }
  if (unreadable !== undefined) return unknownBecause(unreadable.part, { region: unreadable.region });
  const evidence = Object.fromEntries(seen.map(({ region, time = null }) => [region, time]));
  const old = seen.filter(({ error }) => error !== '');
  return {
    verdict: 'pass',
    evidence: { LatestDigestDeliveryTime: evidence },
    notes: old.map(({ region, error }) => `${region} shows ${error} from before; digests have arrived since.`),
  };
}
