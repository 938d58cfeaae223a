import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
  ListTrailsCommand,
  LookupEventsCommand,
  paginateListTrails,
  StartLoggingCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { describe, expect, test } from 'vitest';
import {
  delegatedAdministrator,
  key,
  logDelivery,
  logGroup,
  topic,
  trail,
} from '../../../../src/sandbox/aws/builders.ts';
import { errorOf } from '../core/support.ts';
import { ARCHIVE_BUCKET, MANAGEMENT, MEMBER, ORG_TRAIL, organization, ownBucket } from './support.ts';

describe('an organization trail in a member account', () => {
  test('is listed under the ARN of the management account, in its home region', async () => {
    const { trails, member } = await organization();
    const { Trails } = await trails(member).send(new ListTrailsCommand());
    expect(Trails).toEqual([{ TrailARN: ORG_TRAIL, Name: 'org-trail', HomeRegion: 'us-east-1' }]);
  });

  test('is described in every region, and left out without shadow trails', async () => {
    const { trails, member } = await organization();
    const client = trails(member, 'eu-west-1');
    const { trailList } = await client.send(new DescribeTrailsCommand());
    expect(trailList).toMatchObject([{ TrailARN: ORG_TRAIL, IsOrganizationTrail: true, HomeRegion: 'us-east-1' }]);
    const homed = await client.send(new DescribeTrailsCommand({ includeShadowTrails: false }));
    expect(homed.trailList).toEqual([]);
  });

  test('is read by its ARN, not by its name', async () => {
    const { trails, member } = await organization();
    const client = trails(member);
    expect(await client.send(new GetTrailStatusCommand({ Name: ORG_TRAIL }))).toMatchObject({ IsLogging: true });
    const refused = await errorOf(client.send(new GetTrailStatusCommand({ Name: 'org-trail' })));
    expect(refused).toMatchObject({ name: 'TrailNotFoundException', message: expect.stringContaining(MEMBER) });
  });

  test('cannot be stopped from there', async () => {
    const { trails, member } = await organization();
    const refused = await errorOf(trails(member).send(new StopLoggingCommand({ Name: ORG_TRAIL })));
    expect(refused.name).toBe('NotOrganizationMasterAccountException');
  });

  test('is stopped by a delegated administrator', async () => {
    const { trails, member, estate, orgTrail } = await organization();
    delegatedAdministrator(estate, member);
    await trails(member).send(new StopLoggingCommand({ Name: ORG_TRAIL }));
    expect(orgTrail).toMatchObject({ logging: false, stoppedAt: expect.any(Date) });
  });
});

describe('shadows of a multi-region trail', () => {
  test.each([
    ['its home region by name', 'us-east-1', 'org-trail', undefined],
    ['its home region by ARN', 'us-east-1', ORG_TRAIL, undefined],
    ['another region by ARN', 'eu-west-1', ORG_TRAIL, undefined],
    ['another region by name', 'eu-west-1', 'org-trail', 'TrailNotFoundException'],
    ['the home region by an ARN nobody has', 'us-east-1', `${ORG_TRAIL}x`, 'TrailNotFoundException'],
    ['a foreign account', 'us-east-1', ORG_TRAIL.replace(MANAGEMENT, '999999999999'), 'CloudTrailARNInvalidException'],
    ['an ARN that is none', 'us-east-1', 'arn:aws:s3:::bucket', 'CloudTrailARNInvalidException'],
    ['a name that is none', 'us-east-1', 'a', 'InvalidTrailNameException'],
  ])('status is read in %s', async (_where, region, Name, refusal) => {
    const { trails, management } = await organization();
    const asked = trails(management, region).send(new GetTrailStatusCommand({ Name }));
    if (refusal) expect((await errorOf(asked)).name).toBe(refusal);
    else expect((await asked).IsLogging).toBe(true);
  });

  test('a change from another region is refused', async () => {
    const { trails, management } = await organization();
    for (const Name of [ORG_TRAIL, 'org-trail']) {
      const refused = await errorOf(trails(management, 'eu-west-1').send(new StartLoggingCommand({ Name })));
      expect(refused.name).toBe('InvalidHomeRegionException');
    }
  });

  test('a single-region trail is seen in its home region only, and listed from all', async () => {
    const { trails, member, estate } = await organization();
    const made = trail(estate, member, {
      name: 'local',
      bucket: ARCHIVE_BUCKET,
      homeRegion: 'eu-west-1',
      multiRegion: false,
    });
    const client = trails(member);
    const named = await client.send(new DescribeTrailsCommand({ trailNameList: ['local'] }));
    expect(named.trailList).toEqual([]);
    expect((await errorOf(client.send(new GetTrailStatusCommand({ Name: made.arn })))).name).toBe(
      'TrailNotFoundException',
    );
    const { Trails } = await client.send(new ListTrailsCommand());
    expect(Trails?.map((one) => one.Name)).toEqual(['local', 'org-trail']);
  });
});

