import {
  ConfigServiceClient,
  DeleteConfigurationRecorderCommand,
  DeleteDeliveryChannelCommand,
  DescribeConfigurationRecorderStatusCommand,
  DescribeConfigurationRecordersCommand,
  DescribeDeliveryChannelsCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  type RecordingGroup,
  StartConfigurationRecorderCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { expect, test } from 'vitest';
import {
  accessKey,
  allow,
  bucket,
  configDeliveryStatements,
  deliveryChannel,
  policy,
  recorder,
  role,
  serviceLinkedRole,
  trust,
  user,
} from '../../../../src/sandbox/aws/builders.ts';
import { errorOf, MANAGEMENT, smallEstate } from './support.ts';

const roleARN = `arn:aws:iam::${MANAGEMENT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`;
const ConfigurationRecorderName = 'default';
const put = (recordingGroup?: RecordingGroup, roleArn = roleARN, name = 'default') =>
  new PutConfigurationRecorderCommand({ ConfigurationRecorder: { name, roleARN: roleArn, recordingGroup } });
const deliver = (s3BucketName: string, s3KeyPrefix?: string) =>
  new PutDeliveryChannelCommand({ DeliveryChannel: { name: 'default', s3BucketName, s3KeyPrefix } });

async function fresh(region = 'us-east-1') {
  const small = await smallEstate();
  serviceLinkedRole(small.management, 'config.amazonaws.com', 'AWSServiceRoleForConfig');
  const made = bucket(small.estate, small.management, 'config-logs');
  made.policy = policy(...configDeliveryStatements(made, [MANAGEMENT]));
  return { ...small, config: new ConfigServiceClient(small.as(small.admin, region)) };
}

test('a recorder, its channel and its start, in this order and back', async () => {
  const { config } = await fresh('eu-west-1');
  const start = new StartConfigurationRecorderCommand({ ConfigurationRecorderName });
  expect((await errorOf(config.send(start))).name).toBe('NoSuchConfigurationRecorderException');
  expect((await errorOf(config.send(deliver('config-logs')))).name).toBe('NoAvailableConfigurationRecorderException');
  await config.send(put({ allSupported: true, includeGlobalResourceTypes: true }));
  expect((await errorOf(config.send(start))).name).toBe('NoAvailableDeliveryChannelException');
  await config.send(deliver('config-logs'));
  await config.send(start);
  const { ConfigurationRecorders } = await config.send(new DescribeConfigurationRecordersCommand());
  expect(ConfigurationRecorders).toEqual([
    expect.objectContaining({
      name: 'default',
      roleARN,
      recordingGroup: expect.objectContaining({ allSupported: true, includeGlobalResourceTypes: true }),
      recordingMode: { recordingFrequency: 'CONTINUOUS', recordingModeOverrides: [] },
    }),
  ]);
  const status = await config.send(new DescribeConfigurationRecorderStatusCommand());
  expect(status.ConfigurationRecordersStatus?.[0]).toMatchObject({ recording: true, lastStatus: 'Pending' });
  const { DeliveryChannels } = await config.send(new DescribeDeliveryChannelsCommand());
  expect(DeliveryChannels).toEqual([{ name: 'default', s3BucketName: 'config-logs' }]);
  const remove = new DeleteDeliveryChannelCommand({ DeliveryChannelName: 'default' });
  expect((await errorOf(config.send(remove))).name).toBe('LastDeliveryChannelDeleteFailedException');
  await config.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName }));
  await config.send(remove);
  await config.send(new DeleteConfigurationRecorderCommand({ ConfigurationRecorderName }));
  expect((await config.send(new DescribeConfigurationRecordersCommand())).ConfigurationRecorders).toEqual([]);
  expect((await errorOf(config.send(remove))).name).toBe('NoSuchDeliveryChannelException');
});

