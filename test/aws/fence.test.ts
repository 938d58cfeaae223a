import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fencePolicies, POLICY_LIMIT } from '../../src/aws/fence.ts';
import type { Permission } from '../../src/aws/operation.ts';

const permission = fc.record({
  action: fc.constantFrom('s3:PutBucketPolicy', 'cloudtrail:UpdateTrail', 'kms:PutKeyPolicy', 'iam:PassRole'),
  resource: fc.stringMatching(/^arn:aws:s3:::[a-z0-9.-]{3,63}$/),
});

interface Statement {
  Action: string | string[];
  Resource: string | string[];
}

function granted(policies: string[]): Set<string> {
  const statements = policies.flatMap((text) => JSON.parse(text).Statement as Statement[]);
  return new Set(
    statements.flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}`)),
    ),
  );
}

describe('fencePolicies', () => {
  it('allows exactly what was asked for, in policies that STS takes', () => {
    fc.assert(
      fc.property(fc.array(fc.array(permission, { minLength: 1, maxLength: 4 }), { maxLength: 60 }), (calls) => {
        const policies = fencePolicies(calls);
        expect(policies.every((text) => text.length <= POLICY_LIMIT)).toBe(true);
        expect(granted(policies)).toEqual(new Set(calls.flat().map(({ action, resource }) => `${action} ${resource}`)));
      }),
      { numRuns: 50 },
    );
  });

  it('writes one statement for what belongs together, in one order whatever the order of the calls', () => {
    const calls: Permission[][] = [
      [{ action: 's3:PutBucketPolicy', resource: 'arn:aws:s3:::b' }],
      [{ action: 's3:GetBucketPolicy', resource: 'arn:aws:s3:::a' }],
      [{ action: 's3:PutBucketPolicy', resource: 'arn:aws:s3:::a' }],
      [{ action: 's3:GetBucketPolicy', resource: 'arn:aws:s3:::b' }],
    ];
    const expected = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:GetBucketPolicy', 's3:PutBucketPolicy'],
          Resource: ['arn:aws:s3:::a', 'arn:aws:s3:::b'],
        },
      ],
    };
    expect(fencePolicies(calls).map((text) => JSON.parse(text))).toEqual([expected]);
    expect(fencePolicies(calls.toReversed())).toEqual(fencePolicies(calls));
  });

  it('keeps a condition to its own statement', () => {
    const condition = { StringEquals: { 'iam:PassedToService': 'cloudtrail.amazonaws.com' } };
    const [text = ''] = fencePolicies([
      [
        { action: 'iam:PassRole', resource: 'arn:aws:iam::1:role/r', condition },
        { action: 'iam:GetRole', resource: 'arn:aws:iam::1:role/r' },
      ],
    ]);
    expect(JSON.parse(text).Statement).toEqual([
      { Effect: 'Allow', Action: 'iam:GetRole', Resource: 'arn:aws:iam::1:role/r' },
      { Effect: 'Allow', Action: 'iam:PassRole', Resource: 'arn:aws:iam::1:role/r', Condition: condition },
    ]);
  });

  it('refuses a call that no policy can hold', () => {
    const call = Array.from({ length: 60 }, (_, index) => ({
      action: 's3:PutBucketPolicy',
      resource: `arn:aws:s3:::${'x'.repeat(60)}${index}`,
    }));
    expect(() => fencePolicies([call])).toThrow('more permissions than a session policy can hold');
  });
});