test('ListTrails pages', async () => {
  const { trails, member, estate } = await organization();
  for (let index = 0; index < 60; index += 1) trail(estate, member, { name: `trail-${index}`, bucket: ARCHIVE_BUCKET });
  const sizes: number[] = [];
  for await (const page of paginateListTrails({ client: trails(member) }, {})) sizes.push(page.Trails?.length ?? 0);
  expect(sizes).toEqual([25, 25, 11]);
});

test('a trail nobody touched has the default selectors, no insights and its tags', async () => {
  const { trails, management, orgTrail } = await organization();
  orgTrail.tags = { team: 'security' };
  const client = trails(management);
  expect(await client.send(new GetEventSelectorsCommand({ TrailName: 'org-trail' }))).toMatchObject({
    TrailARN: ORG_TRAIL,
    EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [] }],
  });
  expect((await client.send(new GetTrailCommand({ Name: ORG_TRAIL }))).Trail).toMatchObject({
    HasCustomEventSelectors: false,
    LogFileValidationEnabled: true,
    S3BucketName: ARCHIVE_BUCKET,
  });
  const insights = await errorOf(client.send(new GetInsightSelectorsCommand({ TrailName: 'org-trail' })));
  expect(insights.name).toBe('InsightNotEnabledException');
  const { ResourceTagList } = await client.send(new ListTagsCommand({ ResourceIdList: [ORG_TRAIL] }));
  expect(ResourceTagList).toEqual([{ ResourceId: ORG_TRAIL, TagsList: [{ Key: 'team', Value: 'security' }] }]);
});

