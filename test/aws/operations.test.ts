import { expect, it } from 'vitest';
import { classify } from '../../src/aws/classify.ts';
import type { Fence } from '../../src/aws/fence.ts';
import { allOperations, findOperation } from '../../src/aws/operations/table.ts';
import { actionsOf } from '../../src/aws/permissions.ts';
import { bucket, group, key, logGroup, policy, role, topic, trail, user } from '../../src/sandbox/aws/builders.ts';
import { estateWith, MEMBER } from './support.ts';

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
const TRUST = JSON.stringify(
  policy({ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'sts:AssumeRole' }),
);

/** Members that the inputs of one service have in common; the rest by operation. */
const COMMON: Record<string, object> = {
  s3: { Bucket: 'logs' },
  s3control: { AccountId: MEMBER },
  kms: { KeyId: 'key-1' },
  logs: { logGroupName: 'trail', resourceArn: `arn:aws:logs:${REGION}:${MEMBER}:log-group:trail` },
  sns: { TopicArn: TOPIC, ResourceArn: TOPIC },
  iam: { RoleName: 'worker', UserName: 'someone', GroupName: 'people', PolicyArn: POLICY, PolicyName: 'p' },
  cloudtrail: { Name: TRAIL, TrailName: TRAIL },
};

const INPUTS: Record<string, object> = {
  'account:ListRegions': {},
  'cloudtrail:CreateTrail': { Name: 'second', S3BucketName: 'logs' },
  'cloudtrail:ListTags': { ResourceIdList: [TRAIL] },
  'cloudtrail:PutEventSelectors': {
    TrailName: TRAIL,
    EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }],
  },
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
  'config:DeleteConfigRule': { ConfigRuleName: 'r' },
  'iam:CreateRole': { RoleName: 'fresh', Path: '/trail-check/', AssumeRolePolicyDocument: TRUST },
  'iam:CreateServiceLinkedRole': { AWSServiceName: 'cloudtrail.amazonaws.com' },
  'iam:PutRolePolicy': { RoleName: 'worker', PolicyName: 'p', PolicyDocument: TRUST },
  'kms:PutKeyPolicy': { KeyId: 'key-1', Policy: TRUST },
  'logs:CreateLogGroup': { logGroupName: 'fresh' },
  'logs:PutMetricFilter': {
    logGroupName: 'trail',
    filterName: 'f',
    filterPattern: '{ $.a = 1 }',
    metricTransformations: [{ metricName: 'm', metricNamespace: 'n', metricValue: '1' }],
  },
  'logs:DeleteMetricFilter': { logGroupName: 'trail', filterName: 'f' },
  'logs:PutRetentionPolicy': { logGroupName: 'trail', retentionInDays: 365 },
  'organizations:EnableAWSServiceAccess': { ServicePrincipal: 'cloudtrail.amazonaws.com' },
  's3:CreateBucket': { Bucket: 'fresh-bucket', ObjectOwnership: 'BucketOwnerEnforced' },
  's3:PutBucketLogging': { Bucket: 'logs', BucketLoggingStatus: {} },
  's3:PutBucketPolicy': { Bucket: 'logs', Policy: TRUST },
  's3:PutBucketRequestPayment': { Bucket: 'logs', RequestPaymentConfiguration: { Payer: 'BucketOwner' } },
  's3:PutBucketVersioning': { Bucket: 'logs', VersioningConfiguration: { Status: 'Enabled' } },
  's3:PutPublicAccessBlock': { Bucket: 'logs', PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
  'sns:CreateTopic': { Name: 'fresh' },
  'sns:SetTopicAttributes': { TopicArn: TOPIC, AttributeName: 'DisplayName', AttributeValue: 'x' },
  'sns:Subscribe': { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'a@example.com' },
  'sns:Unsubscribe': { SubscriptionArn: `${TOPIC}:0b5a9c1e-1111-4222-8333-444455556666` },
};

const inputOf = (name: string) => INPUTS[name] ?? COMMON[name.split(':')[0] ?? ''] ?? {};

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

  const input = inputOf(name);
  const writes = findOperation(name)?.operation.kind === 'write';
  const session = writes ? aws.fixer(MEMBER, { ...FENCE, calls: [actionsOf(name, input, WHERE)] }) : aws.reader(MEMBER);
  const failure = await session.send(name, REGION, input).then(
    () => undefined,
    (error: unknown) => classify(error, name),
  );
  expect(failure).not.toMatchObject({ kind: 'denied' });
  expect(failure).not.toMatchObject({ kind: 'unreachable' });
});
