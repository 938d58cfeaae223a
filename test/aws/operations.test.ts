import { expect, it } from 'vitest';
import { classify } from '../../src/aws/classify.ts';
import type { Fence } from '../../src/aws/fence.ts';
import { allOperations, findOperation } from '../../src/aws/operations/table.ts';
import { actionsOf } from '../../src/aws/permissions.ts';
import {
  bucket,
  deliveryChannel,
  eventDataStore,
  group,
  key,
  logGroup,
  policy,
  recorder,
  role,
  securityHub,
  sharingLink,
  topic,
  trail,
  user,
} from '../../src/sandbox/aws/builders.ts';
import { estateWith, HUB, MEMBER } from './support.ts';

const REGION = 'us-east-1';
const WHERE = { account: MEMBER, region: REGION, partition: 'aws' };
const FENCE: Omit<Fence, 'calls'> = {
  sessionName: 'tc-table',
  sourceIdentity: 'U0APPROVER',
  tags: { finding: 'f1' },
  durationSeconds: 900,
};
const TRAIL = `arn:aws:cloudtrail:${REGION}:${MEMBER}:trail/main`;
const TOPIC = `arn:aws:sns:${REGION}:${MEMBER}:alerts`;
const POLICY = 'arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess';
const CONFIG_ROLE = `arn:aws:iam::${MEMBER}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`;
const KEY = `arn:aws:kms:${REGION}:${MEMBER}:key/key-1`;
const TRUST = JSON.stringify(
  policy({ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'sts:AssumeRole' }),
);

/** Members that the inputs of one service have in common; the rest by operation. */
const COMMON: Record<string, object> = {
  s3: { Bucket: 'logs' },
  s3control: { AccountId: MEMBER },
  kms: { KeyId: 'key-1' },
  logs: {
    logGroupName: 'trail',
    logGroupIdentifier: 'trail',
    resourceArn: `arn:aws:logs:${REGION}:${MEMBER}:log-group:trail`,
  },
  sns: { TopicArn: TOPIC, ResourceArn: TOPIC },
  iam: { RoleName: 'worker', UserName: 'someone', GroupName: 'people', PolicyArn: POLICY, PolicyName: 'p' },
  cloudtrail: { Name: TRAIL, TrailName: TRAIL, ResourceId: TRAIL, MemberAccountId: HUB },
};

