import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/confused-deputy.ts';
import deliveryCheck from '../../../checks/bucket/delivery-policy.ts';
import { cloudTrailContext } from '../../../src/check/evaluators/policy/contexts.ts';
import { decide, type Request } from '../../../src/check/evaluators/policy/decide.ts';
import { isPolicyError, parsePolicy } from '../../../src/check/evaluators/policy/parse.ts';
import { policyState } from '../../../src/check/state.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  denied,
  healthySnapshot,
  MANAGEMENT,
  TRAIL_ARN,
  withAccount,
  withBucket,
  withOrganization,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { bucketPolicies } from './arbitraries.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf, healthyStatements, onlyChange, planOf, putDocument } from './support.ts';

const ARN = `arn:aws:s3:::${BUCKET}`;
const CLOUDTRAIL = { Service: 'cloudtrail.amazonaws.com' };
const ORGANIZATION_ID = 'o-acme123456';
const STRANGER = 'arn:aws:cloudtrail:us-east-1:999999999999:trail/x';

const write = (Condition: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  Sid: 'Write',
  Effect: 'Allow',
  Principal: CLOUDTRAIL,
  Action: 's3:PutObject',
  Resource: `${ARN}/AWSLogs/${ACCOUNT}/*`,
  Condition,
  ...more,
});
const equals = (keys: JsonObject) => ({ StringEquals: keys });
const acl = (Condition: JsonObject = {}): JsonObject =>
  write(Condition, { Sid: 'AclCheck', Action: 's3:GetBucketAcl', Resource: ARN });
const tls = healthyStatements().find(({ Sid }) => Sid === 'TlsOnly') ?? {};

function withPolicy(statements: JsonObject[], snapshot = healthySnapshot()): Snapshot {
  return withBucket(snapshot, { policy: { Version: '2012-10-17', Statement: statements } });
}
const withWrite = (Condition: JsonObject, more: JsonObject = {}) =>
  withPolicy([acl(equals({ 'aws:SourceArn': TRAIL_ARN })), write(Condition, more)]);
const inOrganization = (snapshot: Snapshot) => withOrganization(withAccount(snapshot, { id: MANAGEMENT }));
const organizationTrail = withTrail(
  { ...inOrganization(healthySnapshot()), trail: {} },
  { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true },
);
const ORG_TRAIL_ARN = `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:trail/org`;

bucketEdges(check, {
  'bucket.policy': {
    action: 's3:GetBucketPolicy',
    edge: 'AccessDenied on GetBucketPolicy: unknown, naming GetBucketPolicy',
  },
});

