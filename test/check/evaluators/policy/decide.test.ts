import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatch, globRelation } from '../../../../src/check/evaluators/glob.ts';
import { cloudTrailContext } from '../../../../src/check/evaluators/policy/contexts.ts';
import { decide } from '../../../../src/check/evaluators/policy/decide.ts';
import type { Caller } from '../../../../src/check/evaluators/policy/principal.ts';
import { bucketDeliveryStatements, keyDeliveryStatements } from '../../../../src/check/evaluators/policy/statements.ts';
import { BUCKET, TRAIL, variable, withStatements } from './support.ts';

const CLOUDTRAIL = { service: 'cloudtrail.amazonaws.com' };
const delivery = { partition: 'aws', bucket: 'b', prefix: 'p', trailArn: TRAIL, accountId: '111111111111' };
const context = cloudTrailContext({
  trailArn: TRAIL,
  accountId: '111111111111',
  organizationId: 'o-1',
  encryption: 'AES256',
});
const put = {
  principal: CLOUDTRAIL,
  action: 's3:PutObject',
  resource: `${BUCKET}/p/AWSLogs/111111111111/x.gz`,
  context,
};

describe('delivery of a trail', () => {
  const own = bucketDeliveryStatements(delivery);
  const denyAll = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`] };

  it.each<[string, readonly unknown[], string]>([
    ['the statements of the guide', own, 'allow'],
    ['pinned to another trail', bucketDeliveryStatements({ ...delivery, trailArn: `${TRAIL}-2` }), 'implicit'],
    ['another prefix', bucketDeliveryStatements({ ...delivery, prefix: undefined }), 'implicit'],
    ['TLS asked for', [...own, { ...denyAll, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }], 'allow'],
    [
      'everybody outside the organization denied',
      [...own, { ...denyAll, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } }],
      'deny',
    ],
    [
      'the same with services spared',
      [
        ...own,
        {
          ...denyAll,
          Condition: {
            StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' },
            Bool: { 'aws:PrincipalIsAWSService': 'false' },
          },
        },
      ],
      'allow',
    ],
    [
      'the source organization asked for',
      [...own, { ...denyAll, Condition: { StringNotEquals: { 'aws:SourceOrgID': 'o-1' } } }],
      'allow',
    ],
    [
      'unencrypted uploads denied',
      [...own, { ...denyAll, Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } } }],
      'deny',
    ],
    [
      'the same letting digests pass',
      [
        ...own,
        { ...denyAll, Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': ['aws:kms', 'AES256'] } } },
      ],
      'allow',
    ],
    [
      'a Deny that hangs on something unknown',
      [...own, { ...denyAll, Condition: { StringEquals: { 'aws:RequestTag/a': 'b' } } }],
      'maybe',
    ],
    ['principal everybody', [{ Effect: 'Allow', Principal: '*', Action: 's3:Put*', Resource: `${BUCKET}/*` }], 'allow'],
    [
      'an account of old in place of the service',
      [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::086441151436:root' },
          Action: 's3:PutObject',
          Resource: `${BUCKET}/*`,
        },
      ],
      'implicit',
    ],
    [
      'NotPrincipal with Deny for all but a role',
      [...own, { ...denyAll, Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::1:role/r' } }],
      'deny',
    ],
    [
      'NotAction leaving PutObject out',
      [...own, { ...denyAll, Action: undefined, NotAction: ['s3:putobject', 's3:GetBucketAcl'] }],
      'allow',
    ],
    ['NotResource', [...own, { ...denyAll, Resource: undefined, NotResource: `${BUCKET}/p/AWSLogs/*` }], 'allow'],
    ['no statements', [], 'implicit'],
  ])('%s', (_, statements, expected) => {
    expect(decide(withStatements(...statements), put).effect).toBe(expected);
  });

  it('names the statements that decide', () => {
    expect(decide(withStatements(...own, denyAll), put)).toEqual({ effect: 'deny', statements: [2] });
    expect(decide(withStatements(...own), put)).toEqual({ effect: 'allow', statements: [1] });
  });

  it('asks for a whole path: a Deny on a part of it makes a doubt, an Allow on a part is not enough', () => {
    const whole = { ...put, resource: `${BUCKET}/p/AWSLogs/111111111111/*` };
    expect(decide(withStatements(...own), whole).effect).toBe('allow');
    const digests = { ...denyAll, Resource: `${BUCKET}/*/CloudTrail-Digest/*` };
    expect(decide(withStatements(...own, digests), whole).effect).toBe('maybe');
    const part = {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: `${BUCKET}/p/AWSLogs/111111111111/CloudTrail/*`,
    };
    expect(decide(withStatements(part), whole).effect).toBe('maybe');
  });

  it('covers an organization and its management account', () => {
    const policy = withStatements(...bucketDeliveryStatements({ ...delivery, organizationId: 'o-1' }));
    for (const folder of ['o-1/222222222222', '111111111111']) {
      expect(decide(policy, { ...put, resource: `${BUCKET}/p/AWSLogs/${folder}/CloudTrail/x.gz` }).effect).toBe(
        'allow',
      );
    }
  });

  it('lets CloudTrail use the key for its own trails only', () => {
    const keys = { partition: 'aws', trailArns: [TRAIL], accountIds: ['111111111111'], decryptForBucketKey: true };
    const policy = withStatements(...keyDeliveryStatements(keys));
    const other = cloudTrailContext({
      trailArn: `${TRAIL}-2`,
      accountId: '111111111111',
      organizationId: null,
      encryption: 'AES256',
    });
    for (const action of ['kms:GenerateDataKey', 'kms:DescribeKey', 'kms:Decrypt']) {
      const use = { principal: CLOUDTRAIL, action, resource: 'arn:aws:kms:eu-west-1:1:key/k', context };
      expect(decide(policy, use).effect).toBe('allow');
      expect(decide(policy, { ...use, context: other }).effect).toBe('implicit');
    }
  });
});

describe('principals', () => {
  const role = 'arn:aws:iam::111111111111:role/path/Fixer';
  it.each<[string, unknown, Caller, string]>([
    ['the account, as id', { AWS: '111111111111' }, { aws: role }, 'allow'],
    ['the account, as root', { AWS: 'arn:aws:iam::111111111111:root' }, { aws: role }, 'allow'],
    ['another account', { AWS: '222222222222' }, { aws: role }, 'implicit'],
    ['the role', { AWS: role }, { aws: role }, 'allow'],
    [
      'a session of the role, whose path it does not carry',
      { AWS: role },
      { aws: 'arn:aws:sts::111111111111:assumed-role/Fixer/s' },
      'allow',
    ],
    ['a session of another role', { AWS: role }, { aws: 'arn:aws:sts::111111111111:assumed-role/Fix/s' }, 'implicit'],
    [
      'a session of another account',
      { AWS: role },
      { aws: 'arn:aws:sts::222222222222:assumed-role/Fixer/s' },
      'implicit',
    ],
    ['a deleted role', { AWS: 'AROAEXAMPLEEXAMPLE123' }, { aws: role }, 'implicit'],
    ['a service', { Service: ['a.amazonaws.com', 'cloudtrail.amazonaws.com'] }, CLOUDTRAIL, 'allow'],
    ['a service for a role', { Service: 'cloudtrail.amazonaws.com' }, { aws: role }, 'implicit'],
    ['federated', { Federated: 'cognito-identity.amazonaws.com' }, { aws: role }, 'implicit'],
    ['a canonical user', { CanonicalUser: '79a5' }, { aws: role }, 'maybe'],
    ['anyone by *', '*', { anyone: true }, 'allow'],
    ['anyone by a role', { AWS: role }, { anyone: true }, 'implicit'],
  ])('%s', (_, Principal, principal, expected) => {
    const policy = withStatements({ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' });
    expect(decide(policy, { principal, action: 'kms:PutKeyPolicy', resource: 'k', context: {} }).effect).toBe(expected);
  });

  it('takes a statement without principal or resource for its holder (identity and trust policies)', () => {
    const identity = withStatements({ Effect: 'Allow', Action: 'logs:*', Resource: '*' });
    const request = { principal: { aws: role }, action: 'logs:PutLogEvents', resource: 'g', context: {} };
    expect(decide(identity, request).effect).toBe('allow');
    const trust = withStatements({
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 'sts:AssumeRole',
    });
    expect(decide(trust, { ...request, principal: CLOUDTRAIL, action: 'sts:AssumeRole' }).effect).toBe('allow');
  });

  it('leaves variables open until their value is known', () => {
    const policy = withStatements({
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:*',
      Resource: `b/${variable('aws:PrincipalAccount')}/*`,
    });
    const request = { principal: { aws: role }, action: 's3:GetObject', resource: 'b/1/x' };
    expect(decide(policy, { ...request, context: {} }).effect).toBe('maybe');
    expect(decide(policy, { ...request, context: { 'aws:principalaccount': ['1'] } }).effect).toBe('allow');
    expect(decide(policy, { ...request, context: { 'aws:principalaccount': ['2'] } }).effect).toBe('implicit');
  });
});

describe('patterns', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });

  it('match as a regular expression would', () => {
    fc.assert(
      fc.property(pattern, text, (glob, value) => {
        const regex = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(globMatch(glob, value)).toBe(regex.test(value));
      }),
    );
  });

  it('covering means every text of the other, disjoint means none', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (glob, target, value) => {
        const relation = globRelation(glob, target);
        if (!globMatch(target, value)) return;
        if (relation === 'covers') expect(globMatch(glob, value)).toBe(true);
        if (relation === 'disjoint') expect(globMatch(glob, value)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
