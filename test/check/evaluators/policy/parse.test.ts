import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../../src/check/evaluators/policy/parse.ts';
import { policyOf } from './support.ts';

const allow = { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' };

describe('parsePolicy', () => {
  it('takes one statement or a list, scalars or lists, text or JSON', () => {
    const one = policyOf({ Version: '2012-10-17', Statement: allow });
    const listed = { ...allow, Principal: { AWS: ['*'] }, Action: ['s3:*'], Resource: ['*'] };
    const many = policyOf(JSON.stringify({ Version: '2012-10-17', Statement: [listed] }));
    const bare = ({ raw: _, ...rest }: object & { raw: unknown }) => rest;
    expect(one.statements.map(bare)).toEqual(many.statements.map(bare));
    expect(one.raw.Statement[0]).toBe(allow);
  });

  it('reads operators apart from their prefix and suffix, and keys in lower case', () => {
    const Condition = {
      'ForAnyValue:StringLikeIfExists': { 'AWS:PrincipalOrgPaths': 'o-1/*' },
      Bool: { 'aws:SecureTransport': false },
    };
    expect(policyOf({ Statement: { ...allow, Condition } }).statements[0]?.conditions).toEqual([
      { operator: 'stringlike', set: 'any', ifExists: true, key: 'aws:principalorgpaths', values: ['o-1/*'] },
      { operator: 'bool', set: undefined, ifExists: false, key: 'aws:securetransport', values: ['false'] },
    ]);
  });

  it.each([
    ['text that is no JSON', '{', 'not JSON'],
    ['a list', [], 'not a JSON object'],
    ['no statement', {}, 'Statement 0 is not'],
    ['an effect in another case', { Statement: { ...allow, Effect: 'allow' } }, 'Effect'],
    ['no action', { Statement: { Effect: 'Allow', Principal: '*', Resource: '*' } }, 'no Action'],
    ['Action and NotAction', { Statement: { ...allow, NotAction: 's3:Get*' } }, 'exclude each other'],
    ['a resource that is an object', { Statement: { ...allow, Resource: {} } }, 'Resource is neither'],
    ['an unknown kind of principal', { Statement: { ...allow, Principal: { Robot: 'x' } } }, 'Robot'],
    ['a condition that is a list', { Statement: { ...allow, Condition: [] } }, 'Condition is not'],
    ['a condition value that is an object', { Statement: { ...allow, Condition: { Bool: { a: {} } } } }, 'Bool a'],
  ])('says what is wrong with %s', (_, input, problem) => {
    expect(parsePolicy(input)).toEqual({ problem: expect.stringContaining(problem) });
  });
});
