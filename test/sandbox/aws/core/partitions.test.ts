import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ConfigServiceClient, DescribeConfigurationRecordersCommand } from '@aws-sdk/client-config-service';
import { GetAccountAuthorizationDetailsCommand, IAMClient } from '@aws-sdk/client-iam';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import {
  accessKey,
  addAccount,
  addOrganization,
  allow,
  bucket,
  closeRegions,
  deliveryStatements,
  disableRegion,
  emptyEstate,
  enableRegion,
  key,
  keyDelivery,
  logDelivery,
  logGroup,
  policy,
  recorder,
  securityHub,
  serviceControlPolicy,
  trail,
  user,
} from '../../../../src/sandbox/aws/builders.ts';
import type { PartitionName } from '../../../../src/sandbox/aws/partitions.ts';
import { clientConfig, errorOf, MANAGEMENT, MEMBER, serve, smallEstate } from './support.ts';

async function estateIn(partition: PartitionName, home: string) {
  const estate = emptyEstate(() => new Date(), partition);
  addOrganization(estate, { id: 'o-other12345', managementAccountId: MANAGEMENT });
  const account = addAccount(estate, { id: MANAGEMENT, name: 'management', unit: 'Root' });
  const arn = `arn:${partition}:cloudtrail:${home}:${MANAGEMENT}:trail/audit`;
  bucket(estate, account, 'logs', {
    region: home,
    policy: policy(...deliveryStatements('logs', arn, [`AWSLogs/${MANAGEMENT}/*`])),
  });
  const encryption = key(estate, account, home, '0a11ce00-1111-4111-8111-000000000001', {
    policy: keyDelivery(account, arn),
  });
  trail(estate, account, {
    name: 'audit',
    homeRegion: home,
    bucket: 'logs',
    kmsKeyId: encryption.arn,
    ...logDelivery(account, logGroup(estate, account, home, 'trail')),
  });
  recorder(account, home);
  securityHub(estate, account, home);
  const admin = user(account, 'admin', { attached: [`arn:${partition}:iam::aws:policy/AdministratorAccess`] });
  const aws = await serve(estate);
  return { estate, account, config: clientConfig(aws, accessKey(estate, account, admin), home) };
}

describe.each([
  ['aws-us-gov', 'us-gov-west-1', ['us-gov-east-1', 'us-gov-west-1']],
  ['aws-cn', 'cn-north-1', ['cn-north-1', 'cn-northwest-1']],
] as const)('in %s', (partition, home, regions) => {
  test('regions are its own, and ARNs carry its name everywhere', async () => {
    const { config } = await estateIn(partition, home);
    const { Arn } = await new STSClient(config).send(new GetCallerIdentityCommand());
    const { Regions } = await new AccountClient(config).send(new ListRegionsCommand());
    expect(Regions?.map((region) => region.RegionName)).toEqual(regions);
    const { trailList } = await new CloudTrailClient(config).send(new DescribeTrailsCommand());
    const { Organization } = await new OrganizationsClient(config).send(new DescribeOrganizationCommand());
    const { logGroups } = await new CloudWatchLogsClient(config).send(new DescribeLogGroupsCommand());
    const { Keys } = await new KMSClient(config).send(new ListKeysCommand());
    const { Buckets } = await new S3Client(config).send(new ListBucketsCommand());
    const { ConfigurationRecorders } = await new ConfigServiceClient(config).send(
      new DescribeConfigurationRecordersCommand(),
    );
    const { HubArn } = await new SecurityHubClient(config).send(new DescribeHubCommand());
    const details = await new IAMClient(config).send(new GetAccountAuthorizationDetailsCommand());
    const arns = [
      Arn,
      trailList?.[0]?.TrailARN,
      trailList?.[0]?.CloudWatchLogsRoleArn,
      Organization?.Arn,
      logGroups?.[0]?.arn,
      Keys?.[0]?.KeyArn,
      Buckets?.[0]?.BucketArn,
      ConfigurationRecorders?.[0]?.roleARN,
      HubArn,
      details.UserDetailList?.[0]?.Arn,
      details.Policies?.[0]?.Arn,
    ];
    expect(arns.map((arn) => arn?.split(':')[1])).toEqual(arns.map(() => partition));
    expect((await new SNSClient(config).send(new ListTopicsCommand())).Topics).toEqual([]);
  });

  test('a trail delivers', async () => {
    const { config } = await estateIn(partition, home);
    const status = await new CloudTrailClient(config).send(new GetTrailStatusCommand({ Name: 'audit' }));
    expect(status).toMatchObject({ IsLogging: true, LatestDeliveryTime: expect.any(Date) });
    expect([status.LatestDeliveryError, status.LatestCloudWatchLogsDeliveryError]).toEqual([undefined, undefined]);
  });

  test('its keys are not known in the commercial regions', async () => {
    const { config } = await estateIn(partition, home);
    const abroad = new STSClient({ ...config, region: 'us-east-1' });
    expect((await errorOf(abroad.send(new GetCallerIdentityCommand()))).name).toBe('InvalidClientTokenId');
  });
});

describe('a region that is switched off', () => {
  test('is listed as such, and knows no key of the account', async () => {
    const { as, admin, management } = await smallEstate();
    enableRegion(management, 'af-south-1');
    const statuses = async () => {
      const { Regions } = await new AccountClient(as(admin)).send(new ListRegionsCommand({ MaxResults: 50 }));
      return Regions?.find((region) => region.RegionName === 'af-south-1')?.RegionOptStatus;
    };
    const ask = () => new CloudTrailClient(as(admin, 'af-south-1')).send(new DescribeTrailsCommand());
    expect(await statuses()).toBe('ENABLED');
    expect((await ask()).trailList).toEqual([]);
    disableRegion(management, 'af-south-1');
    expect(await statuses()).toBe('DISABLED');
    expect(await errorOf(ask())).toMatchObject({ name: 'UnrecognizedClientException', status: 400 });
    const s3 = new S3Client(as(admin, 'af-south-1')).send(new ListBucketsCommand());
    expect(await errorOf(s3)).toMatchObject({ name: 'InvalidAccessKeyId', status: 403 });
  });
});

describe('a region that the organization closed', () => {
  async function closed() {
    const small = await smallEstate();
    closeRegions(small.estate, 'Root', ['us-east-1']);
    const admin = user(small.member, 'admin', { inline: { all: policy(allow('*')) } });
    const credential = accessKey(small.estate, small.member, admin);
    return { ...small, config: (region: string) => small.as(credential, region) };
  }

  test('refuses members in the words of a service control policy', async () => {
    const { config } = await closed();
    const refused = await errorOf(new CloudTrailClient(config('eu-west-1')).send(new DescribeTrailsCommand()));
    expect(refused.name).toBe('AccessDeniedException');
    expect(refused.message).toContain('explicit deny in a service control policy');
    const topics = await errorOf(new SNSClient(config('eu-west-1')).send(new ListTopicsCommand()));
    expect(topics.name).toBe('AuthorizationErrorException');
  });

  test('does not close services that answer in one region only, wherever their client thinks it is', async () => {
    const { config, estate } = await closed();
    serviceControlPolicy(estate, 'Root', 'strict', {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Action: 'iam:*',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } },
        },
      ],
    });
    const call = new IAMClient(config('eu-west-1')).send(new GetAccountAuthorizationDetailsCommand());
    expect((await call).UserDetailList?.[0]?.Arn).toBe(`arn:aws:iam::${MEMBER}:user/admin`);
  });
});
