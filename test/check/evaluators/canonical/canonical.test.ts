import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  canonicalLifecycle,
  canonicalPolicy,
  canonicalSelectors,
  sameDocument,
  sha256Hex,
} from '../../../../src/check/evaluators/canonical.ts';
import { policies, selectorSets } from '../arbitraries.ts';

describe('canonicalJson', () => {
  it('does not depend on the order of keys, and leaves undefined out', () => {
    expect(canonicalJson({ b: 1, a: { d: [2, 1], c: undefined } })).toBe('{"a":{"d":[2,1]},"b":1}');
  });

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is what is hashed', () => {
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

describe('canonicalPolicy', () => {
  const written = {
    Version: '2012-10-17',
    Id: '',
    Statement: {
      Sid: '',
      Effect: 'Allow',
      Principal: { AWS: ['111111111111', 'arn:aws:iam::222222222222:root'] },
      Action: ['s3:PutObject', 's3:GetObject'],
      Resource: 'arn:aws:s3:::b/*',
      Condition: { StringEquals: { 'AWS:SourceArn': 'x' }, Bool: { 'aws:SecureTransport': true }, StringLike: {} },
    },
  };
  const asRead = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::111111111111:root'] },
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: ['arn:aws:s3:::b/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:SourceArn': ['x'] } },
      },
    ],
  };

  it('sees through the ways in which AWS rewrites a policy', () => {
    expect(sameDocument<unknown>(written, JSON.stringify(asRead), canonicalPolicy)).toBe(true);
  });

  it.each([
    ['another action', { Action: 's3:GetObject' }],
    ['a Sid', { Sid: 'One' }],
    ['another effect', { Effect: 'Deny' }],
    ['Action as NotAction', { Action: undefined, NotAction: ['s3:PutObject', 's3:GetObject'] }],
    ['a condition less', { Condition: { StringEquals: { 'AWS:SourceArn': 'x' } } }],
    [
      'a condition if it exists',
      { Condition: { ...written.Statement.Condition, Bool: { 'aws:SecureTransport': 'false' } } },
    ],
  ])('tells apart: %s', (_, change) => {
    const other = { ...written, Statement: { ...written.Statement, ...change } };
    expect(sameDocument<unknown>(written, other, canonicalPolicy)).toBe(false);
  });

  it('takes * and {AWS: *} for the same', () => {
    const everyone = { ...written, Statement: { ...written.Statement, Principal: '*' } };
    const listed = { ...written, Statement: { ...written.Statement, Principal: { AWS: ['*'] } } };
    expect(sameDocument<unknown>(everyone, listed, canonicalPolicy)).toBe(true);
  });

  it('compares what is no policy as text', () => {
    expect(canonicalPolicy('{')).toEqual({ text: '{' });
    expect(sameDocument<unknown>('{', '{ ', canonicalPolicy)).toBe(false);
  });

  it('is idempotent, and blind to order and to one-element lists', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const canonical = canonicalPolicy(policy);
        expect(canonicalPolicy(canonical)).toEqual(canonical);
        expect(canonicalPolicy(JSON.stringify(shuffled(policy)))).toEqual(canonical);
      }),
    );
  });
});

describe('canonicalSelectors', () => {
  it('takes no selectors for the default set, as GetEventSelectors shows it', () => {
    const shown = { eventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [] }] };
    expect(sameDocument({}, shown, canonicalSelectors)).toBe(true);
    expect(sameDocument({ eventSelectors: [], advancedEventSelectors: [] }, shown, canonicalSelectors)).toBe(true);
  });

  it('keeps what narrows', () => {
    const of = (values: readonly string[]) => ({
      advancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventName', NotEquals: values }] }],
    });
    expect(sameDocument(of(['a', 'b']), of(['b', 'a']), canonicalSelectors)).toBe(true);
    expect(sameDocument(of(['a', 'b']), of(['a']), canonicalSelectors)).toBe(false);
  });

  it('is idempotent and blind to order', () => {
    fc.assert(
      fc.property(selectorSets, (set) => {
        const canonical = canonicalSelectors(set);
        expect(canonicalSelectors(canonical)).toEqual(canonical);
        expect(canonicalSelectors(shuffled(set))).toEqual(canonical);
      }),
    );
  });
});

describe('canonicalLifecycle', () => {
  const rule = { ID: 'a', Status: 'Enabled', Transitions: [{ Days: 365, StorageClass: 'GLACIER_IR' }] };

  it.each([
    ['the old prefix and a filter', { ...rule, Prefix: 'p/' }, { ...rule, Filter: { Prefix: 'p/' } }],
    ['no filter and an empty one', { ...rule, Filter: {} }, { ...rule, Filter: { Prefix: '' } }],
    [
      'one tag alone and in And',
      { ...rule, Filter: { Tag: { Key: 'k', Value: 'v' } } },
      { ...rule, Filter: { And: { Tags: [{ Value: 'v', Key: 'k' }] } } },
    ],
    [
      'a false flag and none',
      { ...rule, Filter: {}, Expiration: { Days: 9, ExpiredObjectDeleteMarker: false } },
      { ...rule, Filter: {}, Expiration: { Days: 9 }, NoncurrentVersionTransitions: [] },
    ],
  ])('takes for the same: %s', (_, a, b) => {
    expect(sameDocument<unknown>({ Rules: [a] }, { Rules: [b] }, canonicalLifecycle)).toBe(true);
  });

  it('tells rules apart by filter, days and status', () => {
    const base = { Rules: [{ ...rule, Filter: { Prefix: 'p/' } }] };
    for (const change of [{ Filter: { Prefix: 'q/' } }, { Status: 'Disabled' }, { Transitions: [] }]) {
      expect(sameDocument<unknown>(base, { Rules: [{ ...base.Rules[0], ...change }] }, canonicalLifecycle)).toBe(false);
    }
  });

  it('is idempotent, blind to the order of rules, and takes none for no rules', () => {
    const other = { ...rule, ID: 'b', Filter: { And: { Prefix: 'x', Tags: [{ Key: 'k', Value: 'v' }] } } };
    const canonical = canonicalLifecycle({ Rules: [rule, other] });
    expect(canonicalLifecycle(canonical)).toEqual(canonical);
    expect(canonicalLifecycle({ Rules: [other, rule] })).toEqual(canonical);
    expect(canonicalLifecycle(undefined)).toEqual(canonicalLifecycle({ Rules: [] }));
  });
});

/** Every list reversed: all lists in these documents are sets. */
function shuffled<T>(value: T): T;
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled).reverse();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, shuffled(item)])
      .reverse(),
  );
}
