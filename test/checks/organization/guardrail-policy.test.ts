import { describe, expect, it } from 'vitest';
import check from '../../../checks/organization/guardrail-policy.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  denied,
  emptySnapshot,
  type GivenPolicy,
  GUARDRAIL,
  MANAGEMENT,
  TRAIL_ARN,
  unreachable,
  withBucket,
  withEventDataStore,
  withKey,
  withOrganization,
  withOrganizationPolicies,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, fixOf } from '../bucket/support.ts';

const OTHER = '444444444444';
const LANDING_ZONE = { ownRoles: ['AWSControlTowerExecution', 'stacksets-exec-*'] };
const GIVEN = {
  estate: { ownRoles: ['trail-check-fixer', ...LANDING_ZONE.ownRoles] },
  settings: { exempt_principals: ['break-glass'] },
};
const ACTIONS = [
  'cloudtrail:StopLogging',
  'cloudtrail:DeleteTrail',
  'cloudtrail:UpdateTrail',
  'cloudtrail:PutEventSelectors',
  'cloudtrail:PutInsightSelectors',
  'cloudtrail:DeleteEventDataStore',
];

/** The management account with the organization trail, two members with trails of their own, the archive. */
function organization(policies: { [id: string]: GivenPolicy }, parents: { [id: string]: string } = {}): Snapshot {
  const accounts = emptySnapshot({ accounts: [MANAGEMENT, ACCOUNT, OTHER, { id: ARCHIVE, inScope: false }] });
  const org = { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true };
  const trails = withTrail(withTrail(withTrail(withOrganization(accounts), org), {}), { owner: OTHER });
  return withOrganizationPolicies(trails, { policies, parents });
}

/** No member owns anything that could be tampered with. */
function nothingOwned(): Snapshot {
  const accounts = emptySnapshot({ accounts: [MANAGEMENT, ACCOUNT] });
  const estate = withOrganization(accounts);
  const org = { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true };
  return withOrganizationPolicies(withTrail(estate, org), { policies: {} });
}

const deny = (more: JsonObject = {}): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: ACTIONS, Resource: '*', ...more }],
});
const root = (content: JsonObject): Snapshot => organization({ 'p-1': { content } });
const except = (...arns: string[]) => deny({ Condition: { ArnNotLike: { 'aws:PrincipalArn': arns } } });
const NONE: { [id: string]: GivenPolicy } = {};

