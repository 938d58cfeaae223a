import { describe, expect, it } from 'vitest';
import check from '../../../checks/iam/tampering-permissions.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  emptySnapshot,
  type GivenPrincipal,
  MANAGEMENT,
  TRAIL_ARN,
  withAuthorization,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, fixOf } from '../bucket/support.ts';

const OURS = `arn:aws:iam::${ACCOUNT}:policy/trails`;
const AWS_FULL = 'arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess';

const statement = (more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action: 'cloudtrail:*',
  Resource: '*',
  ...more,
});
const policy = (...statements: JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement: statements });

/** An account with a trail, and these principals; managed policies by ARN. */
function holding(principals: GivenPrincipal[], managed: { [arn: string]: JsonObject } = {}): Snapshot {
  return withAuthorization(withTrail(emptySnapshot()), { principals, managed });
}

/** A role with one inline policy of these statements. */
const inline = (...statements: JsonObject[]): Snapshot =>
  holding([{ name: 'ci', inline: { deploy: policy(...statements) } }]);

const cases: [string, () => Snapshot, string, JsonObject?, JsonObject?][] = [
  ['nobody has such a policy', () => holding([]), 'pass', { evidence: { holders: [] } }],
  [
    'cloudtrail:*, cloudtrail:Stop*, cloudtrail:Update* or * : cover the actions; statements with Action * and Resource * are skipped while ignore_administrators is true (cloudtrail:*)',
    () => inline(statement()),
    'fail',
    {
      reason: 'Trails can be stopped or changed by role/ci by deploy.',
      evidence: {
        holders: [
          {
            principal: 'role/ci',
            policies: ['deploy (inline)'],
            actions: [
              'cloudtrail:StopLogging',
              'cloudtrail:DeleteTrail',
              'cloudtrail:UpdateTrail',
              'cloudtrail:PutEventSelectors',
              'cloudtrail:PutInsightSelectors',
            ],
          },
        ],
      },
      fix: 'manual',
    },
  ],
  [
    'cloudtrail:Stop*',
    () => inline(statement({ Action: 'cloudtrail:Stop*' })),
    'fail',
    { evidence: { holders: [{ actions: ['cloudtrail:StopLogging'] }] } },
  ],
  ['cloudtrail:Update*, in other case', () => inline(statement({ Action: ['CloudTrail:update*'] })), 'fail'],
  ['Action * on trails', () => inline(statement({ Action: '*', Resource: 'arn:aws:cloudtrail:*:*:trail/*' })), 'fail'],
  ['an administrator, ignored', () => inline(statement({ Action: '*' })), 'pass'],
  [
    'an administrator, not ignored',
    () => inline(statement({ Action: '*' })),
    'fail',
    {},
    { ignore_administrators: false },
  ],
  [
    'reading only',
    () => inline(statement({ Action: ['cloudtrail:Get*', 'cloudtrail:Describe*', 'cloudtrail:List*'] })),
    'pass',
  ],
  [
    'NotAction that leaves CloudTrail in: covers',
    () => inline({ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' }),
    'fail',
  ],
  [
    'NotAction that leaves CloudTrail out',
    () => inline({ Effect: 'Allow', NotAction: ['cloudtrail:*'], Resource: '*' }),
    'pass',
  ],
  [
    'Resource limited to a trail that is not ours: pass',
    () => inline(statement({ Resource: `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/another` })),
    'pass',
  ],
  ['Resource limited to a trail of ours', () => inline(statement({ Resource: TRAIL_ARN })), 'fail'],
  [
    'Deny in the same policy set: taken into account',
    () =>
      holding([{ name: 'ci', inline: { deploy: policy(statement()) }, attached: [OURS] }], {
        [OURS]: policy(
          statement({
            Effect: 'Deny',
            Action: ['cloudtrail:Stop*', 'cloudtrail:Delete*', 'cloudtrail:Update*', 'cloudtrail:Put*'],
          }),
        ),
      }),
    'pass',
  ],
  [
    'a Deny that leaves one action over',
    () =>
      inline(
        statement(),
        statement({ Effect: 'Deny', Action: ['cloudtrail:Stop*', 'cloudtrail:Delete*', 'cloudtrail:Update*'] }),
      ),
    'fail',
    { evidence: { holders: [{ actions: ['cloudtrail:PutEventSelectors', 'cloudtrail:PutInsightSelectors'] }] } },
  ],
  [
    'a Deny under a condition that may not hold takes nothing away',
    () =>
      inline(
        statement(),
        statement({ Effect: 'Deny', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } }),
      ),
    'fail',
  ],
  [
    'an Allow under a condition that may hold counts, and is told as such',
    () => inline(statement({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })),
    'fail',
    { evidence: { holders: [{ conditional: true }] } },
  ],
  [
    'an Allow for another principal than its holder',
    () => inline(statement({ Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/other` } } })),
    'pass',
  ],
  [
    'a customer-managed policy',
    () => holding([{ name: 'ci', attached: [OURS] }], { [OURS]: policy(statement()) }),
    'fail',
    { evidence: { holders: [{ policies: ['trails'] }] } },
  ],
  [
    'a managed policy of AWS is judged by iam/full-access-policy',
    () => holding([{ name: 'ci', attached: [AWS_FULL] }], { [AWS_FULL]: policy(statement()) }),
    'pass',
  ],
  [
    'a user by a group',
    () =>
      holding([
        { kind: 'user', name: 'kim', groups: ['ops'] },
        { kind: 'group', name: 'ops', inline: { trails: policy(statement()) } },
      ]),
    'fail',
    {
      reason: 'Trails can be stopped or changed by user/kim by trails.',
      evidence: { holders: [{ policies: ['trails (group/ops)'] }] },
    },
  ],
  [
    'a group without members gives it to nobody',
    () => holding([{ kind: 'group', name: 'ops', inline: { trails: policy(statement()) } }]),
    'pass',
  ],
  [
    'Policy attached to nobody: pass with a note',
    () => holding([], { [OURS]: policy(statement()) }),
    'pass',
    { notes: expect.arrayContaining([`${OURS} would let its holder do it; nobody holds it.`]) },
  ],
  [
    'Permissions boundary and organization policies are not computed: the finding says so',
    () => holding([{ name: 'ci', inline: { deploy: policy(statement()) }, permissionsBoundary: OURS }]),
    'fail',
    { notes: [expect.stringContaining('not computed')] },
  ],
  [
    'Service-linked roles: skipped',
    () => {
      const arn = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/cloudtrail.amazonaws.com/AWSServiceRoleForCloudTrail`;
      return holding([{ name: 'AWSServiceRoleForCloudTrail', arn, inline: { any: policy(statement()) } }]);
    },
    'pass',
  ],
  ['a principal that is allowed by name', () => inline(statement()), 'pass', {}, { allowed_principals: ['ci'] }],
  [
    'a principal that is allowed by a glob of ARNs',
    () => inline(statement()),
    'pass',
    {},
    { allowed_principals: ['arn:aws:iam::*:role/c?'] },
  ],
  [
    'AccessDenied on GetAccountAuthorizationDetails: unknown, naming iam:GetAccountAuthorizationDetails',
    () => withAuthorization(emptySnapshot(), { authorization: denied('iam:GetAccountAuthorizationDetails', ACCOUNT) }),
    'unknown',
    { missingPermission: 'iam:GetAccountAuthorizationDetails' },
  ],
  [
    'nothing of the kind in the account',
    () => withAuthorization(emptySnapshot(), { authorization: absent('none') }),
    'pass',
  ],
  [
    'an account without a trail of its own, where any trail is meant',
    () => withAuthorization(emptySnapshot(), { principals: [{ name: 'ci', inline: { deploy: policy(statement()) } }] }),
    'fail',
  ],
  [
    'an account under an organization trail: a statement on that trail gives nothing there',
    () => {
      const trail = { owner: MANAGEMENT, IsOrganizationTrail: true, visibleIn: [ACCOUNT] };
      const Resource = `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:trail/audit`;
      const principals = [{ name: 'ci', inline: { deploy: policy(statement({ Resource })) } }];
      return withAuthorization(withTrail(emptySnapshot(), trail), { principals });
    },
    'pass',
  ],
  [
    'the trails cannot be listed, and a statement means some trail',
    () => {
      const snapshot = inline(statement({ Resource: TRAIL_ARN }));
      return withPart(snapshot, 'account.trails', ACCOUNT, denied('cloudtrail:DescribeTrails', ACCOUNT));
    },
    'unknown',
    { missingPermission: 'cloudtrail:DescribeTrails' },
  ],
  [
    'a policy that is no JSON',
    () => {
      const name = 'ci';
      const arn = `arn:aws:iam::${ACCOUNT}:role/${name}`;
      const role = { kind: 'role' as const, name, arn, inline: { broken: '{' }, attached: [], groups: [] };
      return withAuthorization(emptySnapshot(), { authorization: { principals: [role], managed: {} } });
    },
    'unknown',
    { reason: 'No policy document could be made out in broken of role/ci.' },
  ],
];

describe('iam/tampering-permissions', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });

  it('allows the roles of this bot and of the landing zone, and shows them as such', () => {
    const roles = ['trail-check-fixer', 'AWSControlTowerExecution', 'stacksets-exec-1a2b'];
    const snapshot = holding(roles.map((name) => ({ name, inline: { any: policy(statement()) } })));
    const ownRoles = ['trail-check-fixer', 'AWSControlTowerExecution', 'stacksets-exec-*'];
    const finding = findingOf(check, snapshot, { estate: { ownRoles } });
    expect(finding.verdict).toBe('pass');
    expect(finding.notes).toEqual(
      expect.arrayContaining(
        roles.map((name) => `role/${name} is a role of this bot or of the landing zone and is allowed to.`),
      ),
    );
  });
});

