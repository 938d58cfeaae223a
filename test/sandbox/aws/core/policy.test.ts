import { expect, test } from 'vitest';
import { decide, type PolicyPrincipal } from '../../../../src/sandbox/aws/policy.ts';
import type { PolicyStatement } from '../../../../src/sandbox/aws/types.ts';

const ROLE: PolicyPrincipal = {
  kind: 'aws',
  account: '333333333333',
  arn: 'arn:aws:sts::333333333333:assumed-role/r/s',
  roleArn: 'arn:aws:iam::333333333333:role/r',
};
const CLOUDTRAIL: PolicyPrincipal = { kind: 'service', name: 'cloudtrail.amazonaws.com' };

function grant(
  statement: Partial<PolicyStatement>,
  context: Record<string, string | string[]> = {},
  principal?: PolicyPrincipal,
) {
  const whole: PolicyStatement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...statement };
  if (statement.NotAction) delete whole.Action;
  if (statement.NotResource) delete whole.Resource;
  const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::box/a/b', context };
  return decide({ Statement: [whole] }, principal ? { ...request, principal } : request).grant;
}

test.each<[string, Partial<PolicyStatement>, boolean]>([
  ['action without regard to case', { Action: 'S3:getobject' }, true],
  ['action by wildcard', { Action: 's3:Get*' }, true],
  ['action by question mark', { Action: 's3:GetObjec?' }, true],
  ['another action', { Action: ['s3:PutObject', 's3:GetObjectAcl'] }, false],
  ['NotAction', { NotAction: 's3:Put*' }, true],
  ['NotAction that names it', { NotAction: 's3:*' }, false],
  ['resource by wildcard over slashes', { Resource: 'arn:aws:s3:::box/*' }, true],
  ['resource in another case', { Resource: 'arn:aws:s3:::BOX/*' }, false],
  ['NotResource', { NotResource: 'arn:aws:s3:::other/*' }, true],
  ['NotResource that names it', { NotResource: 'arn:aws:s3:::box/*' }, false],
])('matches %s', (_what, statement, matches) => {
  expect(grant(statement)).toBe(matches ? 'any' : 'none');
});

test.each<[string, Partial<PolicyStatement>, PolicyPrincipal, string]>([
  ['everybody', { Principal: '*' }, ROLE, 'any'],
  ['everybody as AWS', { Principal: { AWS: '*' } }, ROLE, 'any'],
  ['the account by id', { Principal: { AWS: '333333333333' } }, ROLE, 'account'],
  ['the account by root', { Principal: { AWS: 'arn:aws:iam::333333333333:root' } }, ROLE, 'account'],
  ['the role', { Principal: { AWS: ['x', 'arn:aws:iam::333333333333:role/r'] } }, ROLE, 'role'],
  ['the session', { Principal: { AWS: 'arn:aws:sts::333333333333:assumed-role/r/s' } }, ROLE, 'exact'],
  ['another account', { Principal: { AWS: '444444444444' } }, ROLE, 'none'],
  ['a service', { Principal: { Service: 'cloudtrail.amazonaws.com' } }, CLOUDTRAIL, 'exact'],
  ['another service', { Principal: { Service: 'config.amazonaws.com' } }, CLOUDTRAIL, 'none'],
  ['everybody but others', { NotPrincipal: { AWS: '444444444444' } }, ROLE, 'any'],
  ['everybody but the caller', { NotPrincipal: { AWS: 'arn:aws:iam::333333333333:role/r' } }, ROLE, 'none'],
  ['nobody, in a policy that needs one', {}, ROLE, 'none'],
])('a principal element names %s', (_what, statement, principal, expected) => {
  expect(grant(statement, {}, principal)).toBe(expected);
});

const CONTEXT = {
  'aws:SourceArn': 'arn:aws:cloudtrail:us-east-1:333333333333:trail/t',
  'aws:SecureTransport': 'true',
  'aws:SourceIp': '10.1.2.3',
  'aws:CurrentTime': '2026-11-20T00:00:00Z',
  'aws:TagKeys': ['a', 'b'],
  's3:max-keys': '10',
};

test.each<[PolicyStatement['Condition'], boolean]>([
  [{ StringEquals: { 'AWS:sourcearn': CONTEXT['aws:SourceArn'] } }, true],
  [{ StringEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail:*' } }, false],
  [{ StringLike: { 'aws:SourceArn': ['x', 'arn:aws:cloudtrail:*:trail/?'] } }, true],
  [{ ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:333333333333:trail/*' } }, true],
  [{ ArnEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail:*' } }, false],
  [{ StringNotEquals: { 'aws:SourceArn': 'x' } }, true],
  [{ StringNotEquals: { 'aws:Missing': 'x' } }, true],
  [{ StringEquals: { 'aws:Missing': 'x' } }, false],
  [{ StringEqualsIfExists: { 'aws:Missing': 'x' } }, true],
  [{ StringEqualsIfExists: { 'aws:SourceArn': 'x' } }, false],
  [{ Null: { 'aws:Missing': true } }, true],
  [{ Null: { 'aws:SourceArn': 'true' } }, false],
  [{ Bool: { 'aws:SecureTransport': false } }, false],
  [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, true],
  [{ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, false],
  [{ NumericLessThanEquals: { 's3:max-keys': 10 } }, true],
  [{ NumericLessThan: { 's3:max-keys': 10 } }, false],
  [{ DateLessThan: { 'aws:CurrentTime': '2026-11-21T00:00:00Z' } }, true],
  [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['b', 'c'] } }, true],
  [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['b', 'c'] } }, false],
  [{ 'ForAllValues:StringEquals': { 'aws:Missing': ['b'] } }, true],
  [{ 'ForAnyValue:StringEquals': { 'aws:Missing': ['b'] } }, false],
  [{ StringEquals: { 's3:max-keys': '10' }, Bool: { 'aws:SecureTransport': 'false' } }, false],
  [{ SomethingNew: { 's3:max-keys': '10' } }, false],
])('the condition %j holds: %s', (condition, holds) => {
  expect(grant({ ...(condition ? { Condition: condition } : {}) }, CONTEXT)).toBe(holds ? 'any' : 'none');
});
