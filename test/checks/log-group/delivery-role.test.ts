import { describe, expect, it } from 'vitest';
import check from '../../../checks/log-group/delivery-role.ts';
import type { Change } from '../../../src/check/plan.ts';
import type { JsonObject, Role, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  healthySnapshot,
  LOG_GROUP_ARN,
  LOG_ROLE,
  MANAGEMENT,
  REGION,
  read,
  TRAIL_ARN,
  withPart,
  withRole,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, planOf } from '../bucket/support.ts';
import { organizationGroup, saysLikeAll, twoActions } from './support.ts';

const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/${LOG_ROLE}`;
const STREAMS = `${LOG_GROUP_ARN}:log-stream:${ACCOUNT}_CloudTrail_${REGION}*`;
const ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const FULL_ACCESS = 'arn:aws:iam::aws:policy/CloudWatchLogsFullAccess';
const CONTROL_TOWER = 'arn:aws:iam::aws:policy/service-role/AWSControlTowerCloudTrailRolePolicy';
const OTHER_GROUP = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:other`;
const EVERYTHING = { Effect: 'Allow', Action: 'logs:*', Resource: '*' };

const allow = (
  Resource: string | string[],
  Action: string | string[] = ACTIONS,
  more: JsonObject = {},
): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const documentOf = (...Statement: JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement });
const EXACT = documentOf({ Sid: 'DeliverToLogGroup', ...allow([STREAMS]) });
const PLAIN = documentOf({
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const trusting = (more: JsonObject): JsonObject =>
  documentOf({
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 'sts:AssumeRole',
    ...more,
  });
const roleWith = (role: NonNullable<Parameters<typeof withRole>[1]>, snapshot = healthySnapshot()) =>
  withRole(snapshot, role);
const inline = (...statements: JsonObject[]) => roleWith({ inline: { deliver: documentOf(...statements) } });
const conditioned = (key: string, LatestCloudWatchLogsDeliveryError?: string) =>
  roleWith(
    { trust: trusting({ Condition: { StringEquals: { [key]: key === 'aws:SourceArn' ? TRAIL_ARN : ACCOUNT } } }) },
    withPart(
      healthySnapshot(),
      'trail.status',
      TRAIL_ARN,
      read({ IsLogging: true, ...(LatestCloudWatchLogsDeliveryError ? { LatestCloudWatchLogsDeliveryError } : {}) }),
    ),
  );
/** A second trail that delivers to another group with the same role. */
const serving = (snapshot: Snapshot): Snapshot => {
  const role = snapshot['iam.role'][`${ACCOUNT}/${LOG_ROLE}`];
  const second = withTrail(snapshot, { name: 'second', CloudWatchLogsLogGroupArn: `${OTHER_GROUP}:*` });
  return role === undefined ? second : withPart(second, 'iam.role', `${ACCOUNT}/${LOG_ROLE}`, role);
};
const organization = (...streams: string[]) =>
  withRole(organizationGroup(), { account: MANAGEMENT, inline: { deliver: twoActions(...streams) } });
const PASS = { verdict: 'pass' };
const FAIL = { verdict: 'fail', fix: 'auto-second-approver' };
const TOO_MUCH = { ...FAIL, reason: expect.stringContaining('may do more than deliver') };

describe('log-group/delivery-role', () => {
  saysLikeAll(check);

  it.each<[string, Snapshot, JsonObject]>([
    ['the policy of the documents', healthySnapshot(), { ...PASS, resource: LOG_GROUP_ARN }],
    [
      'two statements, as the console writes them',
      inline(allow(STREAMS, ACTIONS[0]), allow(STREAMS, ACTIONS[1])),
      PASS,
    ],
    ['all streams of the group', inline(allow(`${LOG_GROUP_ARN}:*`)), PASS],
    ['organization trail with both patterns', organizationGroup(), PASS],
    [
      'Role deleted: fail, delivery is broken',
      withPart(healthySnapshot(), 'iam.role', `${ACCOUNT}/${LOG_ROLE}`, absent('NoSuchEntity')),
      { verdict: 'fail', fix: 'manual' },
    ],
    [
      "Stream pattern of the organization missing for an organization trail: fail (members' events are lost)",
      organization(`${MANAGEMENT}_CloudTrail_${REGION}*`),
      {
        ...FAIL,
        reason: 'The role cloudtrail-to-logs cannot deliver: logs:CreateLogStream on o-acme123456_* is not allowed.',
      },
    ],
    [
      'one stream only',
      inline(allow(STREAMS.slice(0, -1))),
      { ...FAIL, reason: expect.stringContaining('in part only') },
    ],
    ['one action missing', inline(allow(STREAMS, 'logs:PutLogEvents')), FAIL],
    [
      'a Deny takes it away',
      inline(allow(STREAMS), { ...EVERYTHING, Effect: 'Deny' }),
      { verdict: 'fail', fix: 'manual' },
    ],
    [
      'CloudWatchLogsFullAccess or any other managed policy attached: fail, too much',
      roleWith({ attached: { [FULL_ACCESS]: documentOf(EVERYTHING) } }),
      { ...TOO_MUCH, reason: `The role ${LOG_ROLE} may do more than deliver, by ${FULL_ACCESS}.` },
    ],
    [
      'AWSControlTowerCloudTrailRolePolicy',
      roleWith({
        inline: {},
        attached: {
          [CONTROL_TOWER]: documentOf(allow('arn:aws:logs:*:*:log-group:cloudtrail:*', ACTIONS)),
        },
      }),
      PASS,
    ],
    [
      'a managed policy with nothing but the two actions',
      roleWith({ inline: {}, attached: { [`arn:aws:iam::${ACCOUNT}:policy/deliver`]: documentOf(allow(STREAMS)) } }),
      PASS,
    ],
    [
      'Trust policy with aws:SourceArn or aws:SourceAccount: fail, delivery is known to stop (aws:SourceArn)',
      conditioned('aws:SourceArn', 'AccessDenied'),
      { ...FAIL, reason: `The role ${LOG_ROLE} is trusted under a condition, and delivery fails with AccessDenied.` },
    ],
    ['aws:SourceAccount in the trust, delivery fails', conditioned('aws:SourceAccount', 'AccessDenied'), FAIL],
    [
      'a condition in the trust, and events arrive',
      conditioned('aws:SourceArn'),
      { ...PASS, notes: [expect.stringContaining('is trusted under a condition')] },
    ],
    [
      'a condition in the trust, and nobody can tell whether events arrive',
      withPart(conditioned('aws:SourceArn'), 'trail.status', TRAIL_ARN, denied('cloudtrail:GetTrailStatus', ACCOUNT)),
      { verdict: 'unknown', missingPermission: 'cloudtrail:GetTrailStatus' },
    ],
    [
      'trusts nobody',
      roleWith({ trust: documentOf() }),
      { ...FAIL, reason: `The role ${LOG_ROLE} does not trust CloudTrail.` },
    ],
    [
      'trusts another service too',
      roleWith({ trust: trusting({ Principal: { Service: ['cloudtrail.amazonaws.com', 'ec2.amazonaws.com'] } }) }),
      {
        verdict: 'fail',
        fix: 'manual',
        reason: `The role ${LOG_ROLE} may also be assumed by Service:ec2.amazonaws.com.`,
      },
    ],
    ['trusts everybody', roleWith({ trust: trusting({ Principal: '*' }) }), { verdict: 'fail', fix: 'manual' }],
    [
      'Role serving two trails with two groups: each group judged by its own statements',
      serving(inline(allow(STREAMS), allow(`${OTHER_GROUP}:log-stream:*`))),
      PASS,
    ],
    ['the same role without the second trail', inline(allow(STREAMS), allow(`${OTHER_GROUP}:log-stream:*`)), TOO_MUCH],
    ['Resource written as * : fail', inline(allow('*')), TOO_MUCH],
    ['a group whose name only begins alike', inline(allow(`${LOG_GROUP_ARN}*`)), TOO_MUCH],
    ['another action', inline(allow(STREAMS), allow(STREAMS, 'logs:GetLogEvents')), TOO_MUCH],
    ['another service', inline(allow(STREAMS), allow('*', 's3:GetObject')), TOO_MUCH],
    ['everything but', inline(allow(STREAMS), { Effect: 'Allow', NotAction: 'iam:*', Resource: STREAMS }), TOO_MUCH],
    [
      'a condition nobody can decide',
      inline(allow(STREAMS, ACTIONS, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'audit' } } })),
      { verdict: 'unknown' },
    ],
    [
      'AccessDenied on GetRole: unknown, naming iam:GetRole',
      withPart(healthySnapshot(), 'iam.role', `${ACCOUNT}/${LOG_ROLE}`, denied('iam:GetRole', ACCOUNT)),
      { verdict: 'unknown', missingPermission: 'iam:GetRole' },
    ],
    [
      'AccessDenied on GetRolePolicy: unknown, naming iam:GetRolePolicy',
      withPart(healthySnapshot(), 'iam.role', `${ACCOUNT}/${LOG_ROLE}`, denied('iam:GetRolePolicy', ACCOUNT)),
      { verdict: 'unknown', missingPermission: 'iam:GetRolePolicy' },
    ],
    [
      'the organization could not be read',
      withPart(
        organizationGroup(),
        'organization',
        'organization',
        denied('organizations:DescribeOrganization', MANAGEMENT),
      ),
      { verdict: 'unknown', missingPermission: 'organizations:DescribeOrganization' },
    ],
    ['a policy that is none', inline({ Effect: 'Perhaps' }), { verdict: 'unknown' }],
    [
      'a group without a role',
      withTrail({ ...healthySnapshot(), trail: {} }, { CloudWatchLogsRoleArn: undefined }),
      { verdict: 'not-applicable', cause: 'trail/cloudwatch-logs' },
    ],
  ])('%s', (_, snapshot, expected) => {
    expect(findingsOf(check, snapshot, { of: expectedGroup(snapshot) })).toMatchObject([expected]);
  });

  it('says that a permissions boundary was not looked into', () => {
    const key = `${ACCOUNT}/${LOG_ROLE}`;
    const part = healthySnapshot()['iam.role'][key];
    if (part?.state !== 'read') throw new Error('the role was not read');
    const role: Role = { ...part.value, PermissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/edge` };
    const finding = findingOf(check, withPart(healthySnapshot(), 'iam.role', key, read(role)));
    expect(finding).toMatchObject({ verdict: 'pass', notes: [expect.stringContaining('policy/edge')] });
  });
});

/** Of several groups the one that the table is about. */
function expectedGroup(snapshot: Snapshot): string {
  return Object.keys(snapshot.logGroup)[0] ?? LOG_GROUP_ARN;
}

describe('plan of log-group/delivery-role', () => {
  const calls = (changes: readonly Change[]) =>
    changes.map(({ operation, input }) => [operation, input.PolicyName ?? input.PolicyArn ?? null]);
  const documentIn = (change: Change | undefined): unknown => JSON.parse(String(change?.input.PolicyDocument));

  it('never: Detach first and put later', () => {
    const snapshot = roleWith({ inline: {}, attached: { [FULL_ACCESS]: documentOf(EVERYTHING) } });
    const plan = planOf(check, snapshot);
    expect(calls(plan.changes)).toEqual([
      ['iam:PutRolePolicy', 'deliver-to-log-group'],
      ['iam:DetachRolePolicy', FULL_ACCESS],
    ]);
    const [put, detach] = plan.changes;
    expect(documentIn(put)).toEqual(EXACT);
    expect(put).toMatchObject({
      account: ACCOUNT,
      region: '',
      resource: ROLE_ARN,
      target: `iam.role:${ACCOUNT}/${LOG_ROLE}`,
      expect: { inline: {} },
      result: { inline: { 'deliver-to-log-group': JSON.stringify(EXACT) } },
      undo: { operation: 'iam:DeleteRolePolicy', input: { RoleName: LOG_ROLE, PolicyName: 'deliver-to-log-group' } },
    });
    expect(detach).toMatchObject({
      input: { RoleName: LOG_ROLE, PolicyArn: FULL_ACCESS },
      result: { attached: {} },
      undo: { operation: 'iam:AttachRolePolicy', input: { RoleName: LOG_ROLE, PolicyArn: FULL_ACCESS } },
    });
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'disruptive', watchDelivery: [TRAIL_ARN] });
  });

  it('cuts a broad policy down in one put, and keeps what it denies', () => {
    const deny = { Sid: 'Keep', Effect: 'Deny', Action: 'logs:DeleteLogGroup', Resource: '*' };
    const before = documentOf(EVERYTHING, deny);
    const plan = planOf(check, roleWith({ inline: { deliver: before } }));
    expect(calls(plan.changes)).toEqual([['iam:PutRolePolicy', 'deliver']]);
    expect(documentIn(plan.changes[0])).toEqual(documentOf(deny, { Sid: 'DeliverToLogGroup', ...allow([STREAMS]) }));
    expect(plan.changes[0]?.undo).toMatchObject({
      operation: 'iam:PutRolePolicy',
      input: { PolicyName: 'deliver', PolicyDocument: JSON.stringify(before) },
    });
  });

  it('takes a second broad policy away after the right one is in place', () => {
    const plan = planOf(check, roleWith({ inline: { a: documentOf(EVERYTHING), b: documentOf(EVERYTHING) } }));
    expect(calls(plan.changes)).toEqual([
      ['iam:PutRolePolicy', 'a'],
      ['iam:DeleteRolePolicy', 'b'],
    ]);
    expect(plan.changes[1]?.expect).toEqual(plan.changes[0]?.result);
  });

  it('adds nothing where the right policy is there', () => {
    const snapshot = roleWith({ inline: { deliver: documentOf(allow(STREAMS)), more: documentOf(EVERYTHING) } });
    expect(calls(planOf(check, snapshot).changes)).toEqual([['iam:DeleteRolePolicy', 'more']]);
  });

  it('lets the streams of the members of an organization in', () => {
    const [put] = planOf(check, organization(`${MANAGEMENT}_CloudTrail_${REGION}*`)).changes;
    expect(documentIn(put)).toMatchObject({
      Statement: [{ Action: ACTIONS, Resource: [expect.any(String), expect.stringContaining(':o-acme123456_*')] }],
    });
  });

  it.each<[string, Snapshot]>([
    ['trust with a condition that stops delivery', conditioned('aws:SourceArn', 'AccessDenied')],
    ['no trust', roleWith({ trust: documentOf() })],
  ])('never: Add source conditions to the trust policy (%s)', (_, snapshot) => {
    const plan = planOf(check, snapshot);
    expect(calls(plan.changes)).toEqual([['iam:UpdateAssumeRolePolicy', null]]);
    expect(documentIn(plan.changes[0])).toEqual(PLAIN);
    expect(plan.changes[0]?.undo).toMatchObject({
      operation: 'iam:UpdateAssumeRolePolicy',
      input: { PolicyDocument: plan.changes[0]?.expect?.AssumeRolePolicyDocument },
    });
  });

  it.each<[string, Snapshot]>([
    ['the role serves another group', serving(inline(allow('*')))],
    [
      'the role is meant for another service',
      roleWith({
        inline: { deliver: documentOf(EVERYTHING) },
        trust: trusting({ Principal: { Service: ['cloudtrail.amazonaws.com', 'ec2.amazonaws.com'] } }),
      }),
    ],
    ['a Deny stands in the way', inline(allow('*'), { ...EVERYTHING, Effect: 'Deny' })],
    ['the role is gone', withPart(healthySnapshot(), 'iam.role', `${ACCOUNT}/${LOG_ROLE}`, absent('NoSuchEntity'))],
  ])('guides where %s', (_, snapshot) => {
    const of = LOG_GROUP_ARN;
    expect(findingsOf(check, snapshot, { of })).toMatchObject([{ fix: 'manual' }]);
    expect(fixOf(check, snapshot, { of })).toMatchObject({ kind: 'manual' });
  });

  it('is refused where not all trails of the account are known', () => {
    const snapshot = withPart(inline(allow('*')), 'account.trails', ACCOUNT, denied('cloudtrail:ListTrails', ACCOUNT));
    expect(fixOf(check, snapshot)).toMatchObject({ kind: 'blocked', reason: expect.stringContaining(ACCOUNT) });
  });
});
