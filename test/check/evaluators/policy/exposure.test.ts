import { describe, expect, it } from 'vitest';
import { deadPrincipals } from '../../../../src/check/evaluators/policy/dead-principals.ts';
import { publicStatements } from '../../../../src/check/evaluators/policy/public.ts';
import { writers } from '../../../../src/check/evaluators/policy/writers.ts';
import { BUCKET, policyOf, variable, withStatements } from './support.ts';

const open = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${BUCKET}/*` };

describe('publicStatements', () => {
  it.each<[string, object, boolean]>([
    ['everybody', {}, true],
    ['everybody as AWS', { Principal: { AWS: '*' } }, true],
    ['everybody in a list', { Principal: { AWS: ['111111111111', '*'] } }, true],
    ['a Deny', { Effect: 'Deny' }, false],
    ['an account', { Principal: { AWS: '111111111111' } }, false],
    ['a service', { Principal: { Service: 'cloudtrail.amazonaws.com' } }, false],
    ['NotPrincipal', { Principal: undefined, NotPrincipal: { AWS: '111111111111' } }, true],
    ['SourceArn', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:111111111111:*' } } }, false],
    ['SourceArn of a bucket', { Condition: { ArnEquals: { 'aws:SourceArn': BUCKET } } }, false],
    [
      'SourceArn of any account',
      { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:*:trail/t' } } },
      true,
    ],
    ['SourceArn of any bucket', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } } }, true],
    ['SourceAccount', { Condition: { StringEquals: { 'AWS:SourceAccount': '111111111111' } } }, false],
    ['SourceAccount, if it is there', { Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '1' } } }, true],
    ['SourceOwner, as SNS writes it', { Condition: { StringEquals: { 'AWS:SourceOwner': '111111111111' } } }, false],
    ['the organization', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, false],
    ['any organization', { Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*' } } }, true],
    [
      'a unit of the organization',
      { Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-1/r-1/*' } } },
      false,
    ],
    [
      'ForAllValues, which an absent key meets',
      { Condition: { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': 'o-1' } } },
      true,
    ],
    ['a VPC endpoint', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }, false],
    ['everything but an endpoint', { Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } }, true],
    [
      'the own account',
      { Condition: { StringEquals: { 'aws:PrincipalAccount': variable('aws:ResourceAccount') } } },
      false,
    ],
    ['a role id', { Condition: { StringLike: { 'aws:userid': 'AROAEXAMPLE:*' } } }, false],
    ['any role', { Condition: { StringLike: { 'aws:PrincipalArn': '*' } } }, true],
    [
      'one value that limits and one that does not',
      { Condition: { StringLike: { 'aws:PrincipalArn': ['arn:aws:iam::1:role/r', '*'] } } },
      true,
    ],
    ['an office', { Condition: { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '10.0.0.0/8'] } } }, false],
    ['all addresses', { Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }, true],
    ['all addresses in halves', { Condition: { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } } }, true],
    ['all IPv6 addresses', { Condition: { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '::/0'] } } }, true],
    ['everything but an address', { Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.1' } } }, true],
    [
      'a header that the caller chooses',
      { Condition: { StringLike: { 'aws:Referer': 'https://us/*', 'aws:UserAgent': 'us' } } },
      true,
    ],
    ['TLS', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, true],
    [
      'TLS and the organization',
      { Condition: { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
      false,
    ],
  ])('%s', (_, change, expected) => {
    expect(publicStatements(withStatements({ ...open, ...change })).map(({ index }) => index)).toEqual(
      expected ? [0] : [],
    );
  });

  it('says why, and at which place', () => {
    const referer = { ...open, Condition: { StringLike: { 'aws:Referer': 'https://us/*' } } };
    expect(publicStatements(withStatements({ ...open, Effect: 'Deny' }, open, referer))).toEqual([
      { index: 1, reason: 'open to everybody, without a condition' },
      { index: 2, reason: 'open to everybody; its conditions (aws:referer) do not limit who' },
    ]);
    expect(publicStatements(policyOf({ Statement: [] }))).toEqual([]);
  });
});

describe('writers', () => {
  it.each<[string, object, readonly (readonly [string, string])[]]>([
    [
      'services',
      { Principal: { Service: ['cloudtrail.amazonaws.com', 'config.amazonaws.com'] }, Action: 's3:PutObject' },
      [
        ['Service', 'cloudtrail.amazonaws.com'],
        ['Service', 'config.amazonaws.com'],
      ],
    ],
    [
      'a role, by wildcard',
      { Principal: { AWS: 'arn:aws:iam::1:role/r' }, Action: ['s3:Get*', 's3:p*'] },
      [['AWS', 'arn:aws:iam::1:role/r']],
    ],
    ['everybody', { Action: '*' }, [['everyone', '*']]],
    ['all but one', { Principal: undefined, NotPrincipal: { AWS: '1' }, Action: 's3:*' }, [['everyone-but', '1']]],
    ['NotAction', { NotAction: 's3:Delete*', Action: undefined }, [['everyone', '*']]],
    ['a part of the bucket', { Action: 's3:PutObject', Resource: `${BUCKET}/AWSLogs/*` }, [['everyone', '*']]],
    ['readers', {}, []],
    ['the bucket alone', { Action: 's3:*', Resource: BUCKET }, []],
    ['another bucket', { Action: 's3:*', Resource: `${BUCKET}2/*` }, []],
    ['a Deny', { Effect: 'Deny', Action: 's3:*' }, []],
  ])('%s', (_, change, expected) => {
    const found = writers(withStatements({ ...open, ...change }), BUCKET);
    expect(found).toEqual(expected.map(([kind, principal]) => ({ kind, principal, index: 0 })));
  });
});

describe('deadPrincipals', () => {
  it('finds the ids that AWS leaves in place of deleted users and roles', () => {
    const policy = withStatements(open, {
      ...open,
      Principal: { AWS: ['AIDACKCEVSQ6C2EXAMPLE', 'arn:aws:iam::1:role/AROAX', 'AROADBQP57FF2AEXAMPLE'] },
    });
    expect(deadPrincipals(policy)).toEqual([
      { id: 'AIDACKCEVSQ6C2EXAMPLE', index: 1 },
      { id: 'AROADBQP57FF2AEXAMPLE', index: 1 },
    ]);
  });
});