describe('steps of iam/tampering-permissions', () => {
  const stepsOf = (snapshot: Snapshot, settings: JsonObject = {}) => {
    const fix = fixOf(check, snapshot, { settings });
    if (fix.kind !== 'manual') throw new Error(`not manual: ${fix.kind}`);
    return fix.steps;
  };
  const documentIn = (command = ''): JsonObject => JSON.parse(/--policy-document '(.*)'$/.exec(command)?.[1] ?? '');

  it('give the narrowed text of an inline policy, which passes once it is put', () => {
    const [step] = stepsOf(inline(statement({ Action: ['cloudtrail:*', 's3:*'] })));
    expect(step?.command).toMatch(/^aws iam put-role-policy --role-name ci --policy-name deploy /);
    const narrowed = documentIn(step?.command);
    expect(narrowed).toMatchObject({ Statement: [{ Action: ['cloudtrail:*', 's3:*'] }, { Effect: 'Deny' }] });
    expect(findingOf(check, holding([{ name: 'ci', inline: { deploy: narrowed } }])).verdict).toBe('pass');
    expect(step?.terraform).toContain('aws_iam_role_policy');
  });

  it('make a new version of a managed policy, once for all its holders, and say how to go back', () => {
    const both = [
      { name: 'ci', attached: [OURS] },
      { kind: 'user' as const, name: 'kim', attached: [OURS] },
    ];
    const [put, back, ...more] = stepsOf(holding(both, { [OURS]: policy(statement()) }));
    expect(put?.command).toContain(`create-policy-version --policy-arn ${OURS} --set-as-default`);
    expect(back?.command).toContain('set-default-policy-version');
    expect(more).toEqual([]);
  });

  it('Delete policy versions to make room: never', () => {
    const steps = stepsOf(holding([{ name: 'ci', attached: [OURS] }], { [OURS]: policy(statement()) }));
    for (const { command = '' } of steps) expect(command).not.toContain('delete-policy-version');
  });

  it('warn where somebody who is allowed holds the same policy', () => {
    const both = [
      { name: 'ci', attached: [OURS] },
      { name: 'platform', attached: [OURS] },
    ];
    const [first] = stepsOf(holding(both, { [OURS]: policy(statement()) }), { allowed_principals: ['platform'] });
    expect(first?.text).toContain('role/platform holds trails too');
  });

  it('lead to the permission set where IAM Identity Center keeps the role', () => {
    const name = 'AWSReservedSSO_Platform_0123456789abcdef';
    const [step] = stepsOf(holding([{ name, inline: { AwsSSOInlinePolicy: policy(statement()) } }]));
    expect(step?.text).toContain('permission set');
    expect(step?.command).toBeUndefined();
  });
});