const INPUTS: Record<string, object> = {
  'account:ListRegions': {},
  'cloudtrail:CreateTrail': { Name: 'second', S3BucketName: 'logs' },
  'cloudtrail:ListTags': { ResourceIdList: [TRAIL] },
  'cloudtrail:PutEventSelectors': {
    TrailName: TRAIL,
    EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }],
  },
  'cloudtrail:AddTags': { ResourceId: TRAIL, TagsList: [{ Key: 'a', Value: 'c' }] },
  'cloudtrail:RemoveTags': { ResourceId: TRAIL, TagsList: [{ Key: 'a' }] },
  'cloudtrail:PutInsightSelectors': { TrailName: TRAIL, InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }] },
  'cloudwatch:DeleteAlarms': { AlarmNames: ['made'] },
  'cloudwatch:DisableAlarmActions': { AlarmNames: ['made'] },
  'cloudwatch:EnableAlarmActions': { AlarmNames: ['made'] },
  'cloudwatch:DescribeAlarmsForMetric': { MetricName: 'm', Namespace: 'n' },
  'cloudwatch:PutMetricAlarm': {
    AlarmName: 'made',
    MetricName: 'm',
    Namespace: 'n',
    Statistic: 'Sum',
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  },
  'config:PutConfigRule': {
    ConfigRule: { ConfigRuleName: 'r', Source: { Owner: 'AWS', SourceIdentifier: 'CLOUD_TRAIL_ENABLED' } },
  },
  'config:PutConfigurationRecorder': { ConfigurationRecorder: { name: 'default', roleARN: CONFIG_ROLE } },
  'config:PutDeliveryChannel': { DeliveryChannel: { name: 'default', s3BucketName: 'logs' } },
  'config:StartConfigurationRecorder': { ConfigurationRecorderName: 'default' },
  'config:StopConfigurationRecorder': { ConfigurationRecorderName: 'default' },
  'config:DeleteConfigurationRecorder': { ConfigurationRecorderName: 'default' },
  'config:DeleteDeliveryChannel': { DeliveryChannelName: 'default' },
  'config:DeleteConfigRule': { ConfigRuleName: 'r' },
  'iam:CreateRole': { RoleName: 'fresh', Path: '/trail-check/', AssumeRolePolicyDocument: TRUST },
  'iam:CreateServiceLinkedRole': { AWSServiceName: 'cloudtrail.amazonaws.com' },
  'iam:GetPolicyVersion': { PolicyArn: POLICY, VersionId: 'v1' },
  'iam:UpdateAssumeRolePolicy': { RoleName: 'worker', PolicyDocument: TRUST },
  'iam:PutRolePolicy': { RoleName: 'worker', PolicyName: 'p', PolicyDocument: TRUST },
  'kms:PutKeyPolicy': { KeyId: 'key-1', Policy: TRUST },
  'logs:AssociateKmsKey': { logGroupName: 'trail', kmsKeyId: KEY },
  'logs:PutLogGroupDeletionProtection': { logGroupIdentifier: 'trail', deletionProtectionEnabled: true },
  'logs:CreateLogGroup': { logGroupName: 'fresh' },
  'logs:PutMetricFilter': {
    logGroupName: 'trail',
    filterName: 'f',
    filterPattern: '{ $.a = 1 }',
    metricTransformations: [{ metricName: 'm', metricNamespace: 'n', metricValue: '1' }],
  },
  'logs:DeleteMetricFilter': { logGroupName: 'trail', filterName: 'f' },
  'logs:PutRetentionPolicy': { logGroupName: 'trail', retentionInDays: 365 },
  'organizations:ListAccountsForParent': { ParentId: 'r-abcd' },
  'organizations:ListOrganizationalUnitsForParent': { ParentId: 'r-abcd' },
  'organizations:ListPolicies': { Filter: 'SERVICE_CONTROL_POLICY' },
  'organizations:DescribePolicy': { PolicyId: 'p-FullAWSAccess' },
  'organizations:ListTargetsForPolicy': { PolicyId: 'p-FullAWSAccess' },
  'organizations:EnableAWSServiceAccess': { ServicePrincipal: 'cloudtrail.amazonaws.com' },
  's3:CreateBucket': { Bucket: 'fresh-bucket', ObjectOwnership: 'BucketOwnerEnforced' },
  's3:PutBucketAcl': { Bucket: 'logs', ACL: 'private' },
  's3:PutBucketEncryption': {
    Bucket: 'logs',
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
  },
  's3:PutBucketOwnershipControls': {
    Bucket: 'logs',
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  },
  's3:PutObjectLockConfiguration': { Bucket: 'logs', ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } },
  's3:PutBucketLogging': { Bucket: 'logs', BucketLoggingStatus: {} },
  's3:PutBucketPolicy': { Bucket: 'logs', Policy: TRUST },
  's3:PutBucketRequestPayment': { Bucket: 'logs', RequestPaymentConfiguration: { Payer: 'BucketOwner' } },
  's3:PutBucketVersioning': { Bucket: 'logs', VersioningConfiguration: { Status: 'Enabled' } },
  's3:PutPublicAccessBlock': { Bucket: 'logs', PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
  'securityhub:BatchImportFindings': {
    Findings: [{ ProductArn: `arn:aws:securityhub:${REGION}:${MEMBER}:product/${MEMBER}/default` }],
  },
  'sns:CreateTopic': { Name: 'fresh' },
  'sns:SetTopicAttributes': { TopicArn: TOPIC, AttributeName: 'DisplayName', AttributeValue: 'x' },
  'sns:Subscribe': { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'a@example.com' },
  'sns:Unsubscribe': { SubscriptionArn: `${TOPIC}:0b5a9c1e-1111-4222-8333-444455556666` },
};

/** Ids that are known only once a thing was made go over the rest. */
function inputOf(name: string, { store, link }: { store: string; link: string }): object {
  if (name.includes('EventDataStore')) return { EventDataStore: store };
  if (name === 'oam:GetLink') return { Identifier: link };
  return INPUTS[name] ?? COMMON[name.split(':')[0] ?? ''] ?? {};
}

it.each(
  allOperations()
    .map(({ name }) => name)
    .filter((name) => name !== 'sts:AssumeRole'),
)('%s is let through by exactly the permissions it declares', async (name) => {
  const { aws, estate, member } = await estateWith();
  // Some of Organizations answers its management account only.
  if (estate.organization) estate.organization.managementAccountId = MEMBER;
  bucket(estate, member, 'logs');
  trail(estate, member, { name: 'main', bucket: 'logs', tags: { a: 'b' } });
  key(estate, member, REGION, 'key-1');
  logGroup(estate, member, REGION, 'trail');
  topic(estate, member, REGION, 'alerts');
  role(member, 'worker', { path: '/deep/', attached: [POLICY] });
  user(member, 'someone', { attached: [POLICY] });
  group(member, 'people', [], { attached: [POLICY] });

  const store = eventDataStore(estate, member, 'lake');
  const link = sharingLink(estate, member, REGION, HUB);
  recorder(member, REGION);
  deliveryChannel(member, REGION, 'logs');
  if (name !== 'securityhub:EnableSecurityHub') securityHub(estate, member, REGION);

  const input = inputOf(name, { store: store.arn, link: link.arn });
  const writes = findOperation(name)?.operation.kind === 'write';
  const session = writes ? aws.fixer(MEMBER, { ...FENCE, calls: [actionsOf(name, input, WHERE)] }) : aws.reader(MEMBER);
  const failure = await session.send(name, REGION, input).then(
    () => undefined,
    (error: unknown) => classify(error, name),
  );
  expect(failure).not.toMatchObject({ kind: 'denied' });
  expect(failure).not.toMatchObject({ kind: 'unreachable' });
});
