import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/deletion-resistance.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  healthySnapshot,
  MANAGEMENT,
  OWNER_ID,
  withAccount,
  withBucket,
  withOrganization,
} from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf, healthyStatements, withStatements } from './support.ts';

const ARN = `arn:aws:s3:::${BUCKET}`;
const ROLE = 'arn:aws:iam::777777777777:role/cleaner';
const ADMINS = ['arn:aws:iam::222222222222:role/admin', 'arn:aws:iam::222222222222:role/second'];
const allow = (Action: string | string[], more: JsonObject = {}): JsonObject => ({
  Sid: 'Clean',
  Effect: 'Allow',
  Principal: { AWS: ROLE },
  Action,
  Resource: [ARN, `${ARN}/*`],
  ...more,
});
const deny = (Condition: JsonObject = {}, more: JsonObject = {}): JsonObject =>
  allow(['s3:Delete*', 's3:Put*', 's3:Bypass*'], { Sid: 'Keep', Effect: 'Deny', Principal: '*', Condition, ...more });
const butFor = (arns: string[]) => deny({ ArnNotLike: { 'aws:PrincipalArn': arns } });
const ofOrganization = { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-acme123456' } } };

function organized(...statements: JsonObject[]): Snapshot {
  const snapshot = withOrganization(withAccount(healthySnapshot(), { id: MANAGEMENT }));
  return withBucket(snapshot, {
    policy: { Version: '2012-10-17', Statement: [...healthyStatements(), ...statements] },
  });
}

bucketEdges(check, {
  'bucket.policy': {
    action: 's3:GetBucketPolicy',
    edge: 'AccessDenied on GetBucketPolicy: unknown, naming GetBucketPolicy',
  },
});

describe('bucket/deletion-resistance', () => {
  it.each<[string, Snapshot, JsonObject, object]>([
    ['one action', withStatements(allow('s3:DeleteObject')), {}, { reason: `Clean lets ${ROLE} do s3:DeleteObject.` }],
    ['Action s3:* or s3:Delete* or s3:Put* with a wildcard: covers', withStatements(allow('s3:Delete*')), {}, {}],
    ['every action', withStatements(allow('s3:*')), {}, { reason: expect.stringContaining('and 14 more') }],
    ['every Put', withStatements(allow('s3:Put*', { Resource: ARN })), {}, {}],
    [
      'all but reading',
      withStatements({
        Sid: 'Clean',
        Effect: 'Allow',
        Principal: { AWS: ROLE },
        NotAction: 's3:Get*',
        Resource: `${ARN}/*`,
      }),
      {},
      {},
    ],
    [
      'BypassGovernanceRetention granted: fail',
      withStatements(allow('s3:BypassGovernanceRetention')),
      {},
      { reason: expect.stringContaining('s3:BypassGovernanceRetention') },
    ],
    ['the lifecycle', withStatements(allow('s3:PutLifecycleConfiguration')), {}, {}],
    [
      'one folder of the logs',
      withStatements(allow('s3:DeleteObject', { Resource: `${ARN}/AWSLogs/${ACCOUNT}/CloudTrail/*` })),
      {},
      {},
    ],
    ['another account as a whole', withStatements(allow('s3:*', { Principal: { AWS: '777777777777' } })), {}, {}],
    [
      'a role of the own account, by name',
      withStatements(allow('s3:DeleteObject', { Principal: { AWS: `arn:aws:iam::${ARCHIVE}:role/x` } })),
      {},
      {},
    ],
    ['everybody', withStatements(allow('s3:DeleteObject', { Principal: '*' })), {}, {}],
    ['the whole organization', organized(allow('s3:DeleteObject', ofOrganization)), {}, {}],
    [
      'NotPrincipal',
      withStatements({
        Sid: 'Clean',
        Effect: 'Allow',
        NotPrincipal: { AWS: ROLE },
        Action: 's3:DeleteObject',
        Resource: '*',
      }),
      {},
      {},
    ],
    [
      'a canonical id of somebody',
      withStatements(allow('s3:DeleteObject', { Principal: { CanonicalUser: 'c'.repeat(64) } })),
      {},
      {},
    ],
    [
      'a Deny that spares somebody who is not meant to',
      withStatements(allow('s3:DeleteObject', { Principal: { AWS: '777777777777' } }), butFor([ROLE])),
      {},
      {},
    ],
    ['a Deny of bucket settings only', withStatements(allow('s3:*'), deny({}, { Resource: ARN })), {}, {}],
    [
      'require_deny: no Deny',
      withStatements(),
      { require_deny: true },
      { reason: expect.stringContaining(`account ${ARCHIVE}`) },
    ],
    [
      'require_deny: no policy',
      withBucket(healthySnapshot(), { policy: absent('NoSuchBucketPolicy') }),
      { require_deny: true },
      {},
    ],
    [
      'require_deny: a Deny that spares a principal of the own account who is not meant to',
      withStatements(butFor([...ADMINS])),
      { require_deny: true, allowed_principals: ADMINS.slice(0, 1) },
      {},
    ],
    [
      'require_deny: a Deny of deletions only',
      withStatements(deny({}, { Action: 's3:Delete*' })),
      { require_deny: true },
      {},
    ],
  ])('fails: %s', (_, snapshot, settings, expected) => {
    expect(findingOf(check, snapshot, { settings })).toMatchObject({ verdict: 'fail', fix: 'manual', ...expected });
  });

  it.each<[string, Snapshot, JsonObject]>([
    ['readers', withStatements(allow(['s3:GetObject', 's3:List*'])), {}],
    [
      'Allow limited to a prefix outside the log paths: pass',
      withStatements(allow('s3:DeleteObject', { Resource: `${ARN}/reports/*` })),
      {},
    ],
    [
      'Principal is the root of the own account: pass (identity policies decide), unless require_deny',
      withStatements(allow('s3:*', { Principal: { AWS: `arn:aws:iam::${ARCHIVE}:root` } })),
      {},
    ],
    [
      'the own account by its canonical id',
      withStatements(allow('s3:*', { Principal: { CanonicalUser: OWNER_ID } })),
      {},
    ],
    ['who is meant to', withStatements(allow('s3:*')), { allowed_principals: [ROLE] }],
    [
      'who is meant to, by pattern',
      withStatements(allow('s3:*')),
      { allowed_principals: ['arn:aws:iam::777777777777:role/*'] },
    ],
    [
      'Deny with an exception for allowed_principals: pass',
      withStatements(allow('s3:*', { Principal: { AWS: '777777777777' } }), butFor([ROLE])),
      { allowed_principals: [ROLE] },
    ],
    [
      'everybody, with such a Deny',
      organized(allow('s3:*', ofOrganization), butFor(ADMINS)),
      { allowed_principals: ADMINS },
    ],
    ['a Deny for the role alone', withStatements(allow('s3:*'), deny({}, { Principal: { AWS: ROLE } })), {}],
    [
      'a service, which only does what it is made to',
      withStatements(allow('s3:*', { Principal: { Service: 'cloudtrail.amazonaws.com' } })),
      {},
    ],
    ['who was deleted', withStatements(allow('s3:*', { Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' } })), {}],
    ['no policy', withBucket(healthySnapshot(), { policy: absent('NoSuchBucketPolicy') }), {}],
    ['require_deny: a Deny of everybody', withStatements(deny()), { require_deny: true }],
    [
      'require_deny: a Deny but for those who are meant to',
      withStatements(butFor(ADMINS)),
      { require_deny: true, allowed_principals: ADMINS },
    ],
  ])('passes: %s', (_, snapshot, settings) => {
    expect(findingOf(check, snapshot, { settings }).verdict).toBe('pass');
  });

  it('is not content with the root of the own account where a Deny is asked for', () => {
    const snapshot = withStatements(allow('s3:*', { Principal: { AWS: ARCHIVE } }));
    expect(findingOf(check, snapshot, { settings: { require_deny: true } }).verdict).toBe('fail');
  });

  it('is unknown where the policy is none', () => {
    const snapshot = withBucket(healthySnapshot(), { policy: { Statement: [{ Effect: 'Maybe' }] } });
    expect(findingOf(check, snapshot).verdict).toBe('unknown');
  });

  describe('guidance', () => {
    it('names what to take from whom', () => {
      const text = JSON.stringify(fixOf(check, withStatements(allow(['s3:GetObject', 's3:DeleteObject']))));
      expect(text).toContain(`In Clean, name the actions that ${ROLE} needs`);
      expect(text).toContain('none of s3:DeleteObject');
      expect(text).toContain('--expected-bucket-owner');
    });

    it('gives no Deny that would leave fewer than two who can take it away again', () => {
      const settings = { require_deny: true, allowed_principals: ADMINS.slice(0, 1) };
      const text = JSON.stringify(fixOf(check, withStatements(), { settings }));
      expect(text).toContain('at least two');
      expect(text).not.toContain('KeepLogs');
    });

    it('gives a Deny that spares them and AWS services, and that the check passes', () => {
      const settings = { require_deny: true, allowed_principals: ADMINS };
      const fix = fixOf(check, withStatements(), { settings });
      const step = fix.kind === 'manual' ? fix.steps.find(({ text }) => text.includes('KeepLogs')) : undefined;
      expect(step?.terraform).toContain('aws:PrincipalIsAWSService');
      const statement = JSON.parse(step?.text.slice(step.text.indexOf('{')) ?? '{}');
      expect(statement.Condition.Bool).toEqual({ 'aws:PrincipalIsAWSService': 'false' });
      expect(findingOf(check, withStatements(statement), { settings }).verdict).toBe('pass');
    });
  });
});
