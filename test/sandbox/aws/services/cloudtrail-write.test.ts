import {
  AddTagsCommand,
  CreateTrailCommand,
  type CreateTrailCommandInput,
  DeleteTrailCommand,
  GetInsightSelectorsCommand,
  GetTrailCommand,
  ListTagsCommand,
  PutInsightSelectorsCommand,
  RemoveTagsCommand,
  UpdateTrailCommand,
  type UpdateTrailCommandInput,
} from '@aws-sdk/client-cloudtrail';
import { describe, expect, test } from 'vitest';
import {
  allow,
  bucket,
  delegatedAdministrator,
  key,
  keyAlias,
  keyDelivery,
  logDelivery,
  logGroup,
  policy,
  topic,
  trail,
} from '../../../../src/sandbox/aws/builders.ts';
import { errorOf } from '../core/support.ts';
import { ARCHIVE_BUCKET, MANAGEMENT, MEMBER, ORG_TRAIL, organization, ownBucket } from './support.ts';

const OWN_TRAIL = `arn:aws:cloudtrail:us-east-1:${MEMBER}:trail/own`;

/** A member with a trail of its own that delivers to its own bucket. */
async function withOwnTrail() {
  const parts = await organization();
  const logs = ownBucket(parts.estate, parts.member, 'own');
  const own = trail(parts.estate, parts.member, { name: 'own', bucket: logs.name });
  return { ...parts, own, logs, client: parts.trails(parts.member) };
}

