import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/cross-account-access.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  denied,
  healthySnapshot,
  MANAGEMENT,
  OWNER_ID,
  withAccount,
  withBucket,
  withOrganization,
  withPart,
} from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf, healthyStatements, withStatements } from './support.ts';

const ARN = `arn:aws:s3:::${BUCKET}`;
const ORGANIZATION_ID = 'o-acme123456';
const ROLE = 'arn:aws:iam::777777777777:role/auditor';
const allow = (Principal: JsonObject | string, more: JsonObject = {}): JsonObject => ({
  Sid: 'Read',
  Effect: 'Allow',
  Principal,
  Action: ['s3:GetObject', 's3:ListBucket'],
  Resource: [ARN, `${ARN}/*`],
  ...more,
});
const deny = (Condition: JsonObject, more: JsonObject = {}) =>
  allow('*', { Sid: 'Deny', Effect: 'Deny', Action: 's3:*', Condition, ...more });
const inOrganization = { Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION_ID } } };

function withReaders(...statements: JsonObject[]): Snapshot {
  const organization = withOrganization(withAccount(healthySnapshot(), { id: MANAGEMENT }));
  const policy = { Version: '2012-10-17', Statement: [...healthyStatements(), ...statements] };
  return withBucket(organization, { policy });
}

bucketEdges(check, {
  'bucket.policy': {
    action: 's3:GetBucketPolicy',
    edge: 'AccessDenied on GetBucketPolicy: unknown, naming GetBucketPolicy',
  },
});

