import { expect, test } from 'vitest';
import type { Change } from '../../src/check/plan.ts';
import { ownedElsewhere } from '../../src/fixes/ownership.ts';
import type { PartKey, PartName } from '../../src/snapshot/types.ts';
import { read } from '../support/parts.ts';
import { healthySnapshot, withPart } from '../support/snapshot.ts';

const STACK = { 'aws:cloudformation:stack-name': 'audit' };
const KEY = 'arn:aws:kms:us-east-1:111111111111:key/k1';
const GROUP = 'arn:aws:logs:us-east-1:111111111111:log-group:trail';
const TOPIC = 'arn:aws:sns:us-east-1:111111111111:alerts';
const TRAIL = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/main';

function change(resource: string, target: PartKey): Change {
  const call = { account: '111111111111', region: 'us-east-1', operation: 'x:Y', input: {}, summary: '' };
  return { ...call, resource, target, expect: null, result: null };
}

test.each<[string, PartName, string, PartKey]>([
  ['a trail', 'trail.tags', TRAIL, `trail.selectors:${TRAIL}`],
  ['a bucket', 'bucket.tags', 'logs', 'bucket.policy:logs'],
  ['a key', 'key.tags', KEY, `key.policy:${KEY}`],
  ['a log group', 'logGroup.tags', GROUP, `logGroup.filters:${GROUP}`],
  ['a topic', 'topic.tags', TOPIC, `topic:${TOPIC}`],
])('%s of a CloudFormation stack is its own, whichever part of it is changed', (_, part, key, target) => {
  const snapshot = withPart(healthySnapshot(), part, key, read(STACK));
  expect(ownedElsewhere([change(`arn of ${key}`, target)], snapshot, [])).toBe(
    `arn of ${key} belongs to the CloudFormation stack audit`,
  );
  expect(ownedElsewhere([change(`arn of ${key}`, target)], healthySnapshot(), [])).toBeUndefined();
});

test('so is a role, whose tags come with it', () => {
  const role = { RoleName: 'r', Arn: 'arn', AssumeRolePolicyDocument: '{}', inline: {}, attached: {}, tags: STACK };
  const snapshot = withPart(healthySnapshot(), 'iam.role', '111111111111/r', read(role));
  expect(ownedElsewhere([change('arn', 'iam.role:111111111111/r')], snapshot, [])).toContain('stack audit');
});

test('the configuration may tell owners by the tags of keys, too', () => {
  const snapshot = withPart(healthySnapshot(), 'key.tags', KEY, read({ 'managed-by': 'terraform' }));
  const managedBy = [{ tag: { 'managed-by': ['terraform', 'pulumi'] } }];
  expect(ownedElsewhere([change(KEY, `key.policy:${KEY}`)], snapshot, managedBy)).toContain('managed by other means');
});

test.each([
  ['arn:aws:s3:::aws-controltower-logs-111111111111-us-east-1', 'AWS Control Tower'],
  ['arn:aws:logs:us-east-1:111111111111:log-group:aws-controltower/CloudTrailLogs', 'AWS Control Tower'],
  ['arn:aws:iam::111111111111:role/service-role/AWSControlTowerCloudTrailRole', 'AWS Control Tower'],
  ['arn:aws:s3:::aws-accelerator-central-logs-111111111111-us-east-1', 'the Landing Zone Accelerator'],
  [
    'arn:aws:cloudtrail:us-east-1:111111111111:trail/AWSAccelerator-Organizations-CloudTrail',
    'the Landing Zone Accelerator',
  ],
  ['arn:aws:s3:::my-aws-controltowerless-logs', undefined],
])('%s belongs to %s', (resource, owner) => {
  const owned = ownedElsewhere([change(resource, 'organization:organization')], healthySnapshot(), []);
  expect(owned).toBe(owner === undefined ? undefined : `${resource} belongs to ${owner}`);
});
