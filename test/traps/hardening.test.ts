import { describe, expect, test } from 'vitest';
import { DEMO_WEB_KEY } from '../../src/sandbox/aws/estates/demo.ts';
import { DEMO_ACCOUNTS, DEMO_ARCHIVE_KEY, DEMO_TRAILS, topic } from '../../src/sandbox/aws/index.ts';
import type { Estate, PolicyStatement, Trail } from '../../src/sandbox/aws/types.ts';
import { accountIn, keyIn, trailIn } from '../fixes/estate.ts';
import { type Trap, traps } from './support.ts';

/* Hardening switched off by members that an UpdateTrail sent with their defaults. */

const { web, management } = DEMO_ACCOUNTS;
const { spring } = traps();

/** The trail of web with everything on: digests, key, log group, topic, prefix. */
function hardened(estate: Estate): Trail {
  const trail = trailIn(estate, DEMO_TRAILS.web);
  const alerts = topic(estate, accountIn(estate, web), 'us-east-1', 'deliveries');
  const publish: PolicyStatement = {
    Sid: 'CloudTrail',
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 'SNS:Publish',
    Resource: alerts.arn,
    Condition: { StringEquals: { 'aws:SourceArn': trail.arn } },
  };
  alerts.policy.Statement.push(publish);
  trail.topicArn = alerts.arn;
  return trail;
}

describe('a fix that calls UpdateTrail changes what it is about, and nothing beside it', () => {
  const cases: (Trap & { trail: string; members: (keyof Trail)[]; sends: string[] })[] = [
    {
      check: 'trail/log-file-validation',
      target: web,
      resource: 'web-alarms',
      trail: DEMO_TRAILS.web,
      members: ['validation'],
      sends: ['EnableLogFileValidation', 'Name'],
      change: (estate) => {
        hardened(estate).validation = false;
      },
    },
    {
      check: 'trail/kms-encryption',
      target: web,
      resource: 'web-alarms',
      trail: DEMO_TRAILS.web,
      members: ['kmsKeyId'],
      sends: ['KmsKeyId', 'Name'],
      file: { keys: { 'us-east-1': DEMO_WEB_KEY } },
      change: (estate) => {
        hardened(estate).kmsKeyId = undefined;
      },
    },
    {
      check: 'trail/cloudwatch-logs',
      target: web,
      resource: 'web-alarms',
      trail: DEMO_TRAILS.web,
      members: ['logGroupArn', 'logRoleArn'],
      sends: ['CloudWatchLogsLogGroupArn', 'CloudWatchLogsRoleArn', 'Name'],
      change: (estate) => {
        Object.assign(hardened(estate), { logGroupArn: undefined, logRoleArn: undefined });
      },
    },
    {
      check: 'trail/multi-region',
      target: web,
      resource: web,
      trail: DEMO_TRAILS.web,
      members: ['multiRegion'],
      // AWS takes no multi-region trail without global events; this one had them.
      sends: ['IncludeGlobalServiceEvents', 'IsMultiRegionTrail', 'Name'],
      change: (estate) => {
        hardened(estate).multiRegion = false;
        // Otherwise the organization's trail covers every region.
        trailIn(estate, DEMO_TRAILS.organization).organization = false;
      },
    },
    {
      check: 'trail/log-file-validation',
      target: management,
      resource: 'acme-org-trail',
      trail: DEMO_TRAILS.organization,
      members: ['validation'],
      sends: ['EnableLogFileValidation', 'Name'],
      change: (estate) => {
        const trail = trailIn(estate, DEMO_TRAILS.organization);
        trail.kmsKeyId = DEMO_ARCHIVE_KEY;
        keyIn(estate, DEMO_ARCHIVE_KEY).policy.Statement.push({
          Sid: 'CloudTrail',
          Effect: 'Allow',
          Principal: { Service: 'cloudtrail.amazonaws.com' },
          Action: ['kms:GenerateDataKey*', 'kms:DescribeKey'],
          Resource: '*',
          Condition: { StringEquals: { 'aws:SourceArn': trail.arn } },
        });
      },
    },
  ];

  test.each(cases)('$check on $resource', async ({ trail, members, sends, ...trap }) => {
    let before: Partial<Trail> = {};
    const { estate, writes } = await spring({
      ...trap,
      change: (shaped) => {
        trap.change?.(shaped);
        before = { ...trailIn(shaped, trail) };
      },
    });
    const updates = writes.filter(({ operation }) => operation === 'UpdateTrail');
    expect(updates.map(({ input }) => Object.keys(input).sort())).toEqual([sends]);
    const after = trailIn(estate, trail);
    for (const member of Object.keys(before) as (keyof Trail)[]) {
      if (members.includes(member)) expect({ [member]: after[member] }).not.toEqual({ [member]: before[member] });
      else expect({ [member]: after[member] }).toEqual({ [member]: before[member] });
    }
  });
});