describe('bucket/cross-account-access', () => {
  it.each<[string, Snapshot, JsonObject, object]>([
    [
      'Root of another account of the estate: fail unless that account is in readers',
      withReaders(allow({ AWS: `arn:aws:iam::${ACCOUNT}:root` })),
      {},
      { reason: `Read lets account ${ACCOUNT} in, who is no reader.` },
    ],
    ['a role of another account', withReaders(allow({ AWS: ROLE })), { readers: [ACCOUNT] }, {}],
    [
      'Principal * limited by aws:PrincipalOrgID: judged as the whole organization, fail unless readers says organization',
      withReaders(allow('*', inOrganization)),
      { readers: [ACCOUNT] },
      { reason: expect.stringContaining(`every account of ${ORGANIZATION_ID}`) },
    ],
    [
      'another organization, whatever readers says of the own one',
      withReaders(allow('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-other00000' } } })),
      { readers: ['organization'] },
      {},
    ],
    [
      'everybody',
      withReaders(allow('*')),
      { readers: ['organization'] },
      { reason: expect.stringContaining('everybody') },
    ],
    [
      'Federated or deleted principal (AIDA or AROA id): fail, naming the id',
      withReaders(allow({ AWS: 'AROAEXAMPLEEXAMPLE123' })),
      {},
      { reason: expect.stringContaining('AROAEXAMPLEEXAMPLE123') },
    ],
    [
      'a federated principal',
      withReaders(allow({ Federated: 'accounts.google.com' })),
      {},
      { reason: expect.stringContaining('accounts.google.com') },
    ],
    ['a service that delivers no logs', withReaders(allow({ Service: 'sagemaker.amazonaws.com' })), {}, {}],
    [
      'NotPrincipal',
      withReaders({ Sid: 'Read', Effect: 'Allow', NotPrincipal: { AWS: ACCOUNT }, Action: 's3:Get*', Resource: '*' }),
      { readers: ['organization'] },
      {},
    ],
    [
      'NotAction and NotResource',
      withReaders({
        Sid: 'Read',
        Effect: 'Allow',
        Principal: { AWS: ROLE },
        NotAction: 's3:Delete*',
        NotResource: 'arn:aws:s3:::x',
      }),
      {},
      {},
    ],
    [
      'a Deny of a part of what is allowed',
      withReaders(allow({ AWS: ROLE }), deny({}, { Action: 's3:ListBucket' })),
      {},
      {},
    ],
    [
      'a Deny that spares somebody who is no reader',
      withReaders(
        allow({ AWS: '777777777777' }),
        deny({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::777777777777:role/other' } }),
      ),
      {},
      {},
    ],
  ])('fails: %s', (_, snapshot, settings, expected) => {
    expect(findingOf(check, snapshot, { settings })).toMatchObject({ verdict: 'fail', fix: 'manual', ...expected });
  });

  it.each<[string, Snapshot, JsonObject]>([
    ['the root of a reader', withReaders(allow({ AWS: `arn:aws:iam::${ACCOUNT}:root` })), { readers: [ACCOUNT] }],
    ['a bare account id', withReaders(allow({ AWS: ACCOUNT })), { readers: [`arn:aws:iam::${ACCOUNT}:root`] }],
    ['a role by name, and by pattern', withReaders(allow({ AWS: ROLE })), { readers: ['arn:aws:iam::*:role/audit*'] }],
    ['the whole organization', withReaders(allow('*', inOrganization)), { readers: ['organization'] }],
    [
      'everybody, cut down to a reader by a condition',
      withReaders(allow('*', { Condition: { ArnLike: { 'aws:PrincipalArn': ROLE } } })),
      { readers: [ROLE] },
    ],
    [
      'everybody, cut down to the accounts of readers',
      withReaders(allow('*', { Condition: { StringEquals: { 'aws:PrincipalAccount': [ACCOUNT, ARCHIVE] } } })),
      { readers: [ACCOUNT] },
    ],
    ['Principal inside the own account: pass here', withReaders(allow({ AWS: `arn:aws:iam::${ARCHIVE}:role/x` })), {}],
    ['the own account, by its canonical id', withReaders(allow({ CanonicalUser: OWNER_ID })), {}],
    [
      'services that deliver logs',
      withReaders(allow({ Service: ['config.amazonaws.com', 'logs.us-east-1.amazonaws.com'] })),
      {},
    ],
    ["CloudTrail's old accounts", withReaders(allow({ AWS: 'arn:aws:iam::086441151436:root' })), {}],
    ['Deny statements are taken into account', withReaders(allow({ AWS: ROLE }), deny({})), {}],
    [
      'a Deny of everybody but the readers',
      withReaders(allow('*', inOrganization), deny({ ArnNotLike: { 'aws:PrincipalArn': ROLE } })),
      { readers: [ROLE] },
    ],
    ['no policy', withBucket(healthySnapshot(), { policy: absent('NoSuchBucketPolicy') }), {}],
  ])('passes: %s', (_, snapshot, settings) => {
    expect(findingOf(check, snapshot, { settings }).verdict).toBe('pass');
  });

  it('Canonical user id: resolved if it can be, otherwise unknown', () => {
    const stranger = withStatements(allow({ CanonicalUser: 'c'.repeat(64) }));
    expect(findingOf(check, stranger)).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('cccc') });
    const own = withStatements(allow({ CanonicalUser: OWNER_ID }));
    expect(findingOf(check, own).verdict).toBe('pass');
    const unread = withPart(own, 'bucket.acl', BUCKET, denied('s3:GetBucketAcl', ARCHIVE));
    expect(findingOf(check, unread).verdict).toBe('unknown');
    expect(findingOf(check, stranger, { settings: { readers: ['c'.repeat(64)] } }).verdict).toBe('pass');
  });

  it('is unknown where the policy is none', () => {
    const snapshot = withBucket(healthySnapshot(), { policy: { Statement: [{ Effect: 'Maybe' }] } });
    expect(findingOf(check, snapshot).verdict).toBe('unknown');
  });

  it('guides to each principal, never to a statement by its Sid alone', () => {
    const fix = fixOf(check, withReaders(allow({ AWS: [ROLE, ACCOUNT] })));
    expect(fix.kind).toBe('manual');
    const text = JSON.stringify(fix);
    expect(text).toContain(`In Read, take ${ROLE} off the principals`);
    expect(text).toContain(`In Read, take account ${ACCOUNT} off the principals`);
    expect(text).toContain('Another statement may have the same Sid');
    expect(text).toContain('--expected-bucket-owner');
  });
});