describe('CreateTrail', () => {
  test('makes a single-region trail without validation that does not log', async () => {
    const { estate, member, trails } = await organization();
    const logs = ownBucket(estate, member, 'own');
    const client = trails(member);
    const made = await client.send(
      new CreateTrailCommand({ Name: 'own', S3BucketName: logs.name, TagsList: [{ Key: 'team', Value: 'web' }] }),
    );
    expect(made).toMatchObject({ TrailARN: OWN_TRAIL, IsMultiRegionTrail: false, LogFileValidationEnabled: false });
    expect(member.regional.get('us-east-1')?.trails.get('own')).toMatchObject({
      logging: false,
      tags: { team: 'web' },
    });
    const again = await errorOf(client.send(new CreateTrailCommand({ Name: 'own', S3BucketName: logs.name })));
    expect(again.name).toBe('TrailAlreadyExistsException');
    await client.send(new DeleteTrailCommand({ Name: 'own' }));
    expect((await errorOf(client.send(new GetTrailCommand({ Name: 'own' })))).name).toBe('TrailNotFoundException');
  });

  test.each<[string, Partial<CreateTrailCommandInput>, string]>([
    ['a name that is too short', { Name: 'ab' }, 'InvalidTrailNameException'],
    ['a name with two dashes in a row', { Name: 'my--trail' }, 'InvalidTrailNameException'],
    ['a name like an address', { Name: '10.0.0.1' }, 'InvalidTrailNameException'],
    ['a bucket name that is none', { S3BucketName: 'NO' }, 'InvalidS3BucketNameException'],
    ['a bucket that does not exist', { S3BucketName: 'nowhere' }, 'S3BucketDoesNotExistException'],
    ['a bucket that forgot the trail', { S3BucketName: ARCHIVE_BUCKET }, 'InsufficientS3BucketPolicyException'],
    ['a prefix the policy does not allow', { S3KeyPrefix: 'other' }, 'InsufficientS3BucketPolicyException'],
    ['a key nobody has', { KmsKeyId: 'alias/none' }, 'KmsKeyNotFoundException'],
    ['a key id that is none', { KmsKeyId: 'arn:aws:s3:::b' }, 'InvalidKmsKeyIdException'],
    ['a key without a policy for CloudTrail', { KmsKeyId: 'alias/plain' }, 'InsufficientEncryptionPolicyException'],
    [
      'a key in another region than the bucket',
      { KmsKeyId: `arn:aws:kms:eu-west-1:${MEMBER}:key/far` },
      'KmsKeyNotFoundException',
    ],
    ['a disabled key', { KmsKeyId: 'alias/off' }, 'KmsException'],
    ['a topic nobody has', { SnsTopicName: 'none' }, 'InsufficientSnsTopicPolicyException'],
    ['a topic that forgot CloudTrail', { SnsTopicName: 'silent' }, 'InsufficientSnsTopicPolicyException'],
    [
      'a multi-region trail without global events',
      { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false },
      'InvalidParameterCombinationException',
    ],
    ['an organization trail in a member', { IsOrganizationTrail: true }, 'NotOrganizationMasterAccountException'],
  ])('refuses %s', async (_what, change, code) => {
    const { estate, member, trails } = await organization();
    const logs = ownBucket(estate, member, 'own');
    const source = keyDelivery(member, OWN_TRAIL);
    for (const [alias, made] of Object.entries({
      plain: key(estate, member, 'us-east-1', 'plain'),
      off: key(estate, member, 'us-east-1', 'off', { policy: source, state: 'Disabled' }),
    })) {
      keyAlias(member, 'us-east-1', alias, made.id);
    }
    key(estate, member, 'eu-west-1', 'far', { policy: source });
    topic(estate, member, 'us-east-1', 'silent');
    const wanted = { Name: 'own', S3BucketName: logs.name, ...change };
    expect((await errorOf(trails(member).send(new CreateTrailCommand(wanted)))).name).toBe(code);
  });

  test('five trails a region are enough, shadows and the organization trail among them', async () => {
    const { estate, member, trails } = await organization();
    const logs = ownBucket(estate, member, 'own');
    for (let index = 0; index < 4; index += 1) {
      trail(estate, member, { name: `far-${index}`, bucket: logs.name, homeRegion: 'eu-west-1' });
    }
    const refused = await errorOf(
      trails(member).send(new CreateTrailCommand({ Name: 'own', S3BucketName: logs.name })),
    );
    expect(refused.name).toBe('MaximumNumberOfTrailsExceededException');
  });

  test('an organization trail needs an organization with trusted access', async () => {
    const { estate, management, trails } = await organization();
    estate.organization?.trustedAccess.clear();
    const wanted = { Name: 'second', S3BucketName: ARCHIVE_BUCKET, IsOrganizationTrail: true };
    const client = trails(management);
    expect((await errorOf(client.send(new CreateTrailCommand(wanted)))).name).toBe(
      'CloudTrailAccessNotEnabledException',
    );
    management.parentId = undefined;
    expect((await errorOf(client.send(new CreateTrailCommand(wanted)))).name).toBe('OrganizationsNotInUseException');
  });

  test('an organization trail asks dependent permissions of the caller', async () => {
    const { management, trails } = await organization();
    const client = trails(management, 'us-east-1', policy(allow('cloudtrail:*')));
    const refused = await errorOf(
      client.send(new CreateTrailCommand({ Name: 'second', S3BucketName: ARCHIVE_BUCKET, IsOrganizationTrail: true })),
    );
    expect(refused).toMatchObject({ name: 'AccessDeniedException', message: expect.stringContaining('iam:GetRole') });
  });
});

