import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/tls-only.ts';
import { policyState } from '../../../src/check/state.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import { ARCHIVE, absent, BUCKET, healthySnapshot, TRAIL_ARN, withBucket } from '../../support/snapshot.ts';
import { bucketPolicies } from './arbitraries.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf, healthyStatements, onlyChange, planOf, putDocument } from './support.ts';

const ARN = `arn:aws:s3:::${BUCKET}`;
const others = healthyStatements().filter(({ Sid }) => Sid !== 'TlsOnly');
const deny = (more: JsonObject = {}): JsonObject => ({
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [ARN, `${ARN}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  ...more,
});
function without(member: string): JsonObject {
  return Object.fromEntries(Object.entries(deny()).filter(([name]) => name !== member));
}

function withDeny(...statements: JsonObject[]): Snapshot {
  return withBucket(healthySnapshot(), { policy: { Version: '2012-10-17', Statement: [...others, ...statements] } });
}

bucketEdges(check, {
  'bucket.policy': {
    action: 's3:GetBucketPolicy',
    edge: 'AccessDenied on GetBucketPolicy: unknown, naming GetBucketPolicy',
  },
});

describe('bucket/tls-only', () => {
  it.each<[string, Snapshot]>([
    ['Deny on the objects only, or on the bucket only: fail (objects)', withDeny(deny({ Resource: `${ARN}/*` }))],
    ['on the bucket only', withDeny(deny({ Resource: ARN }))],
    ['on the log files only', withDeny(deny({ Resource: [ARN, `${ARN}/AWSLogs/*`] }))],
    ['Deny for some actions only: fail', withDeny(deny({ Action: ['s3:Get*', 's3:PutObject'] }))],
    [
      'NotPrincipal: somebody is left out',
      withDeny({ ...without('Principal'), NotPrincipal: { AWS: 'arn:aws:iam::111111111111:role/x' } }),
    ],
    ['one principal', withDeny(deny({ Principal: { AWS: '111111111111' } }))],
    [
      'a condition that spares some',
      withDeny(deny({ Condition: { Bool: { 'aws:SecureTransport': 'false', 'aws:PrincipalIsAWSService': 'false' } } })),
    ],
    ['the wrong value', withDeny(deny({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }))],
    ['an Allow over TLS', withDeny(deny({ Effect: 'Allow', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }))],
    ['nothing about TLS', withDeny()],
    ['No policy: fail', withBucket(healthySnapshot(), { policy: absent('NoSuchBucketPolicy') })],
  ])('fails: %s', (_, snapshot) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', fix: 'auto' });
  });

  it.each<[string, Snapshot]>([
    ['Principal * and {AWS: *} are the same; NotPrincipal does not count', withDeny(deny({ Principal: { AWS: '*' } }))],
    [
      'Bool and BoolIfExists both count',
      withDeny(deny({ Condition: { BoolIfExists: { 'AWS:SecureTransport': false } } })),
    ],
    [
      'Demand of a minimum TLS version through s3:TlsVersion for everybody: pass',
      withDeny(deny({ Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } })),
    ],
    [
      'two statements that together do',
      withDeny(deny({ Resource: ARN }), deny({ Sid: 'B', Action: '*', Resource: `${ARN}/*` })),
    ],
    ['every resource', withDeny(deny({ Resource: '*' }))],
    ['every action but those of another service', withDeny({ ...without('Action'), NotAction: 'iam:*' })],
  ])('passes: %s', (_, snapshot) => {
    expect(findingOf(check, snapshot).verdict).toBe('pass');
  });

  it('is unknown where the policy is none', () => {
    const snapshot = withBucket(healthySnapshot(), { policy: { Statement: [{ Effect: 'Maybe' }] } });
    expect(findingOf(check, snapshot).verdict).toBe('unknown');
  });

  describe('fix', () => {
    it('adds one Deny, and leaves every statement as it was read', () => {
      const plan = planOf(check, withDeny());
      const change = onlyChange(plan);
      expect(putDocument(change).Statement).toEqual([...others, deny()]);
      expect(change).toMatchObject({
        account: ARCHIVE,
        operation: 's3:PutBucketPolicy',
        input: { Bucket: BUCKET, ExpectedBucketOwner: ARCHIVE },
        undo: { operation: 's3:PutBucketPolicy', automatic: true },
      });
      expect(change.undo?.input.Policy).toBe(JSON.stringify({ Version: '2012-10-17', Statement: others }));
      expect(plan).toMatchObject({ class: 'auto', risk: 'safe', reversible: 'yes', watchDelivery: [TRAIL_ARN] });
    });

    it('never takes the place of a statement that happens to have the same Sid', () => {
      const namesake = deny({ Action: 's3:DeleteObject', Condition: {} });
      const { Statement } = putDocument(onlyChange(planOf(check, withDeny(namesake))));
      expect(Statement).toEqual([...others, namesake, { ...deny(), Sid: 'TlsOnly2' }]);
    });

    it('never writes NotPrincipal', () => {
      expect(JSON.stringify(planOf(check, withDeny()))).not.toContain('NotPrincipal');
    });

    it('makes a policy where there is none, and deletes it again', () => {
      const snapshot = withBucket(healthySnapshot(), { policy: absent('NoSuchBucketPolicy') });
      expect(onlyChange(planOf(check, snapshot))).toMatchObject({
        expect: null,
        undo: { operation: 's3:DeleteBucketPolicy', input: { Bucket: BUCKET, ExpectedBucketOwner: ARCHIVE } },
      });
    });

    it('guides where the policy names somebody who no longer exists', () => {
      const dead = { ...deny(), Sid: 'Gone', Action: 's3:GetObject', Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' } };
      expect(findingOf(check, withDeny(dead)).fix).toBe('manual');
      expect(fixOf(check, withDeny(dead)).kind).toBe('manual');
    });

    it('is not offered where the policy would grow beyond 20 KB', () => {
      const long = Array.from({ length: 180 }, (_, index) => `${ARN}/${'x'.repeat(100)}${index}`);
      const snapshot = withDeny(deny({ Sid: 'Long', Action: 's3:DeleteObject', Resource: long }));
      expect(fixOf(check, snapshot)).toMatchObject({ kind: 'blocked', reason: expect.stringContaining('bytes') });
    });
  });

  describe('fix, over any policy', () => {
    it('keeps every statement as it was read, is done after one run, and goes back', () => {
      fc.assert(
        fc.property(bucketPolicies, (statements) => {
          const before = { Version: '2012-10-17', Id: 'kept', Statement: [...others, ...statements] };
          const snapshot = withBucket(healthySnapshot(), { policy: before });
          const finding = findingOf(check, snapshot);
          if (finding.verdict !== 'fail') return;
          const change = onlyChange(planOf(check, snapshot));
          const after = putDocument(change);
          expect(after).toMatchObject({ Version: '2012-10-17', Id: 'kept' });
          expect(after.Statement.slice(0, -1)).toEqual(before.Statement);
          expect(after.Statement.at(-1)).toMatchObject({ Effect: 'Deny', Principal: '*' });
          const sids = after.Statement.flatMap(({ Sid }) => Sid ?? []);
          expect(sids.filter((sid) => sid === after.Statement.at(-1)?.Sid)).toHaveLength(1);
          expect(findingOf(check, withBucket(snapshot, { policy: { ...after } })).verdict).toBe('pass');
          expect(change.undo?.input.Policy).toBe(JSON.stringify(before));
          expect(policyState(change.undo?.input.Policy)).toEqual(change.expect);
        }),
        { numRuns: 200 },
      );
    });
  });
});
