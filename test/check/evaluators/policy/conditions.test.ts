import { describe, expect, it } from 'vitest';
import { type Context, evaluateConditions } from '../../../../src/check/evaluators/policy/conditions.ts';
import { variable, withStatements } from './support.ts';

const judge = (Condition: unknown, context: Context) => {
  const { statements, version } = withStatements({ Effect: 'Allow', Action: '*', Resource: '*', Condition });
  return evaluateConditions(statements[0]?.conditions ?? [], context, version);
};

describe('conditions', () => {
  it.each<[string, unknown, Context, string]>([
    ['none', undefined, {}, 'yes'],
    ['StringEquals, one of several', { StringEquals: { k: ['a', 'b'] } }, { k: ['b'] }, 'yes'],
    ['StringEquals, another case', { StringEquals: { k: 'A' } }, { k: ['a'] }, 'no'],
    ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { k: 'A' } }, { k: ['a'] }, 'yes'],
    ['StringEquals, absent', { StringEquals: { k: 'a' } }, { k: [] }, 'no'],
    ['StringEquals, unknown', { StringEquals: { k: 'a' } }, {}, 'maybe'],
    ['StringEquals, listed as unknown', { StringEquals: { k: 'a' } }, { k: undefined }, 'maybe'],
    ['an unknown key beside one that fails', { StringEquals: { k: 'a', l: 'b' } }, { l: ['x'] }, 'no'],
    ['StringEqualsIfExists, absent', { StringEqualsIfExists: { k: 'a' } }, { k: [] }, 'yes'],
    ['StringEqualsIfExists, other', { StringEqualsIfExists: { k: 'a' } }, { k: ['b'] }, 'no'],
    ['StringNotEquals, absent', { StringNotEquals: { k: 'a' } }, { k: [] }, 'yes'],
    ['StringNotEquals, among several', { StringNotEquals: { k: ['a', 'b'] } }, { k: ['b'] }, 'no'],
    ['StringLike', { StringLike: { k: 'a*c?' } }, { k: ['abbcd'] }, 'yes'],
    ['StringNotLike', { StringNotLike: { k: 'a*' } }, { k: ['ab'] }, 'no'],
    ['Bool', { Bool: { k: 'False' } }, { k: ['false'] }, 'yes'],
    ['Null true, absent', { Null: { k: 'true' } }, { k: [] }, 'yes'],
    ['Null false, absent', { Null: { k: false } }, { k: [] }, 'no'],
    ['Null false, present', { Null: { k: 'false' } }, { k: ['x'] }, 'yes'],
    ['NumericLessThan', { NumericLessThan: { k: '1.2' } }, { k: ['1.1'] }, 'yes'],
    ['NumericNotEquals', { NumericNotEquals: { k: '1.0' } }, { k: ['1'] }, 'no'],
    ['DateGreaterThan', { DateGreaterThan: { k: '2026-01-01T00:00:00Z' } }, { k: ['2026-06-01T00:00:00Z'] }, 'yes'],
    ['DateLessThan, seconds', { DateLessThan: { k: '1000' } }, { k: ['1970-01-01T00:16:39Z'] }, 'yes'],
    ['IpAddress', { IpAddress: { k: ['10.0.0.0/8', '192.0.2.1'] } }, { k: ['10.255.0.1'] }, 'yes'],
    ['IpAddress, outside', { IpAddress: { k: '10.0.0.0/9' } }, { k: ['10.128.0.0'] }, 'no'],
    ['IpAddress, IPv6', { IpAddress: { k: '2001:db8::/32' } }, { k: ['2001:DB8:0:1::5'] }, 'yes'],
    ['NotIpAddress, other family', { NotIpAddress: { k: '0.0.0.0/0' } }, { k: ['::1'] }, 'yes'],
    [
      'ArnLike, part by part',
      { ArnLike: { k: 'arn:aws:cloudtrail:*:1:trail/*' } },
      { k: ['arn:aws:cloudtrail:eu-west-1:1:trail/t'] },
      'yes',
    ],
    ['ArnLike, a star stays in its part', { ArnLike: { k: 'arn:aws:s3:*:1:x' } }, { k: ['arn:aws:s3:a:b:1:x'] }, 'no'],
    ['ArnEquals takes wildcards too', { ArnEquals: { k: 'arn:aws:s3:::b*' } }, { k: ['arn:aws:s3:::bucket'] }, 'yes'],
    ['ArnNotEquals', { ArnNotEquals: { k: 'arn:aws:s3:::b' } }, { k: ['arn:aws:s3:::b'] }, 'no'],
    ['ForAnyValue', { 'ForAnyValue:StringEquals': { k: ['a', 'b'] } }, { k: ['x', 'b'] }, 'yes'],
    ['ForAnyValue, absent', { 'ForAnyValue:StringEquals': { k: 'a' } }, { k: [] }, 'no'],
    ['ForAnyValue, negated', { 'ForAnyValue:StringNotEquals': { k: 'a' } }, { k: ['a', 'b'] }, 'yes'],
    ['ForAllValues', { 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, { k: ['a', 'c'] }, 'no'],
    ['ForAllValues, absent', { 'ForAllValues:StringEquals': { k: 'a' } }, { k: [] }, 'yes'],
    ['BinaryEquals', { BinaryEquals: { k: 'QmluYXJ5' } }, { k: ['QmluYXJ5'] }, 'yes'],
    ['an operator we do not know', { StringResembles: { k: 'a' } }, { k: ['a'] }, 'maybe'],
    ['operator in another case', { stringequals: { K: 'a' } }, { k: ['a'] }, 'yes'],
    [
      'a variable',
      { StringEquals: { k: variable('aws:PrincipalAccount') } },
      { k: ['1'], 'aws:principalaccount': ['1'] },
      'yes',
    ],
    ['a variable that is not known', { StringEquals: { k: variable('aws:PrincipalAccount') } }, { k: ['1'] }, 'maybe'],
    [
      'a variable that is absent',
      { StringEquals: { k: variable('aws:username') } },
      { k: ['1'], 'aws:username': [] },
      'no',
    ],
    [
      'a variable with a default',
      { StringEquals: { k: variable("aws:username, 'x'") } },
      { k: ['x'], 'aws:username': [] },
      'yes',
    ],
  ])('%s', (_, Condition, context, expected) => {
    expect(judge(Condition, context)).toBe(expected);
  });
});