describe('UpdateTrail', () => {
  test('changes what is named and keeps the rest; an empty text clears', async () => {
    const { estate, member, own, client } = await withOwnTrail();
    const made = key(estate, member, 'us-east-1', 'k-1', { policy: keyDelivery(member, OWN_TRAIL) });
    keyAlias(member, 'us-east-1', 'trail', made.id);
    own.validation = false;
    const update = (change: Partial<UpdateTrailCommandInput>) =>
      client.send(new UpdateTrailCommand({ Name: OWN_TRAIL, ...change }));
    expect(await update({ EnableLogFileValidation: true })).toMatchObject({
      LogFileValidationEnabled: true,
      IsMultiRegionTrail: true,
    });
    expect((await update({ KmsKeyId: 'alias/trail' })).KmsKeyId).toBe(made.arn);
    expect((await update({ KmsKeyId: '' })).KmsKeyId).toBeUndefined();
    expect(own).toMatchObject({ kmsKeyId: undefined, validation: true, bucket: 'web-logs' });
  });

  test('checks the bucket policy again, whatever is changed', async () => {
    const { client, logs, own } = await withOwnTrail();
    logs.policy = undefined;
    const refused = await errorOf(client.send(new UpdateTrailCommand({ Name: 'own', EnableLogFileValidation: false })));
    expect(refused.name).toBe('InsufficientS3BucketPolicyException');
    expect(own.validation).toBe(true);
  });

  test('a log group needs its role, which needs a moment to be known', async () => {
    const { estate, member, client, own } = await withOwnTrail();
    const group = logGroup(estate, member, 'us-east-1', 'trail');
    const { logGroupArn = '', logRoleArn = '' } = logDelivery(member, group);
    const role = member.roles.get('CloudTrailToCloudWatchLogs');
    const update = (change: Partial<UpdateTrailCommandInput>) =>
      client.send(new UpdateTrailCommand({ Name: 'own', ...change }));
    const both = { CloudWatchLogsLogGroupArn: logGroupArn, CloudWatchLogsRoleArn: logRoleArn };
    expect((await errorOf(update({ ...both, CloudWatchLogsLogGroupArn: group.arn }))).name).toBe(
      'InvalidCloudWatchLogsLogGroupArnException',
    );
    expect((await errorOf(update({ CloudWatchLogsLogGroupArn: logGroupArn }))).name).toBe(
      'InvalidCloudWatchLogsRoleArnException',
    );
    if (role) role.createdAt = estate.now();
    expect((await errorOf(update(both))).name).toBe('InvalidCloudWatchLogsRoleArnException');
    if (role) role.createdAt = new Date(estate.now().getTime() - 60_000);
    expect(await update(both)).toMatchObject(both);
    role?.inline.clear();
    expect((await errorOf(update({ EnableLogFileValidation: false }))).name).toBe(
      'InvalidCloudWatchLogsRoleArnException',
    );
    await update({ CloudWatchLogsLogGroupArn: '', CloudWatchLogsRoleArn: '' });
    expect(own).toMatchObject({ logGroupArn: undefined, logRoleArn: undefined });
  });

  test('passing the role is a permission of its own', async () => {
    const { estate, member, trails } = await withOwnTrail();
    const { logGroupArn = '', logRoleArn = '' } = logDelivery(member, logGroup(estate, member, 'us-east-1', 'trail'));
    const wanted = { Name: 'own', CloudWatchLogsLogGroupArn: logGroupArn, CloudWatchLogsRoleArn: logRoleArn };
    const narrow = trails(member, 'us-east-1', policy(allow('cloudtrail:UpdateTrail', OWN_TRAIL)));
    expect((await errorOf(narrow.send(new UpdateTrailCommand(wanted)))).message).toContain('iam:PassRole');
    const passing = policy(allow('cloudtrail:UpdateTrail', OWN_TRAIL), {
      ...allow('iam:PassRole', logRoleArn),
      Condition: { StringEquals: { 'iam:PassedToService': 'cloudtrail.amazonaws.com' } },
    });
    expect(await trails(member, 'us-east-1', passing).send(new UpdateTrailCommand(wanted))).toMatchObject(wanted);
  });

  test('a multi-region trail keeps its global events', async () => {
    const { client } = await withOwnTrail();
    const refused = await errorOf(
      client.send(new UpdateTrailCommand({ Name: 'own', IncludeGlobalServiceEvents: false })),
    );
    expect(refused.name).toBe('InvalidParameterCombinationException');
  });

  test('only the management account turns a trail into an organization trail', async () => {
    const { client, estate, member, management, trails, orgTrail } = await withOwnTrail();
    const convert = new UpdateTrailCommand({ Name: 'own', IsOrganizationTrail: true });
    expect((await errorOf(client.send(convert))).name).toBe('NotOrganizationMasterAccountException');
    delegatedAdministrator(estate, member);
    expect((await errorOf(client.send(convert))).name).toBe('NotOrganizationMasterAccountException');
    await trails(management).send(new UpdateTrailCommand({ Name: ORG_TRAIL, IsOrganizationTrail: false }));
    expect(orgTrail.organization).toBe(false);
  });

  test('a change of the bucket is checked against the new one', async () => {
    const { client, estate, archive } = await withOwnTrail();
    bucket(estate, archive, 'unready');
    const refused = await errorOf(client.send(new UpdateTrailCommand({ Name: 'own', S3BucketName: 'unready' })));
    expect(refused).toMatchObject({
      name: 'InsufficientS3BucketPolicyException',
      message: 'Incorrect S3 bucket policy is detected for bucket: unready',
    });
  });
});

