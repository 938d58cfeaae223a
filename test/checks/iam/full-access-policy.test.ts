import { describe, expect, it } from 'vitest';
import check from '../../../checks/iam/full-access-policy.ts';
import { DEMO_ACCOUNTS, role } from '../../../src/sandbox/aws/index.ts';
import type { FullAccessHolders, JsonObject, Part, Snapshot } from '../../../src/snapshot/types.ts';
import { demo } from '../../snapshot/support.ts';
import { ACCOUNT, absent, denied, emptySnapshot, withAccount } from '../../support/snapshot.ts';
import { findingOf, fixOf, planOf } from '../bucket/support.ts';

const POLICY = 'arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess';
const SSO = 'AWSReservedSSO_Platform_0123456789abcdef';

function held(holders: Partial<FullAccessHolders>, policyArn = POLICY): FullAccessHolders {
  const { roles = {}, users = {}, groups = {} } = holders;
  const ids = [
    ...Object.keys(roles).map((name) => `role/${name}`),
    ...Object.keys(users).map((name) => `user/${name}`),
    ...Object.keys(groups).map((name) => `group/${name}`),
  ];
  return { roles, users, groups, policies: Object.fromEntries(ids.map((id) => [id, policyArn])) };
}

function holding(fullAccess: FullAccessHolders | Part<FullAccessHolders>): Snapshot {
  return withAccount(emptySnapshot(), { id: ACCOUNT, fullAccess });
}

const sso = { [SSO]: { path: '/aws-reserved/sso.amazonaws.com/' } };
const deploy = { deploy: { path: '/ci/', lastUsed: '2026-11-02T10:00:00.000Z' } };

const cases: [string, () => Snapshot, string, JsonObject?, JsonObject?][] = [
  ['attached to nobody', () => holding(held({})), 'pass'],
  ['Retired policy does not exist: not an error', () => holding(absent('NoSuchEntity')), 'pass'],
  [
    'Attached to a group: fail, naming the group and its size',
    () => holding(held({ groups: { admins: { members: 7 } } })),
    'fail',
    { reason: 'The policy is held by group admins (7 members).' },
  ],
  ['attached to a user', () => holding(held({ users: { kim: true } })), 'fail', { fix: 'auto-second-approver' }],
  [
    'Role AWSReservedSSO_*: fail, the fix is manual (permission set)',
    () => holding(held({ roles: sso })),
    'fail',
    { fix: 'manual' },
  ],
  [
    'Break-glass role in allowed_principals: pass',
    () => holding(held({ roles: { 'break-glass': { path: '/' } } })),
    'pass',
    {},
    { allowed_principals: ['break-glass'] },
  ],
  [
    'break-glass role that nobody allowed: no fix touches it',
    () => holding(held({ roles: { 'break-glass': { path: '/' } } })),
    'fail',
    { fix: 'manual' },
  ],
  [
    'allowed principals by kind and glob',
    () => holding(held({ roles: { 'audit-a': { path: '/' } }, users: { kim: true } })),
    'pass',
    {},
    { allowed_principals: ['role/audit-*', 'user/kim'] },
  ],
  [
    'the retired forerunner',
    () => holding(held({ users: { kim: true } }, 'arn:aws:iam::aws:policy/AWSCloudTrailFullAccess')),
    'fail',
  ],
  [
    'Other partition: the policy ARN follows the partition of the caller',
    () => holding(held({ users: { kim: true } }, 'arn:aws-cn:iam::aws:policy/AWSCloudTrail_FullAccess')),
    'fail',
  ],
  [
    'AccessDenied on ListEntitiesForPolicy: unknown, naming iam:ListEntitiesForPolicy',
    () => holding(denied('iam:ListEntitiesForPolicy', ACCOUNT)),
    'unknown',
    { missingPermission: 'iam:ListEntitiesForPolicy' },
  ],
  [
    'ListEntitiesForPolicy denied by a service control policy',
    () => holding(denied('iam:ListEntitiesForPolicy', ACCOUNT, { scp: true })),
    'unknown',
    { reason: expect.stringContaining('service control policy') },
  ],
];

