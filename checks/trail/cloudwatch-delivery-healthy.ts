import { z } from 'zod';
import { alarmsOn } from '../../src/check/alarms.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { accountOf, regionOf } from '../../src/check/subject.ts';
import { trailOf } from '../../src/check/trail.ts';
import type { Snapshot } from '../../src/snapshot/types.ts';

const settings = z.strictObject({ max_age_hours: z.number().min(1).default(24) });

const HOUR_MS = 3_600_000;
const MAX_NAMED = 10;

export default defineCheck({
  id: 'trail/cloudwatch-delivery-healthy',
  title: 'Events arrive in CloudWatch Logs',
  severity: 'medium',
  scope: 'trail',
  rationale: 'A deleted group or a tightened role stops the alarms without any other sign.',
  pass: 'LatestCloudWatchLogsDeliveryError is empty, LatestCloudWatchLogsDeliveryTime is at most max_age_hours old, and the log group the trail names exists.',
  seed: ['aws'],
  needs: ['trail', 'trail.status', 'logGroup', 'logGroup.filters', 'alarms'],
  events: [
    'UpdateTrail',
    'DeleteLogGroup',
    'PutRolePolicy',
    'DeleteRolePolicy',
    'DetachRolePolicy',
    'UpdateAssumeRolePolicy',
    'DeleteRole',
  ],
  controls: controlIds({ 'cis_1.4': '3.4', config_rule: 'cloud-trail-cloud-watch-logs-enabled' }),
  settings,
  fix: { class: 'manual', risk: 'safe', reversible: 'yes', first: ['log-group/delivery-role'], operations: [] },

  evaluate({ snapshot, subject, settings: { max_age_hours } }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const logGroup = found.trail.CloudWatchLogsLogGroupArn?.replace(/:\*$/, '');
    if (logGroup === undefined) {
      return { verdict: 'not-applicable', reason: 'No log group is configured.', cause: 'trail/cloudwatch-logs' };
    }
    const status = partOf(snapshot['trail.status'], subject.arn);
    if (status.state === 'absent') return { verdict: 'not-applicable', reason: 'The trail was deleted meanwhile.' };
    if (status.state !== 'read') return unknownBecause(status, { trail: subject.arn });
    if (!status.value.IsLogging) {
      return { verdict: 'not-applicable', reason: 'The trail is stopped.', cause: 'trail/logging' };
    }
    const group = partOf(snapshot.logGroup, logGroup);
    if (group.state === 'absent') {
      const orphans = orphanedAlarms(snapshot, logGroup);
      return {
        verdict: 'fail',
        evidence: { logGroup, exists: false },
        reason: `The log group ${logGroup} no longer exists.`,
        notes: orphans.length === 0 ? [] : [`These alarms may have hung on it and are silent now: ${listed(orphans)}.`],
      };
    }
    // Of the S3 delivery nothing is read here: it may be fresh while nothing reaches the group.
    const { LatestCloudWatchLogsDeliveryError: error = '', LatestCloudWatchLogsDeliveryTime: time } = status.value;
    const evidence = { logGroup, LatestCloudWatchLogsDeliveryTime: time ?? null };
    if (error !== '') {
      return {
        verdict: 'fail',
        evidence: { ...evidence, LatestCloudWatchLogsDeliveryError: error },
        reason: `Delivery to the log group fails with ${error}.`,
      };
    }
    if (time !== undefined && Date.parse(snapshot.takenAt) - Date.parse(time) > max_age_hours * HOUR_MS) {
      return {
        verdict: 'fail',
        evidence,
        reason: `Nothing reached the log group for more than ${max_age_hours} hours.`,
      };
    }
    if (group.state !== 'read') return unknownBecause(group, evidence);
    if (time === undefined) {
      const reason = 'Nothing has reached the log group yet and no error shows: it may have been configured just now.';
      return { verdict: 'unknown', evidence, reason };
    }
    return { verdict: 'pass', evidence };
  },

  plan({ finding, snapshot, subject }) {
    const found = trailOf(snapshot, subject);
    const { logGroup, exists } = finding.evidence;
    const [, , , region = subject.region, , , name = ''] = String(logGroup).split(':');
    const after = {
      text: 'Then look for a CloudWatch delivery newer than the change; the S3 delivery proves nothing here.',
      command: `aws cloudtrail get-trail-status --name ${subject.arn} --region ${subject.region}`,
    };
    if (exists === false) {
      const role = 'trail' in found ? (found.trail.CloudWatchLogsRoleArn ?? 'its role') : 'its role';
      return manual(
        {
          text: `Create the log group ${name} again in account ${accountOf(String(logGroup))}, with a retention; ${role} must be allowed to write to it (log-group/delivery-role).`,
          command: `aws logs create-log-group --log-group-name ${name} --region ${region}`,
          terraform: `resource "aws_cloudwatch_log_group" "cloudtrail" {\n  name              = ${JSON.stringify(name)}\n  retention_in_days = 365\n}`,
        },
        'Metric filters went with the group: put them back, for the alarms on their metrics stay silent without them.',
        after,
      );
    }
    return manual(
      finding.reason ?? 'Nothing reaches the log group.',
      'Mend log-group/delivery-role first: a role that was deleted or tightened is the usual cause.',
      after,
    );
  },
});

/**
 * Alarms in the account and region of a group that is gone which may hang in the air: they watch a metric of the
 * customer's own, which no known filter feeds. AWS deletes the filters of a group together with it, so more cannot be
 * told.
 */
function orphanedAlarms(snapshot: Pick<Snapshot, 'alarms' | 'logGroup.filters'>, logGroup: string): string[] {
  const place = `${accountOf(logGroup)}/${regionOf(logGroup)}`;
  const part = partOf(snapshot.alarms, place);
  const alarms = part.state === 'read' ? part.value : {};
  const fed = Object.entries(snapshot['logGroup.filters']).flatMap(([arn, filters]) =>
    filters.state === 'read' && `${accountOf(arn)}/${regionOf(arn)}` === place ? Object.values(filters.value) : [],
  );
  const known = new Set(fed.flatMap((filter) => alarmsOn(alarms, filter)).map(({ AlarmName }) => AlarmName));
  return Object.values(alarms)
    .filter(({ kind, AlarmName }) => kind === 'metric' && !known.has(AlarmName))
    .filter(({ members: { Namespace } }) => typeof Namespace === 'string' && !Namespace.startsWith('AWS/'))
    .map(({ AlarmName }) => AlarmName)
    .sort();
}

function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  return more <= 0 ? names.join(', ') : `${names.slice(0, MAX_NAMED).join(', ')} and ${more} more`;
}