test('insights replace one another, and the call rate needs write management events', async () => {
  const { client, own } = await withOwnTrail();
  const put = (...types: ('ApiCallRateInsight' | 'ApiErrorRateInsight')[]) =>
    client.send(
      new PutInsightSelectorsCommand({
        TrailName: 'own',
        InsightSelectors: types.map((InsightType) => ({ InsightType })),
      }),
    );
  await put('ApiCallRateInsight', 'ApiErrorRateInsight');
  await put('ApiErrorRateInsight');
  const { InsightSelectors } = await client.send(new GetInsightSelectorsCommand({ TrailName: 'own' }));
  expect(InsightSelectors).toEqual([{ InsightType: 'ApiErrorRateInsight' }]);
  own.eventSelectors = [{ ReadWriteType: 'ReadOnly', IncludeManagementEvents: true, DataResources: [] }];
  expect((await errorOf(put('ApiCallRateInsight'))).name).toBe('InvalidInsightSelectorsException');
  await put();
  expect((await errorOf(client.send(new GetInsightSelectorsCommand({ TrailName: 'own' })))).name).toBe(
    'InsightNotEnabledException',
  );
});

test('tags are added, overwritten and removed, fifty at most', async () => {
  const { client, own } = await withOwnTrail();
  const tag = (Key: string, Value: string) => ({ Key, Value });
  await client.send(new AddTagsCommand({ ResourceId: OWN_TRAIL, TagsList: [tag('a', '1'), tag('b', '1')] }));
  await client.send(new AddTagsCommand({ ResourceId: OWN_TRAIL, TagsList: [tag('a', '2')] }));
  await client.send(new RemoveTagsCommand({ ResourceId: OWN_TRAIL, TagsList: [{ Key: 'b' }] }));
  const { ResourceTagList } = await client.send(new ListTagsCommand({ ResourceIdList: [OWN_TRAIL] }));
  expect(ResourceTagList?.[0]?.TagsList).toEqual([tag('a', '2')]);
  own.tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, '']));
  const refused = await errorOf(client.send(new AddTagsCommand({ ResourceId: OWN_TRAIL, TagsList: [tag('x', '')] })));
  expect(refused.name).toBe('TagsLimitExceededException');
});

test('the quota of changes is one a second', async () => {
  const { client, estate } = await withOwnTrail();
  estate.knobs.throttling = true;
  const add = () => client.send(new AddTagsCommand({ ResourceId: OWN_TRAIL, TagsList: [{ Key: 'a', Value: '' }] }));
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, add));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => String(outcome.reason));
  expect(refused.length).toBeGreaterThan(0);
  for (const reason of refused) expect(reason).toContain('ThrottlingException');
});

test('an organization trail delivers for the organization, checked when it is changed', async () => {
  const { management, trails, logs } = await organization();
  const update = new UpdateTrailCommand({ Name: ORG_TRAIL, EnableLogFileValidation: true });
  await trails(management).send(update);
  for (const statement of logs.policy?.Statement ?? []) {
    if (statement.Action === 's3:PutObject') statement.Resource = `arn:aws:s3:::${logs.name}/AWSLogs/${MANAGEMENT}/*`;
  }
  expect((await errorOf(trails(management).send(update))).name).toBe('InsufficientS3BucketPolicyException');
});