describe('iam/full-access-policy', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });

  it('Used only as a permissions boundary: pass, a boundary grants nothing', async () => {
    const { take } = await demo({
      change: ({ accounts }) => {
        const staging = accounts.get(DEMO_ACCOUNTS.staging);
        if (staging !== undefined) role(staging, 'bounded', { boundary: POLICY });
      },
    });
    const { snapshot } = await take([DEMO_ACCOUNTS.staging], { parts: check.needs });
    expect(findingOf(check, snapshot).verdict).toBe('pass');
  });

  it('allows roles of this bot and of the landing zone, and shows them as such', () => {
    const snapshot = holding(held({ roles: { 'stacksets-exec-1a': { path: '/' }, fixer: { path: '/trail-check/' } } }));
    const finding = findingOf(check, snapshot, { estate: { ownRoles: ['stacksets-exec-*', 'fixer'] } });
    expect(finding.verdict).toBe('pass');
    expect(finding.notes).toHaveLength(2);
    expect(finding.evidence).toMatchObject({ holders: [{ standing: 'own' }, { standing: 'own' }] });
  });
});

describe('plan of iam/full-access-policy', () => {
  const mixed = () => holding(held({ roles: { ...sso, ...deploy }, users: { kim: true } }));

  it('detaches every holder that may be, with the very same attachment as undo', () => {
    const plan = planOf(check, mixed());
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'disruptive', reversible: 'yes' });
    expect(plan.changes).toMatchObject([
      {
        operation: 'iam:DetachRolePolicy',
        account: ACCOUNT,
        input: { RoleName: 'deploy', PolicyArn: POLICY },
        resource: `arn:aws:iam::${ACCOUNT}:role/ci/deploy`,
        target: `iam.fullAccess:${ACCOUNT}`,
        expect: { 'role/deploy': POLICY },
        result: { 'role/deploy': null },
        undo: {
          operation: 'iam:AttachRolePolicy',
          input: { RoleName: 'deploy', PolicyArn: POLICY },
          automatic: true,
        },
      },
      {
        operation: 'iam:DetachUserPolicy',
        input: { UserName: 'kim', PolicyArn: POLICY },
        undo: { operation: 'iam:AttachUserPolicy', input: { UserName: 'kim', PolicyArn: POLICY } },
      },
    ]);
    expect(plan.changes).toHaveLength(2);
  });

  it('shows the last use of the role and who keeps the power', () => {
    expect(planOf(check, mixed()).warnings).toEqual(
      expect.arrayContaining([expect.stringContaining('2026-11-02'), `Still held by role/${SSO}.`]),
    );
  });

  it('detaches groups', () => {
    const snapshot = holding(held({ roles: sso, groups: { admins: { members: 2 } } }));
    expect(planOf(check, snapshot).changes).toMatchObject([
      { operation: 'iam:DetachGroupPolicy', input: { GroupName: 'admins', PolicyArn: POLICY } },
    ]);
  });

  it.each([
    ['everybody', held({ users: { kim: true, jo: true } })],
    ['everybody but a group without members', held({ users: { kim: true }, groups: { none: { members: 0 } } })],
    ['everybody but a role of this bot', held({ users: { kim: true }, roles: { fixer: { path: '/' } } })],
  ])('never detaches from %s in one go', (_name, holders) => {
    const proposal = fixOf(check, holding(holders), { estate: { ownRoles: ['fixer'] } });
    expect(proposal).toMatchObject({ kind: 'manual' });
  });

  it('leaves Identity Center and break-glass roles to people', () => {
    const snapshot = holding(held({ roles: { ...sso, 'BreakGlass-admin': { path: '/' } } }));
    expect(fixOf(check, snapshot)).toMatchObject({
      kind: 'manual',
      steps: [{ text: expect.stringContaining('permission set') }, { text: expect.stringContaining('break-glass') }],
    });
  });

  const chosen = (snapshot: Snapshot, holders: string | string[]) =>
    check.plan?.({
      snapshot,
      subject: { kind: 'account', account: ACCOUNT },
      settings: check.settings.parse({}),
      estate: { keys: {}, monitor: 'cloudwatch', ownRoles: [] },
      finding: findingOf(check, snapshot),
      choices: { holders },
    });

  it('detaches only the holders that were picked', () => {
    expect(chosen(holding(held({ users: { kim: true, jo: true } })), ['user/kim'])).toMatchObject({
      kind: 'changes',
      plan: { changes: [{ input: { UserName: 'kim' } }] },
    });
  });

  it.each([
    ['an Identity Center role', `role/${SSO}`],
    ['somebody who holds nothing', 'user/nobody'],
  ])('refuses a pick of %s', (_name, pick) => {
    expect(chosen(mixed(), pick)).toMatchObject({ kind: 'blocked' });
  });

  it('refuses a pick that leaves nobody', () => {
    expect(chosen(holding(held({ users: { kim: true } })), ['user/kim'])).toMatchObject({ kind: 'manual' });
  });
});
