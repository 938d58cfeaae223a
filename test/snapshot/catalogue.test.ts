import { expect, test } from 'vitest';
import { findOperation } from '../../src/aws/operations/table.ts';
import { iamActionsOf, PART_NAMES, PARTS, splitPartKey } from '../../src/snapshot/catalogue.ts';
import { emptySnapshot } from '../../src/snapshot/empty.ts';

test('every part of a snapshot has a reader', () => {
  const { takenAt: _, partition: __, accounts: ___, ...parts } = emptySnapshot('', 'aws');
  expect([...PART_NAMES].sort()).toEqual(Object.keys(parts).sort());
});

test.each(PART_NAMES.map((name) => [name]))('%s is read by operations that change nothing', (name) => {
  const kinds = PARTS[name].operations.map((operation) => findOperation(operation)?.operation.kind);
  expect(kinds.length).toBeGreaterThan(0);
  expect(new Set(kinds)).toEqual(new Set(['read']));
});

test('permissions follow from the parts, with what they are found by', () => {
  expect(iamActionsOf(['bucket.encryption'])).toEqual([
    'account:ListRegions',
    'cloudtrail:DescribeTrails',
    'cloudtrail:ListTrails',
    'organizations:DescribeOrganization',
    'organizations:ListAccounts',
    's3:GetEncryptionConfiguration',
    's3:ListAllMyBuckets',
    's3:ListBucket',
  ]);
});

test.each([
  [
    'trail:arn:aws:cloudtrail:us-east-1:111111111111:trail/a',
    { name: 'trail', key: 'arn:aws:cloudtrail:us-east-1:111111111111:trail/a' },
  ],
  ['iam.role:111111111111/name', { name: 'iam.role', key: '111111111111/name' }],
  ['nothing:x', undefined],
  ['trail', undefined],
])('%s is taken apart', (key, expected) => {
  expect(splitPartKey(key)).toEqual(expected);
});

/** Operations that the catalogue of checks names as what is needed, by service. */
const NEEDED: { [service: string]: string } = {
  account: 'ListRegions',
  cloudtrail:
    'DescribeTrails GetEventDataStore GetEventSelectors GetInsightSelectors GetTrailStatus ListEventDataStores ListTags',
  cloudwatch: 'DescribeAlarms DescribeAlarmsForMetric ListAlarmMuteRules',
  config:
    'DescribeConfigRuleEvaluationStatus DescribeConfigRules DescribeConfigurationRecorderStatus DescribeConfigurationRecorders DescribeDeliveryChannels',
  iam: 'GetAccountAuthorizationDetails GetGroup GetPolicy GetPolicyVersion GetRole GetRolePolicy ListAttachedRolePolicies ListEntitiesForPolicy ListRolePolicies',
  kms: 'DescribeKey GetKeyPolicy GetKeyRotationStatus ListGrants',
  logs: 'DescribeLogGroups DescribeMetricFilters DescribeResourcePolicies DescribeSubscriptionFilters',
  oam: 'ListLinks',
  organizations:
    'DescribeOrganization DescribePolicy ListAWSServiceAccessForOrganization ListAccounts ListAccountsForParent ListDelegatedAdministrators ListOrganizationalUnitsForParent ListPolicies ListRoots ListTargetsForPolicy',
  s3: 'GetBucketAcl GetBucketEncryption GetBucketLifecycleConfiguration GetBucketLogging GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus GetBucketReplication GetBucketRequestPayment GetBucketVersioning GetBucketWebsite GetObjectLockConfiguration GetPublicAccessBlock HeadBucket ListBuckets',
  s3control: 'GetPublicAccessBlock',
  securityhub: 'DescribeHub GetEnabledStandards',
  sns: 'GetTopicAttributes ListSubscriptionsByTopic',
};

/** What something else tells as well, without a call for each metric. */
const TOLD_BY_OTHERS: { [operation: string]: string } = {
  'cloudwatch:DescribeAlarmsForMetric': 'cloudwatch:DescribeAlarms',
};

test.each(Object.entries(NEEDED).flatMap(([service, names]) => names.split(' ').map((name) => [`${service}:${name}`])))(
  '%s, which checks need, is one of the operations that parts are read by',
  (needed) => {
    const read = new Set<string>(PART_NAMES.flatMap((name) => PARTS[name].operations));
    expect(read).toContain(TOLD_BY_OTHERS[needed] ?? needed);
  },
);
