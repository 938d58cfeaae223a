import { z } from 'zod';
import { setLogGroup } from '../../src/check/changes/set-log-group.ts';
import { defineCheck, manual } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { logGroupOf } from '../../src/check/log-group.ts';

/**
 * Days that PutRetentionPolicy takes.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const OFFERED = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const settings = z.strictObject({
  retention_days: z.int().min(1).max(3653).default(365),
  accept_never: z.boolean().default(true),
});

export default defineCheck({
  id: 'log-group/retention',
  title: "The trail's log group keeps events long enough",
  severity: 'medium',
  scope: 'log-group',
  rationale: 'Alarms need minutes, investigations need months.',
  pass: 'The retention of the group is at least retention_days; a group that never expires passes while accept_never is true.',
  seed: [],
  needs: ['trail', 'logGroup'],
  events: ['PutRetentionPolicy', 'DeleteRetentionPolicy', 'CreateLogGroup', 'UpdateTrail'],
  controls: controlIds({
    security_hub: 'CloudWatch.16',
    'pci_4.0': '3.2.1 3.3.1.1 3.3.1.3 3.3.2 3.3.3 5.3.4 10.5.1',
    nist_800_53_r5: 'AU-6(3) AU-6(4) AU-10 AU-11 CA-7 SI-12',
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'C1.2 CC7.2 CC7.3',
    well_architected: 'SEC03-BP06',
    config_rule: 'cw-loggroup-retention-period-check',
  }),
  settings,
  fix: {
    class: 'auto',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Storage of the longer period.',
    operations: ['logs:PutRetentionPolicy'],
  },

  evaluate({ snapshot, subject, settings: { retention_days: wanted, accept_never } }) {
    const found = logGroupOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { retentionInDays: kept } = found.group;
    const evidence = { retentionInDays: kept ?? null, retention_days: wanted, trails: subject.trails };
    if (kept === undefined) {
      if (accept_never) return { verdict: 'pass', evidence };
      // Any number of days is less than for ever, so no call may be made here.
      const reason = 'The log group never expires, which the settings do not accept.';
      return { verdict: 'fail', evidence, reason, fix: 'manual' };
    }
    if (kept >= wanted) return { verdict: 'pass', evidence };
    return { verdict: 'fail', evidence, reason: `Events are kept for ${kept} days; ${wanted} are asked for.` };
  },

  plan({ snapshot, subject, settings: { retention_days: wanted } }) {
    const found = logGroupOf(snapshot, subject);
    if ('judgement' in found) {
      return { kind: 'blocked', by: 'log-group/retention', reason: found.judgement.reason ?? '' };
    }
    const { logGroupName, retentionInDays: kept } = found.group;
    const days = OFFERED.find((offered) => offered >= wanted) ?? OFFERED[OFFERED.length - 1] ?? wanted;
    if (kept === undefined || kept >= days) {
      return manual(
        'Giving this log group an end deletes every older event at once, so it is left to you.',
        {
          text: `Export what is needed for longer, then let events end after ${days} days.`,
          command: `aws logs put-retention-policy --log-group-name ${logGroupName} --retention-in-days ${days} --region ${subject.region}`,
          terraform: `# in resource "aws_cloudwatch_log_group" of ${logGroupName}\nretention_in_days = ${days}`,
        },
        'Or accept groups that never expire: set accept_never to true.',
      );
    }
    const operation = 'logs:PutRetentionPolicy';
    return {
      kind: 'changes',
      plan: {
        summary: `Keep the events of ${logGroupName} for ${days} days.`,
        changes: [
          setLogGroup(
            subject,
            {
              operation,
              input: { logGroupName, retentionInDays: days },
              summary: `Keep events for ${days} days instead of ${kept}.`,
            },
            { member: 'retentionInDays', before: kept, after: days },
            {
              operation,
              input: { logGroupName, retentionInDays: kept },
              summary: `Keep events for ${kept} days again: everything older is deleted for good.`,
              automatic: false,
            },
          ),
        ],
        warnings: [`Taking this back later deletes every event older than ${kept} days.`],
        guards: ['Before: the planned retention is longer than the present one.', 'After: DescribeLogGroups shows it.'],
      },
    };
  },
});