const cases: [string, () => Snapshot, string, JsonObject?, JsonObject?][] = [
  [
    'Deny attached to the root: reaches all members, but never the management account',
    () => root(GUARDRAIL),
    'pass',
    {
      evidence: { enabled: true, protected: [ACCOUNT, OTHER], unprotected: {} },
      notes: [`Policies never reach the management account ${MANAGEMENT}.`],
    },
  ],
  ['Account outside any organization: not-applicable', () => emptySnapshot(), 'not-applicable'],
  [
    'Organizations cannot be read from any account of the estate: unknown, naming the management account',
    () => {
      const part = denied('organizations:DescribeOrganization', ACCOUNT);
      return withPart(emptySnapshot(), 'organization', 'organization', part);
    },
    'unknown',
    { missingPermission: 'organizations:DescribeOrganization', evidence: { managementAccount: ACCOUNT } },
  ],
  [
    'Service control policies not enabled: fail',
    () => withOrganizationPolicies(organization(NONE), { enabled: false, policies: {} }),
    'fail',
    { reason: 'Service control policies are not enabled in the organization.', fix: 'manual' },
  ],
  [
    'no policy',
    () => organization(NONE),
    'fail',
    { reason: `2 of 2 members are not protected: ${ACCOUNT}, ${OTHER}.` },
  ],
  [
    'Deny attached to some organizational units: fail, listing the members it does not reach',
    () =>
      organization(
        { 'p-1': { content: GUARDRAIL, targets: ['ou-work'] } },
        { [ACCOUNT]: 'ou-work', 'ou-work': 'r-acme' },
      ),
    'fail',
    { reason: `1 of 2 members is not protected: ${OTHER}.`, evidence: { protected: [ACCOUNT] } },
  ],
  [
    'a unit above the unit of a member counts, and so does the member itself',
    () =>
      organization(
        { 'p-1': { content: GUARDRAIL, targets: ['ou-top'] }, 'p-2': { content: GUARDRAIL, targets: [OTHER] } },
        { [ACCOUNT]: 'ou-below', 'ou-below': 'ou-top', 'ou-top': 'r-acme' },
      ),
    'pass',
  ],
  [
    'Deny with an exception by aws:PrincipalArn: pass if the exception stays within exempt_principals',
    () => root(except('arn:aws:iam::*:role/break-glass')),
    'pass',
    {},
    { exempt_principals: ['break-glass'] },
  ],
  [
    'an exception by aws:PrincipalArn that goes beyond exempt_principals',
    () => root(except('arn:aws:iam::*:role/break-glass', 'arn:aws:iam::*:role/Admin*')),
    'fail',
    {
      evidence: {
        unprotected: {
          [ACCOUNT]: expect.arrayContaining([`cloudtrail:StopLogging on ${TRAIL_ARN}, by arn:aws:iam::*:role/Admin*`]),
        },
      },
    },
    { exempt_principals: ['break-glass'] },
  ],
  [
    'an exception that another policy takes back',
    () => organization({ 'p-1': { content: except('arn:aws:iam::*:role/Admin*') }, 'p-2': { content: deny() } }),
    'pass',
  ],
  [
    'an exception by ARN within an exempt pattern of ARNs',
    () => root(except(`arn:aws:iam::${ACCOUNT}:role/ops/deploy`)),
    'pass',
    {},
    { exempt_principals: ['arn:aws:iam::*:role/ops/*'] },
  ],
  [
    'an exception by anything else spares whoever meets it',
    () => root(deny({ Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'security' } } })),
    'fail',
  ],
  [
    'a deny for some principals only',
    () => root(deny({ Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/dev-*' } } })),
    'fail',
  ],
  [
    'Deny by NotAction or with wildcards: evaluated, not compared as text (NotAction)',
    () => {
      const { Action: _, ...rest } = { Action: '', Effect: 'Deny', Resource: '*', NotAction: ['ec2:*', 's3:*'] };
      return root({ Version: '2012-10-17', Statement: [rest] });
    },
    'pass',
  ],
  [
    'by wildcards',
    () => root(deny({ Action: ['cloudtrail:Stop*', 'cloudtrail:De*', 'cloudtrail:Up*', 'CloudTrail:Put*'] })),
    'pass',
  ],
  ['by wildcards that leave one out', () => root(deny({ Action: ['cloudtrail:Stop*', 'cloudtrail:De*'] })), 'fail'],
  [
    'Deny limited to the resource of one trail: protects that trail only',
    () => root(deny({ Resource: TRAIL_ARN })),
    'fail',
    { reason: `1 of 2 members is not protected: ${OTHER}.` },
  ],
  [
    'an allow list that leaves CloudTrail out denies it as well',
    () => {
      const content = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['ec2:*', 's3:*'], Resource: '*' }],
      };
      return organization({ 'p-FullAWSAccess': { content } });
    },
    'pass',
  ],
  [
    'Guardrails of Control Tower: recognised by what they deny',
    () => {
      const spared = ['arn:aws:iam::*:role/AWSControlTowerExecution', 'arn:aws:iam::*:role/stacksets-exec-*'];
      const Resource = ['arn:aws:cloudtrail:*:*:trail/aws-controltower-*'];
      const Condition = { ArnNotLike: { 'aws:PrincipalARN': spared } };
      const accounts = withOrganization(emptySnapshot({ accounts: [MANAGEMENT, ACCOUNT] }));
      const trail = withTrail(accounts, { name: 'aws-controltower-BaselineCloudTrail' });
      const guardrail = { name: 'aws-guardrails-XyZ', content: deny({ Resource, Condition }) };
      return withOrganizationPolicies(trail, { policies: { 'p-ct': guardrail } });
    },
    'pass',
  ],
  [
    'Members cannot change an organization trail anyway: asked for their own trails, for log buckets and keys',
    nothingOwned,
    'not-applicable',
  ],
  [
    'log buckets and keys of a member, where actions name calls on them (denied)',
    () => withKey(withBucket(root(deny({ Action: ['s3:DeleteBucket', 'kms:ScheduleKeyDeletion'] })))),
    'pass',
    { evidence: { protected: [ACCOUNT, ARCHIVE] } },
    { actions: ['s3:DeleteBucket', 'kms:ScheduleKeyDeletion'] },
  ],
  [
    'log buckets of a member, where objects in it can be deleted',
    () => withBucket(root(deny({ Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::another/*' }))),
    'fail',
    { evidence: { unprotected: { [ARCHIVE]: expect.any(Array) } } },
    { actions: ['s3:DeleteObject'] },
  ],
  [
    'a member with an event data store',
    () => withEventDataStore(root(deny({ Action: ACTIONS.slice(0, -1) }))),
    'fail',
    { reason: `1 of 2 members is not protected: ${ACCOUNT}.` },
  ],
  [
    'exempt_accounts are not asked about',
    () => organization(NONE),
    'not-applicable',
    {},
    { exempt_accounts: [ACCOUNT, OTHER] },
  ],
  [
    'AccessDenied on ListPolicies: unknown, naming organizations:ListPolicies',
    () => {
      const part = denied('organizations:ListPolicies', MANAGEMENT);
      return withPart(organization(NONE), 'organization.policies', 'organization', part);
    },
    'unknown',
    { missingPermission: 'organizations:ListPolicies', evidence: { managementAccount: MANAGEMENT } },
  ],
  [
    'ListAccounts denied',
    () =>
      withPart(
        organization(NONE),
        'organization.accounts',
        'organization',
        denied('organizations:ListAccounts', MANAGEMENT),
      ),
    'unknown',
  ],
  [
    'a member whose trails cannot be listed, and that is not protected',
    () => withPart(nothingOwned(), 'account.trails', ACCOUNT, unreachable(ACCOUNT)),
    'unknown',
    { missingPermission: 'sts:AssumeRole' },
  ],
  [
    'a member whose trails cannot be listed, and that is protected whatever it owns',
    () => withOrganizationPolicies(withPart(nothingOwned(), 'account.trails', ACCOUNT, unreachable(ACCOUNT))),
    'pass',
  ],
];

describe('organization/guardrail-policy', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings, estate: LANDING_ZONE })).toMatchObject({ verdict, ...more });
  });

  it('spares the roles of this program', () => {
    const snapshot = root(except('arn:aws:iam::*:role/trail-check-fixer'));
    expect(findingOf(check, snapshot).verdict).toBe('fail');
    expect(findingOf(check, snapshot, { estate: { ownRoles: ['trail-check-fixer'] } }).verdict).toBe('pass');
  });
});

describe('steps of organization/guardrail-policy', () => {
  const stepsOf = (snapshot: Snapshot) => {
    const fix = fixOf(check, snapshot, GIVEN);
    if (fix.kind !== 'manual') throw new Error(`not manual: ${fix.kind}`);
    return fix.steps;
  };

  it('give the text of a policy that passes the check once it is attached', () => {
    const [create] = stepsOf(organization(NONE));
    const content: JsonObject = JSON.parse(/--content '(.*)'$/.exec(create?.command ?? '')?.[1] ?? '');
    const text = JSON.stringify(content);
    for (const name of ['trail-check-fixer', 'AWSControlTowerExecution', 'break-glass']) {
      expect(text).toContain(`arn:aws:iam::*:role/${name}`);
    }
    expect(findingOf(check, root(content), GIVEN).verdict).toBe('pass');
    expect(create?.terraform).toContain('aws_organizations_policy');
  });

  it('Attach a new policy to the root as the first step: never, one unit or account is first', () => {
    expect(stepsOf(organization(NONE))[1]?.command).toContain(`--target-id ${ACCOUNT}`);
    const units = organization(NONE, { [ACCOUNT]: 'ou-work', 'ou-work': 'r-acme' });
    expect(stepsOf(units)[1]?.command).toContain('--target-id ou-work');
    for (const { command } of stepsOf(units)) expect(command).not.toContain('--target-id r-');
  });

  it('begin with enabling the policies where they are off', () => {
    const off = withOrganizationPolicies(organization(NONE), { enabled: false, policies: {} });
    expect(stepsOf(off)[0]?.command).toBe(
      'aws organizations enable-policy-type --root-id r-acme --policy-type SERVICE_CONTROL_POLICY',
    );
  });
});
