import { expect, it } from 'vitest';
import { allOperations } from '../../src/aws/operations/table.ts';
import { actionNames, actionsOf, mostOf } from '../../src/aws/permissions.ts';
import { READ_ONLY_POLICY } from '../../src/aws/read-only-policy.ts';

const WHERE = { account: '111111111111', region: 'eu-central-1', partition: 'aws-cn' };
const ROLE = 'arn:aws-cn:iam::111111111111:role/trail-check/logs';

const policyActions: string[] = JSON.parse(READ_ONLY_POLICY).Statement[0].Action;
const allowed = (action: string) =>
  policyActions.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(action));

it.each(allOperations().map(({ name, operation }) => [name, operation.kind] as const))(
  'the reader policy lets %s through only if it is a read (%s)',
  (name, kind) => {
    expect(actionNames(name).every(allowed)).toBe(kind !== 'write');
  },
);

it('the reader policy fits a session and reads no object', () => {
  expect(READ_ONLY_POLICY.length).toBeLessThanOrEqual(2_048);
  for (const action of ['s3:GetObject', 'kms:Decrypt', 'sns:Publish', 'cloudtrail:StopLogging', 'iam:PassRole']) {
    expect(allowed(action)).toBe(false);
  }
});

const trail = 'arn:aws-cn:cloudtrail:eu-central-1:111111111111:trail/main';
const bucket = 'arn:aws-cn:s3:::logs';
const key = 'arn:aws-cn:kms:eu-central-1:111111111111:key/k1';

it.each<[string, object, string[]]>([
  ['cloudtrail:DescribeTrails', {}, ['cloudtrail:DescribeTrails *']],
  ['cloudtrail:StartLogging', { Name: 'main' }, [`cloudtrail:StartLogging ${trail}`]],
  ['cloudtrail:StartLogging', { Name: trail }, [`cloudtrail:StartLogging ${trail}`]],
  ['cloudtrail:PutEventSelectors', { TrailName: trail }, [`cloudtrail:PutEventSelectors ${trail}`]],
  [
    'cloudtrail:UpdateTrail',
    { Name: trail, CloudWatchLogsRoleArn: ROLE },
    [`cloudtrail:UpdateTrail ${trail}`, `iam:PassRole ${ROLE}`],
  ],
  ['cloudtrail:UpdateTrail', { Name: trail, CloudWatchLogsRoleArn: '' }, [`cloudtrail:UpdateTrail ${trail}`]],
  ['s3:HeadBucket', { Bucket: 'logs' }, [`s3:ListBucket ${bucket}`]],
  ['s3:GetPublicAccessBlock', { Bucket: 'logs' }, [`s3:GetBucketPublicAccessBlock ${bucket}`]],
  ['s3:PutBucketLifecycleConfiguration', { Bucket: 'logs' }, [`s3:PutLifecycleConfiguration ${bucket}`]],
  ['s3:DeleteBucketLifecycle', { Bucket: 'logs' }, [`s3:PutLifecycleConfiguration ${bucket}`]],
  ['s3:DeletePublicAccessBlock', { Bucket: 'logs' }, [`s3:PutBucketPublicAccessBlock ${bucket}`]],
  [
    's3:CreateBucket',
    { Bucket: 'logs', ObjectOwnership: 'BucketOwnerEnforced' },
    [`s3:CreateBucket ${bucket}`, `s3:PutBucketOwnershipControls ${bucket}`],
  ],
  ['s3control:GetPublicAccessBlock', {}, ['s3:GetAccountPublicAccessBlock *']],
  ['kms:PutKeyPolicy', { KeyId: 'k1' }, [`kms:PutKeyPolicy ${key}`]],
  ['kms:PutKeyPolicy', { KeyId: key }, [`kms:PutKeyPolicy ${key}`]],
  ['kms:EnableKey', { KeyId: 'alias/x' }, ['kms:EnableKey arn:aws-cn:kms:eu-central-1:111111111111:key/*']],
  [
    'logs:PutMetricFilter',
    { logGroupName: 'trail' },
    [
      'logs:PutMetricFilter arn:aws-cn:logs:eu-central-1:111111111111:log-group:trail',
      'logs:PutMetricFilter arn:aws-cn:logs:eu-central-1:111111111111:log-group:trail:*',
    ],
  ],
  [
    'cloudwatch:DeleteAlarms',
    { AlarmNames: ['a', 'b*'] },
    [
      'cloudwatch:DeleteAlarms arn:aws-cn:cloudwatch:eu-central-1:111111111111:alarm:a',
      `cloudwatch:DeleteAlarms arn:aws-cn:cloudwatch:eu-central-1:111111111111:alarm:b$\{*}`,
    ],
  ],
  ['sns:CreateTopic', { Name: 't' }, ['sns:CreateTopic arn:aws-cn:sns:eu-central-1:111111111111:t']],
  ['sns:Unsubscribe', { SubscriptionArn: 'x' }, ['sns:Unsubscribe *']],
  ['iam:CreateRole', { RoleName: 'logs', Path: '/trail-check/' }, [`iam:CreateRole ${ROLE}`]],
  [
    'iam:PutRolePolicy',
    { RoleName: 'logs' },
    [
      'iam:PutRolePolicy arn:aws-cn:iam::111111111111:role/logs',
      'iam:PutRolePolicy arn:aws-cn:iam::111111111111:role/*/logs',
    ],
  ],
  ['unknown:Operation', {}, []],
])('%s of %j needs %j', (operation, input, expected) => {
  expect(actionsOf(operation, input, WHERE).map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected);
});