describe('bucket/confused-deputy', () => {
  it.each<[string, Snapshot, object]>([
    ['no condition', withWrite({}), { reason: "Write lets CloudTrail write for anybody's trail." }],
    ['a header is no source', withWrite(equals({ 's3:x-amz-acl': 'bucket-owner-full-control' })), {}],
    [
      'SourceArn of an account outside the estate: fail, naming it',
      withWrite(equals({ 'aws:SourceArn': [TRAIL_ARN, STRANGER] })),
      { reason: `Write lets CloudTrail write for what is outside the estate: ${STRANGER}.` },
    ],
    ['SourceAccount outside the estate', withWrite(equals({ 'aws:SourceAccount': '999999999999' })), {}],
    [
      'another organization',
      withPolicy([write(equals({ 'aws:SourceOrgID': 'o-other' }))], inOrganization(healthySnapshot())),
      {},
    ],
    [
      'an account left open by a wildcard',
      withWrite({ ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:*:trail/audit' } }),
      {},
    ],
    ['a condition that holds without the key', withWrite({ StringEqualsIfExists: { 'aws:SourceArn': STRANGER } }), {}],
    ['a negation', withWrite({ StringNotEquals: { 'aws:SourceAccount': '999999999999' } }), {}],
    [
      'Principal is a list of services: judged for CloudTrail',
      withWrite({}, { Principal: { Service: ['config.amazonaws.com', 'cloudtrail.amazonaws.com'] } }),
      {},
    ],
    ['every action', withWrite({}, { Action: 's3:*', Resource: [ARN, `${ARN}/AWSLogs/${ACCOUNT}/*`] }), {}],
  ])('fails: %s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', fix: 'auto-second-approver', ...expected });
  });

  it('fails by what the settings accept', () => {
    const snapshot = withWrite(equals({ 'aws:SourceAccount': ACCOUNT }));
    expect(findingOf(check, snapshot).verdict).toBe('pass');
    expect(findingOf(check, snapshot, { settings: { accept: ['aws:SourceArn'] } }).verdict).toBe('fail');
  });

  const guard = {
    Sid: 'Strangers',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [ARN, `${ARN}/*`],
    Condition: {
      StringNotEqualsIfExists: { 'aws:SourceOrgID': ORGANIZATION_ID },
      Bool: { 'aws:PrincipalIsAWSService': 'true' },
    },
  };

  it('fails where a Deny of strangers spares the very one who is named', () => {
    const spares = { ...guard, Condition: { StringNotEquals: { 'aws:SourceAccount': [ACCOUNT, '999999999999'] } } };
    const named = (account: string) => write(equals({ 'aws:SourceAccount': account }));
    expect(findingOf(check, withPolicy([named('999999999999'), spares])).verdict).toBe('fail');
    expect(findingOf(check, withPolicy([named('888888888888'), spares])).verdict).toBe('pass');
  });

  it.each<[string, Snapshot, object]>([
    [
      'AclCheck statement without a condition, Write statement with one: fail only where it can write, so this is a note',
      withPolicy([acl(), write(equals({ 'aws:SourceArn': TRAIL_ARN }))]),
      { notes: [expect.stringContaining('AclCheck')] },
    ],
    [
      'Condition key in another case (AWS:SourceArn): the same key',
      withWrite({ stringequals: { 'AWS:SourceArn': TRAIL_ARN } }),
      { notes: [] },
    ],
    [
      'SourceArn of a trail deleted since: pass with a note',
      withWrite(equals({ 'aws:SourceArn': [TRAIL_ARN, `${TRAIL_ARN}-old`] })),
      { notes: [`${TRAIL_ARN}-old is named and no longer exists.`] },
    ],
    [
      'aws:SourceOrgID of the own organization (Control Tower writes it): pass',
      withPolicy([write(equals({ 'aws:SourceOrgID': ORGANIZATION_ID }))], inOrganization(healthySnapshot())),
      {},
    ],
    [
      'Organization trail: the ARN carries the management account id',
      withPolicy([write(equals({ 'aws:SourceArn': ORG_TRAIL_ARN }))], organizationTrail),
      {},
    ],
    [
      'one good condition beside a foreign one',
      withWrite(equals({ 'aws:SourceArn': TRAIL_ARN, 'aws:SourceAccount': ['999999999999', ACCOUNT] })),
      {},
    ],
    [
      'any trail of an account of the estate',
      withWrite({ ArnLike: { 'aws:SourceArn': `arn:aws:cloudtrail:*:${ACCOUNT}:trail/*` } }),
      {},
    ],
    [
      'a Deny that keeps strangers out',
      withPolicy([write(), guard], inOrganization(healthySnapshot())),
      { notes: [expect.stringContaining('A Deny')] },
    ],
  ])('passes: %s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'pass', ...expected });
  });

  it.each<[string, Snapshot]>([
    ['No CloudTrail statement: not-applicable, bucket/delivery-policy fails', withPolicy([tls])],
    ['no policy at all', withBucket(healthySnapshot(), { policy: absent('NoSuchBucketPolicy') })],
  ])('%s', (_, snapshot) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'not-applicable', cause: 'bucket/delivery-policy' });
  });

  it('is unknown where the accounts of the organization could not be listed', () => {
    const snapshot = withPart(
      withPolicy([write(equals({ 'aws:SourceAccount': '888888888888' }))], inOrganization(healthySnapshot())),
      'organization.accounts',
      'organization',
      denied('organizations:ListAccounts', MANAGEMENT),
    );
    expect(findingOf(check, snapshot)).toMatchObject({
      verdict: 'unknown',
      missingPermission: 'organizations:ListAccounts',
    });
  });

  describe('fix', () => {
    it('names every trail that delivers here, and leaves every other statement as it was read', () => {
      const shared = withTrail(healthySnapshot(), { name: 'other' });
      const statements = [tls, acl(), write({ StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } })];
      const plan = planOf(check, withPolicy(statements, shared), { with: [deliveryCheck] });
      const change = onlyChange(plan);
      expect(putDocument(change).Statement).toEqual([
        tls,
        acl(),
        write({
          StringEquals: {
            's3:x-amz-acl': 'bucket-owner-full-control',
            'aws:SourceArn': [TRAIL_ARN, `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/other`],
          },
        }),
      ]);
      expect(change).toMatchObject({
        account: ARCHIVE,
        operation: 's3:PutBucketPolicy',
        input: { ExpectedBucketOwner: ARCHIVE },
        undo: { operation: 's3:PutBucketPolicy', automatic: true },
      });
      expect(change.undo?.input.Policy).toBe(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
      expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'disruptive', reversible: 'yes' });
      expect(plan.watchDelivery).toHaveLength(2);
    });

    it('carries the management account id for an organization trail', () => {
      const paths = [`${ARN}/AWSLogs/${MANAGEMENT}/*`, `${ARN}/AWSLogs/${ORGANIZATION_ID}/*`];
      const snapshot = withPolicy([acl(), write({}, { Resource: paths })], organizationTrail);
      const { Statement } = putDocument(onlyChange(planOf(check, snapshot, { with: [deliveryCheck] })));
      expect(Statement[1]?.Condition).toEqual({ StringEquals: { 'aws:SourceArn': [ORG_TRAIL_ARN] } });
    });

    it('is one put together with the delivery policy that has to be mended first', () => {
      const statements = [tls, write()];
      const plan = planOf(check, withPolicy(statements), { with: [deliveryCheck] });
      const change = onlyChange(plan);
      expect(putDocument(change).Statement).toEqual([
        tls,
        write(equals({ 'aws:SourceArn': [TRAIL_ARN] })),
        expect.objectContaining({ Action: 's3:GetBucketAcl', Condition: equals({ 'aws:SourceArn': TRAIL_ARN }) }),
      ]);
      expect(change.undo?.input.Policy).toBe(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
      expect(plan.findings).toHaveLength(2);
    });

    it('never takes a statement of another trail that has the same Sid', () => {
      const other = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/other`;
      const shared = withTrail(healthySnapshot(), { name: 'other' });
      const namesake = write(equals({ 'aws:SourceArn': other }));
      const snapshot = withPolicy([acl(), namesake, write()], shared);
      const { Statement } = putDocument(onlyChange(planOf(check, snapshot, { with: [deliveryCheck] })));
      expect(Statement[1]).toEqual(namesake);
      expect(Statement[2]?.Condition).toEqual({ StringEquals: { 'aws:SourceArn': [TRAIL_ARN, other] } });
    });

    it('takes out strangers and keeps what is ours in a list that is there', () => {
      const ours = `arn:aws:cloudtrail:*:${ARCHIVE}:trail/*`;
      const snapshot = withWrite({ ArnLike: { 'AWS:SourceArn': [ours, STRANGER] } });
      const { Statement } = putDocument(onlyChange(planOf(check, snapshot, { with: [deliveryCheck] })));
      expect(Statement[1]?.Condition).toEqual({ ArnLike: { 'AWS:SourceArn': [ours, TRAIL_ARN] } });
    });

    it('leaves the others of a shared statement without the condition', () => {
      const both = { AWS: '111111111111', Service: ['config.amazonaws.com', 'cloudtrail.amazonaws.com'] };
      const snapshot = withPolicy([acl(), write({}, { Principal: both })]);
      const { Statement } = putDocument(onlyChange(planOf(check, snapshot, { with: [deliveryCheck] })));
      expect(Statement.slice(1)).toEqual([
        write({}, { Principal: { AWS: '111111111111', Service: ['config.amazonaws.com'] } }),
        write({ StringEquals: { 'aws:SourceArn': [TRAIL_ARN] } }, { Sid: 'WriteCloudTrail' }),
      ]);
    });

    it('never asks for aws:PrincipalOrgID, and writes no wildcard for the account', () => {
      const text = String(onlyChange(planOf(check, withWrite({}), { with: [deliveryCheck] })).input.Policy);
      expect(text).not.toContain('PrincipalOrgID');
      expect(text).not.toMatch(/cloudtrail:[^:]*:\*/);
    });

    const wide = { Resource: `${ARN}/*` };
    it.each<[string, Snapshot, string]>([
      [
        'an account in a path has no known trail',
        withWrite({}, { Resource: [`${ARN}/AWSLogs/${ACCOUNT}/*`, `${ARN}/AWSLogs/${ARCHIVE}/*`] }),
        `account ${ARCHIVE} has no trail`,
      ],
      [
        'an account in a path was not read',
        withWrite({}, { Resource: `${ARN}/AWSLogs/777777777777/*` }),
        'the trails of account 777777777777 were not read',
      ],
      [
        'a path for everybody, and an account that was not read',
        withPart(withWrite({}, wide), 'account.trails', ARCHIVE, denied('cloudtrail:ListTrails', ARCHIVE)),
        `the trails of account ${ARCHIVE} were not read`,
      ],
      [
        'a path for everybody, and members that could not be listed',
        withPart(
          withPolicy([write({}, wide)], inOrganization(healthySnapshot())),
          'organization.accounts',
          'organization',
          denied('organizations:ListAccounts', MANAGEMENT),
        ),
        'could not be listed',
      ],
      [
        'a trail that could not be read',
        withPart(withWrite({}), 'trail', `${TRAIL_ARN}-2`, denied('cloudtrail:GetTrail', ACCOUNT)),
        'could not be read',
      ],
      ['an organization whose trail is not known', withWrite({}, { Resource: `${ARN}/AWSLogs/o-other/*` }), 'o-other'],
      [
        'somebody in the policy who no longer exists',
        withPolicy([acl(), write(), write({}, { Sid: 'Gone', Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' } })]),
        'AROAEXAMPLEEXAMPLE123',
      ],
    ])('is refused: %s', (_, snapshot, word) => {
      expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', fix: 'manual' });
      const fix = fixOf(check, snapshot, { with: [deliveryCheck] });
      expect(fix.kind).toBe('manual');
      expect(JSON.stringify(fix)).toContain(word);
    });

    it('is refused where the settings accept no aws:SourceArn', () => {
      const settings = { accept: ['aws:SourceOrgID'] };
      expect(findingOf(check, withWrite({}), { settings }).fix).toBe('manual');
      expect(fixOf(check, withWrite({}), { settings, with: [deliveryCheck] }).kind).toBe('manual');
    });

    it('reads a path for everybody where every account was read', () => {
      expect(fixOf(check, withWrite({}, wide), { with: [deliveryCheck] }).kind).toBe('plan');
    });
  });

  describe('fix, over any policy', () => {
    const trail = (account: string) => `arn:aws:cloudtrail:us-east-1:${account}:trail/audit`;
    const asked = (principal: Request['principal'], account: string): Request[] =>
      ['s3:PutObject', 's3:GetBucketAcl', 's3:GetObject'].flatMap((action) =>
        [ARN, `${ARN}/AWSLogs/${account}/CloudTrail/x`, `${ARN}/x`].map((resource) => ({
          principal,
          action,
          resource,
          context: cloudTrailContext({
            trailArn: trail(account),
            accountId: account,
            organizationId: null,
            encryption: 'AES256',
          }),
        })),
      );
    const strangers = asked({ service: 'cloudtrail.amazonaws.com' }, '999999999999');
    const others = [
      ...asked({ service: 'config.amazonaws.com' }, ACCOUNT),
      ...asked({ aws: 'arn:aws:iam::777777777777:role/reader' }, ACCOUNT),
      ...asked({ aws: 'arn:aws:iam::222222222222:role/x' }, ACCOUNT),
      ...asked({ anyone: true }, ACCOUNT),
    ];
    const answers = (document: unknown, requests: Request[]) => {
      const policy = parsePolicy(document);
      if (isPolicyError(policy)) throw new Error(policy.problem);
      return requests.map((request) => decide(policy, request).effect);
    };

    it('changes nothing for anybody but CloudTrail, widens nothing for strangers, is done after one run, and goes back', () => {
      let planned = 0;
      fc.assert(
        fc.property(bucketPolicies, (statements) => {
          const before = { Version: '2012-10-17', Statement: [...healthyStatements(), ...statements] };
          const snapshot = withBucket(healthySnapshot(), { policy: before });
          const fix = findingOf(check, snapshot).verdict === 'fail' ? fixOf(check, snapshot) : undefined;
          if (fix?.kind !== 'plan') return;
          planned += 1;
          const change = onlyChange(fix.plan);
          const after = putDocument(change);
          expect(answers(after, others)).toEqual(answers(before, others));
          const [was, is] = [answers(before, strangers), answers(after, strangers)];
          for (const [index, effect] of is.entries()) if (effect === 'allow') expect(was[index]).toBe('allow');
          for (const statement of before.Statement) {
            const names = JSON.stringify(statement.Principal).includes('cloudtrail');
            if (!names || statement.Effect === 'Deny') expect(after.Statement).toContainEqual(statement);
          }
          const applied = withBucket(snapshot, { policy: { ...after } });
          expect(findingOf(check, applied).verdict).toBe('pass');
          expect(findingOf(deliveryCheck, applied).verdict).toBe(findingOf(deliveryCheck, snapshot).verdict);
          expect(change.undo?.input.Policy).toBe(JSON.stringify(before));
          expect(policyState(change.undo?.input.Policy)).toEqual(change.expect);
        }),
        { numRuns: 300 },
      );
      expect(planned).toBeGreaterThan(20);
    });
  });
});