test.each([
  ['everything and a list', { allSupported: true, resourceTypes: ['AWS::EC2::Instance'] }],
  ['nothing', { allSupported: false }],
  ['global types without all types', { includeGlobalResourceTypes: true, resourceTypes: ['AWS::EC2::Instance'] }],
] satisfies [string, RecordingGroup][])('a group of %s is refused', async (_what, group) => {
  const { config } = await fresh();
  expect((await errorOf(config.send(put(group)))).name).toBe('InvalidRecordingGroupException');
});

test('exclusions are kept with their strategy', async () => {
  const { config } = await fresh();
  const exclusionByResourceTypes = { resourceTypes: ['AWS::IAM::User' as const] };
  await config.send(put({ exclusionByResourceTypes, recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' } }));
  const { ConfigurationRecorders } = await config.send(new DescribeConfigurationRecordersCommand());
  expect(ConfigurationRecorders?.[0]?.recordingGroup).toMatchObject({ allSupported: false, exclusionByResourceTypes });
});

test('a recorder is one of its kind, and its role one that AWS Config can enter', async () => {
  const { config, management } = await fresh();
  role(management, 'other', { trust: trust(`arn:aws:iam::${MANAGEMENT}:root`) });
  for (const name of ['missing', 'other']) {
    const refused = await errorOf(config.send(put(undefined, `arn:aws:iam::${MANAGEMENT}:role/${name}`)));
    expect(refused.name).toBe('InvalidRoleException');
  }
  await config.send(put());
  expect((await errorOf(config.send(put(undefined, roleARN, 'second')))).name).toBe(
    'MaxNumberOfConfigurationRecordersExceededException',
  );
});

test('the bucket must be there and let AWS Config write, under the prefix too', async () => {
  const { config, estate, management } = await fresh();
  recorder(management, 'us-east-1');
  bucket(estate, management, 'closed');
  expect((await errorOf(config.send(deliver('not-there')))).name).toBe('NoSuchBucketException');
  expect((await errorOf(config.send(deliver('closed')))).name).toBe('InsufficientDeliveryPolicyException');
  expect((await errorOf(config.send(deliver('config-logs', 'team')))).name).toBe('InsufficientDeliveryPolicyException');
  await config.send(deliver('config-logs'));
});

test("the recorder's own role will do for a bucket of its account", async () => {
  const { config, estate, management } = await fresh();
  bucket(estate, management, 'closed');
  role(management, 'recorder', {
    trust: policy({ Effect: 'Allow', Principal: { Service: 'config.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    inline: { deliver: policy(allow(['s3:PutObject', 's3:GetBucketAcl'])) },
  });
  await config.send(put(undefined, `arn:aws:iam::${MANAGEMENT}:role/recorder`));
  await config.send(deliver('closed'));
});

test('the recorder of a service is not the customer’s', async () => {
  const { config, management } = await fresh();
  const name = 'AWSConfigurationRecorderForSecurityHub';
  recorder(management, 'us-east-1', { name, servicePrincipal: 'securityhub.amazonaws.com' });
  deliveryChannel(management, 'us-east-1', 'config-logs');
  expect((await config.send(new DescribeConfigurationRecordersCommand())).ConfigurationRecorders).toEqual([]);
  const named = new DescribeConfigurationRecordersCommand({ ServicePrincipal: 'securityhub.amazonaws.com' });
  expect((await config.send(named)).ConfigurationRecorders?.[0]?.servicePrincipal).toBe('securityhub.amazonaws.com');
  const stop = new StopConfigurationRecorderCommand({ ConfigurationRecorderName: name });
  expect((await errorOf(config.send(stop))).name).toBe('UnmodifiableEntityException');
});

test('to put a recorder is to hand it a role', async () => {
  const { as, estate, management } = await fresh();
  const holder = user(management, 'limited', { inline: { put: policy(allow('config:*')) } });
  const config = new ConfigServiceClient(as(accessKey(estate, management, holder)));
  expect((await errorOf(config.send(put()))).message).toContain('iam:PassRole');
  const passing = { StringEquals: { 'iam:PassedToService': 'config.amazonaws.com' } };
  holder.inline.set('pass', policy({ ...allow('iam:PassRole', roleARN), Condition: passing }));
  await config.send(put());
});