it('names the whole ARN where the input does not tell it', () => {
  expect(actionsOf('iam:PutRolePolicy', { RoleName: 'logs' }, { ...WHERE, resource: ROLE })).toEqual([
    { action: 'iam:PutRolePolicy', resource: ROLE },
  ]);
  expect(actionsOf('kms:EnableKey', { KeyId: 'alias/x' }, { ...WHERE, resource: key })).toEqual([
    { action: 'kms:EnableKey', resource: key },
  ]);
});

it('binds what is passed or attached by a condition', () => {
  const conditions = [
    actionsOf('cloudtrail:CreateTrail', { Name: 'x', CloudWatchLogsRoleArn: ROLE }, WHERE),
    actionsOf('iam:DetachRolePolicy', { RoleName: 'r', PolicyArn: 'arn:p' }, WHERE),
  ].map((permissions) => permissions.at(-1)?.condition);
  expect(conditions).toEqual([
    { StringEquals: { 'iam:PassedToService': 'cloudtrail.amazonaws.com' } },
    { ArnEquals: { 'iam:PolicyARN': 'arn:p' } },
  ]);
});

it.each([
  { input: { Name: trail, IsOrganizationTrail: true }, where: WHERE },
  { input: { Name: trail }, where: { ...WHERE, organizationTrail: true } },
])('asks for what CloudTrail wants of whoever changes an organization trail: %j', ({ input, where }) => {
  expect(actionsOf('cloudtrail:UpdateTrail', input, where).map(({ action }) => action)).toEqual([
    'cloudtrail:UpdateTrail',
    'iam:GetRole',
    'iam:CreateServiceLinkedRole',
    'organizations:DescribeOrganization',
    'organizations:ListAccounts',
    'organizations:ListAWSServiceAccessForOrganization',
  ]);
});

const store = 'arn:aws-cn:cloudtrail:eu-central-1:111111111111:eventdatastore/e1';

