import { z } from 'zod';
import { defineCheck, partOf, unknownBecause } from '../../src/check/check.ts';
import { COVERAGE_NEEDS } from '../../src/check/coverage.ts';
import { coveredMeanwhile } from '../../src/check/meanwhile.ts';
import { trailOf } from '../../src/check/trail.ts';

const DAY_MS = 86_400_000;

export default defineCheck({
  id: 'trail/no-recent-gap',
  title: 'Logging was not interrupted lately',
  severity: 'medium',
  scope: 'trail',
  rationale: 'Stopping a trail for an hour and starting it again leaves a configuration that looks perfect.',
  pass: 'No stop of logging (StopLoggingTime) lies within the last lookback_days, or another logging trail covered the same accounts during it.',
  seed: [],
  needs: [...COVERAGE_NEEDS],
  events: ['StopLogging', 'StartLogging'],
  controls: {},
  settings: z.strictObject({ lookback_days: z.int().min(1).default(30) }),
  fix: { class: 'none', risk: 'safe', reversible: 'no', operations: [] },

  evaluate({ snapshot, subject, settings: { lookback_days } }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { trail } = found;
    const status = partOf(snapshot['trail.status'], subject.arn);
    if (status.state === 'absent') return { verdict: 'not-applicable', reason: 'The trail was deleted meanwhile.' };
    if (status.state !== 'read') return unknownBecause(status, { trail: subject.arn });
    const { IsLogging, StopLoggingTime, StartLoggingTime = null } = status.value;
    if (!IsLogging) return { verdict: 'not-applicable', reason: 'The trail is stopped.', cause: 'trail/logging' };
    if (StopLoggingTime === undefined) return { verdict: 'pass', evidence: { StopLoggingTime: null } };
    const evidence = { StopLoggingTime, StartLoggingTime };
    const stopped = Date.parse(StopLoggingTime);
    const started = StartLoggingTime === null ? Number.NaN : Date.parse(StartLoggingTime);
    const restarted = started >= stopped;
    const since = Date.parse(snapshot.takenAt) - lookback_days * DAY_MS;
    // An old stop that was ended only lately left a hole in the days looked at all the same.
    if (stopped < since && !(restarted && started > since)) return { verdict: 'pass', evidence };
    if (!restarted) {
      return {
        verdict: 'unknown',
        evidence,
        reason: `Logging stopped at ${StopLoggingTime}; when it went on is not told.`,
      };
    }
    const meanwhile = coveredMeanwhile(snapshot, trail, stopped);
    if (meanwhile.by !== undefined) {
      const note = `${meanwhile.by} recorded the same events meanwhile.`;
      return { verdict: 'pass', evidence: { ...evidence, coveredBy: meanwhile.by }, notes: [note] };
    }
    if (meanwhile.doubt !== undefined) return meanwhile.doubt;
    const organization = partOf(snapshot.organization, 'organization');
    const concerned =
      trail.IsOrganizationTrail && organization.state === 'read'
        ? { organization: organization.value.Id }
        : { accounts: [trail.owner] };
    const whom = trail.IsOrganizationTrail ? 'all accounts of the organization' : `account ${trail.owner}`;
    const history = (event: string) =>
      `aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=${event} --region ${trail.HomeRegion}`;
    return {
      verdict: 'fail',
      evidence: { ...evidence, ...concerned },
      reason: `Nothing was recorded of ${whom} by this trail from ${StopLoggingTime} to ${String(StartLoggingTime)}.`,
      notes: [
        `Who stopped it: ${history('StopLogging')}`,
        `Who started it: ${history('StartLogging')}`,
        `The hole cannot be filled; the event history of account ${trail.owner} holds its management events for 90 days. Once explained, it can be exempted.`,
      ],
    };
  },
});