describe('the status of a trail follows what it depends on', () => {
  async function brokenBy(breakIt: (parts: Awaited<ReturnType<typeof organization>>) => void) {
    const parts = await organization();
    breakIt(parts);
    return parts.trails(parts.management).send(new GetTrailStatusCommand({ Name: ORG_TRAIL }));
  }

  test('all is well', async () => {
    const status = await brokenBy(() => undefined);
    expect(status.LatestDeliveryError).toBeUndefined();
    expect(status.LatestDeliveryTime).toBeInstanceOf(Date);
    expect(status.LatestDigestDeliveryTime).toBeInstanceOf(Date);
  });

  test.each<[string, string, Parameters<typeof brokenBy>[0]]>([
    ['the bucket is gone', 'NoSuchBucket', ({ estate }) => estate.buckets.delete(ARCHIVE_BUCKET)],
    [
      'the bucket has no policy',
      'AccessDenied',
      ({ logs }) => {
        logs.policy = undefined;
      },
    ],
    [
      'the policy knows the account path only',
      'AccessDenied',
      ({ logs }) => {
        for (const statement of logs.policy?.Statement ?? []) {
          if (statement.Action === 's3:PutObject')
            statement.Resource = `arn:aws:s3:::${logs.name}/AWSLogs/${MANAGEMENT}/*`;
        }
      },
    ],
    [
      'the requester pays',
      'AccessDenied',
      ({ logs }) => {
        logs.payer = 'Requester';
      },
    ],
    [
      'the key is gone',
      'KMS.NotFoundException',
      ({ orgTrail }) => {
        orgTrail.kmsKeyId = `arn:aws:kms:us-east-1:${MANAGEMENT}:key/gone`;
      },
    ],
    [
      'the key is disabled',
      'KMS.DisabledException',
      ({ estate, management, orgTrail }) => {
        orgTrail.kmsKeyId = key(estate, management, 'us-east-1', 'k-1', { state: 'Disabled' }).arn;
      },
    ],
    [
      'the key is to be deleted',
      'KMS.KMSInvalidStateException',
      ({ estate, management, orgTrail }) => {
        orgTrail.kmsKeyId = key(estate, management, 'us-east-1', 'k-1', { state: 'PendingDeletion' }).arn;
      },
    ],
    [
      'the key policy forgets CloudTrail',
      'AccessDenied',
      ({ estate, management, orgTrail }) => {
        orgTrail.kmsKeyId = key(estate, management, 'us-east-1', 'k-1').arn;
      },
    ],
    ['someone said so', 'SlowDown', ({ orgTrail }) => orgTrail.deliveryErrors.set('us-east-1', 'SlowDown')],
  ])('%s', async (_what, code, breakIt) => {
    const status = await brokenBy(breakIt);
    expect(status).toMatchObject({ IsLogging: true, LatestDeliveryError: code, LatestDigestDeliveryError: code });
    expect(status.LatestDeliveryTime).toBeUndefined();
  });

  test('the log group and the topic have errors of their own', async () => {
    const healthy = await brokenBy(({ estate, management, orgTrail }) => {
      const group = logGroup(estate, management, 'us-east-1', 'trail');
      Object.assign(orgTrail, logDelivery(management, group), {
        topicArn: topic(estate, management, 'us-east-1', 'trail').arn,
      });
    });
    expect(healthy.LatestCloudWatchLogsDeliveryTime).toBeInstanceOf(Date);
    expect(healthy.LatestNotificationError).toBe('AuthorizationError');
    const broken = await brokenBy(({ orgTrail }) => {
      orgTrail.logGroupArn = `arn:aws:logs:us-east-1:${MANAGEMENT}:log-group:gone:*`;
    });
    expect(broken.LatestCloudWatchLogsDeliveryError).toBe('ResourceNotFoundException');
  });

  test('a quiet region has digests and nothing else', async () => {
    const { trails, management } = await organization();
    const status = await trails(management, 'sa-east-1').send(new GetTrailStatusCommand({ Name: ORG_TRAIL }));
    expect(status.LatestDeliveryTime).toBeUndefined();
    expect(status.LatestDigestDeliveryTime).toBeInstanceOf(Date);
  });

  test('a stopped trail reports no new error', async () => {
    const status = await brokenBy(({ orgTrail, logs }) => {
      orgTrail.logging = false;
      logs.policy = undefined;
    });
    expect(status).toMatchObject({ IsLogging: false });
    expect(status.LatestDeliveryError).toBeUndefined();
  });
});

describe('LookupEvents', () => {
  test('tells what was changed, by whom, newest first, and not what was read', async () => {
    const { trails, member, estate } = await organization();
    ownBucket(estate, member, 'own');
    trail(estate, member, { name: 'own', bucket: 'web-logs' });
    const client = trails(member);
    await client.send(new StopLoggingCommand({ Name: 'own' }));
    await client.send(new StartLoggingCommand({ Name: 'own' }));
    await client.send(new ListTrailsCommand());
    const { Events } = await client.send(new LookupEventsCommand({}));
    expect(Events?.map((event) => event.EventName)).toEqual(['StartLogging', 'StopLogging']);
    expect(Events?.[1]).toMatchObject({
      Username: 'admin',
      ReadOnly: 'false',
      EventSource: 'cloudtrail.amazonaws.com',
    });
    const detail: unknown = JSON.parse(Events?.[1]?.CloudTrailEvent ?? '{}');
    expect(detail).toMatchObject({ requestParameters: { name: 'own' }, userIdentity: { accountId: MEMBER } });
    const stops = await client.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'StopLogging' }],
        StartTime: new Date(Date.now() - 60_000),
        EndTime: new Date(Date.now() + 60_000),
      }),
    );
    expect(stops.Events).toHaveLength(1);
    const page = await client.send(new LookupEventsCommand({ MaxResults: 1 }));
    expect(page.Events).toHaveLength(1);
    expect(page.NextToken).toBeDefined();
  });

  test.each([
    [{ MaxResults: 51 }, 'InvalidMaxResultsException'],
    [{ NextToken: 'forged' }, 'InvalidNextTokenException'],
    [{ StartTime: new Date(2), EndTime: new Date(1) }, 'InvalidTimeRangeException'],
  ])('refuses %o', async (input, code) => {
    const { trails, member } = await organization();
    expect((await errorOf(trails(member).send(new LookupEventsCommand(input)))).name).toBe(code);
  });
});