it.each<[string, object, string[]]>([
  ['cloudtrail:UpdateEventDataStore', { EventDataStore: store }, [`cloudtrail:UpdateEventDataStore ${store}`]],
  [
    'cloudtrail:UpdateEventDataStore',
    { EventDataStore: store, KmsKeyId: key },
    [`cloudtrail:UpdateEventDataStore ${store}`, `kms:GenerateDataKey ${key}`, `kms:Decrypt ${key}`],
  ],
  [
    'cloudtrail:DeregisterOrganizationDelegatedAdmin',
    { DelegatedAdminAccountId: '222222222222' },
    [
      'cloudtrail:DeregisterOrganizationDelegatedAdmin *',
      'organizations:DeregisterDelegatedAdministrator *',
      'organizations:ListAWSServiceAccessForOrganization *',
    ],
  ],
  [
    'config:PutConfigurationRecorder',
    { ConfigurationRecorder: { name: 'default', roleARN: ROLE } },
    ['config:PutConfigurationRecorder *', `iam:PassRole ${ROLE}`],
  ],
  ['s3:DeleteBucketOwnershipControls', { Bucket: 'logs' }, [`s3:PutBucketOwnershipControls ${bucket}`]],
  ['s3:PutObjectLockConfiguration', { Bucket: 'logs' }, [`s3:PutBucketObjectLockConfiguration ${bucket}`]],
  ['s3:DeleteBucketEncryption', { Bucket: 'logs' }, [`s3:PutEncryptionConfiguration ${bucket}`]],
  [
    'securityhub:EnableSecurityHub',
    {},
    [
      'securityhub:EnableSecurityHub *',
      'iam:CreateServiceLinkedRole arn:aws-cn:iam::111111111111:role/aws-service-role/securityhub.amazonaws.com/AWSServiceRoleForSecurityHub',
    ],
  ],
])('%s needs its own action and what AWS asks for besides: %j', (name, input, expected) => {
  expect(actionsOf(name, input, WHERE).map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected);
});

const ANYWHERE = { account: '*', region: '*', partition: 'aws-cn' };
const writesWithMore = allOperations().filter(({ operation }) => operation.also !== undefined);

/** Inputs that ask for something besides, each with every way an operation can be made to. */
const FULL: object[] = [
  {},
  { CloudWatchLogsRoleArn: ROLE },
  { CloudWatchLogsRoleArn: ROLE, IsOrganizationTrail: true, S3BucketName: 'logs', KmsKeyId: key },
  { KmsKeyId: key },
  { KmsKeyId: 'alias/x', OrganizationEnabled: true },
  { Bucket: 'logs', ObjectOwnership: 'ObjectWriter' },
  { ConfigurationRecorder: { name: 'default', roleARN: ROLE } },
];

it.each(writesWithMore.flatMap(({ name }) => FULL.map((input) => [name, input] as const)))(
  'the most that %s may need holds what it needs for %j',
  (name, input) => {
    const most = mostOf(name, ANYWHERE);
    const holds = (pattern: string, text: string) =>
      new RegExp(`^${pattern.replace(/[\\.+?^${}()|[\]]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
    const beyond = actionsOf(name, input, { ...WHERE, organizationTrail: true }).filter(
      ({ action, resource, condition }) =>
        !most.some(
          (given) =>
            given.action === action &&
            holds(given.resource, resource) &&
            JSON.stringify(given.condition) === JSON.stringify(condition),
        ),
    );
    expect(beyond).toEqual([]);
  },
);

it('says what kind of resource every change acts on, where IAM knows one', () => {
  const resources = ['cloudtrail:AddTags', 'cloudwatch:DeleteAlarms', 'sns:SetTopicAttributes', 'kms:PutKeyPolicy'].map(
    (name) => mostOf(name, ANYWHERE)[0]?.resource,
  );
  expect(resources).toEqual([
    'arn:aws-cn:cloudtrail:*:*:trail/*',
    'arn:aws-cn:cloudwatch:*:*:alarm:*',
    'arn:aws-cn:sns:*:*:*',
    'arn:aws-cn:kms:*:*:key/*',
  ]);
});
