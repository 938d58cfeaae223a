import { z } from 'zod';
import { createLogGroup } from '../../src/check/changes/create-log-group.ts';
import { createLogsRole } from '../../src/check/changes/create-logs-role.ts';
import { updateTrail } from '../../src/check/changes/update-trail.ts';
import { defineCheck, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { managementOf } from '../../src/check/management.ts';
import { stoppedNote, trailOf } from '../../src/check/trail.ts';

const settings = z.strictObject({
  data_trails: z.boolean().default(false),
  alternative: z.enum(['none', 'siem', 'eventbridge']).default('none'),
});

export default defineCheck({
  id: 'trail/cloudwatch-logs',
  title: 'The trail sends its events to CloudWatch Logs',
  severity: 'low',
  scope: 'trail',
  rationale: 'Metric filters, alarms and quick searches work on a log group, not on files in S3.',
  pass: 'A trail that records management events has both CloudWatchLogsLogGroupArn and CloudWatchLogsRoleArn.',
  seed: ['aws', 'resmo'],
  needs: ['trail', 'trail.status', 'trail.selectors', 'organization'],
  events: ['CreateTrail', 'UpdateTrail'],
  controls: controlIds({
    'cis_1.4': '3.4',
    security_hub: 'CloudTrail.5',
    'pci_4.0': `
      5.3.4 7.3.3 10.2.1 10.2.1.1 10.2.1.2 10.2.1.3 10.2.1.4 10.2.1.5 10.2.1.6 10.2.1.7 10.2.2 10.3.1 10.4.1.1
      10.6.3 11.3.1.3 11.5.2 11.6.1 12.10.5 A1.2.1 A3.3.1 A3.5.1`,
    nist_800_53_r5: `
      AC-2(4) AC-4(26) AC-6(9) AU-2 AU-3 AU-6(1) AU-6(3) AU-6(4) AU-6(5) AU-7(1) AU-10 AU-12 CA-7 SC-7(9) SI-3(8)
      SI-4(5) SI-4(20) SI-7(8) SI-20`,
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'A1.1 A1.2 CC7.2 CC7.3 PI1.3',
    well_architected: 'REL06-BP01 SEC04-BP01',
    config_rule: 'cloud-trail-cloud-watch-logs-enabled',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Ingestion and storage of every event in CloudWatch Logs.',
    operations: [
      'logs:CreateLogGroup',
      'logs:PutRetentionPolicy',
      'iam:CreateRole',
      'iam:PutRolePolicy',
      'iam:DeleteRolePolicy',
      'iam:DeleteRole',
      'cloudtrail:UpdateTrail',
    ],
  },

  evaluate({ snapshot, subject, settings, estate }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const monitor = settings.alternative === 'none' ? estate.monitor : settings.alternative;
    if (monitor !== 'cloudwatch') {
      return {
        verdict: 'not-applicable',
        evidence: { monitor },
        reason: `The estate is watched by ${monitor} instead.`,
      };
    }
    const selectors = partOf(snapshot['trail.selectors'], subject.arn);
    const management = managementOf({ selectors });
    if (management === 'unknown' && selectors.state !== 'read' && selectors.state !== 'absent') {
      return unknownBecause(selectors, { trail: subject.arn });
    }
    if (management === 'none' && !settings.data_trails) {
      return { verdict: 'not-applicable', reason: 'The trail records data events only.' };
    }
    const { CloudWatchLogsLogGroupArn = null, CloudWatchLogsRoleArn = null } = found.trail;
    const evidence = { CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn };
    const notes = stoppedNote(snapshot, subject.arn);
    if (CloudWatchLogsLogGroupArn !== null && CloudWatchLogsRoleArn !== null)
      return { verdict: 'pass', evidence, notes };
    const reason =
      CloudWatchLogsLogGroupArn === null
        ? 'No log group is set, so nothing can alarm on these events.'
        : 'A log group is set, but no role to write to it.';
    return { verdict: 'fail', evidence, notes, reason };
  },

  plan({ snapshot, subject, finding, estate }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found)
      return { kind: 'blocked', by: 'trail/cloudwatch-logs', reason: found.judgement.reason ?? '' };
    const { trail } = found;
    const organization = snapshot.organization.organization;
    const place = { partition: snapshot.partition, account: trail.owner, region: trail.HomeRegion };
    const name = `trail-check-${finding.id.slice(0, 8)}`;
    // A trail that has a group and lacks the role keeps its group.
    const present = trail.CloudWatchLogsLogGroupArn?.replace(/:\*$/, '');
    const logGroup = present?.split(':')[6] ?? `/aws/cloudtrail/${name}`;
    const group =
      present === undefined ? createLogGroup(place, logGroup, RETENTION_DAYS) : { arn: present, changes: [] };
    const stream = {
      logGroup,
      ...(trail.IsOrganizationTrail && organization?.state === 'read' ? { organization: organization.value.Id } : {}),
    };
    const role = createLogsRole(place, name, stream, estate.boundary);
    return {
      kind: 'changes',
      plan: {
        summary: `Send the events of ${trail.Name} to ${present === undefined ? 'a new log group' : logGroup}.`,
        changes: [
          ...group.changes,
          ...role.changes,
          updateTrail(
            trail,
            { CloudWatchLogsLogGroupArn: `${group.arn}:*`, CloudWatchLogsRoleArn: role.arn },
            {
              summary: `Let ${trail.Name} write to the log group.`,
              undo: `Stop ${trail.Name} writing to the log group; the group and what it holds stay.`,
            },
          ),
        ],
        // A group that was made stays with what it holds.
        ...(present === undefined ? { reversible: 'partly' as const } : {}),
        guards: ['After: events arrive in the log group and no new delivery error shows.'],
        watchDelivery: [trail.TrailARN],
      },
    };
  },
});

/** What log-group/retention asks for by default. */
const RETENTION_DAYS = 365;
