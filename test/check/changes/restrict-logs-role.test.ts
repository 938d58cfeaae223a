import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restrictLogsRole } from '../../../src/check/changes/restrict-logs-role.ts';
import { decide } from '../../../src/check/evaluators/policy/decide.ts';
import { isPolicyError, parsePolicy } from '../../../src/check/evaluators/policy/parse.ts';
import { policiesOf, type RolePolicy, streamObstacles } from '../../../src/check/logs-role.ts';
import type { Call, Change } from '../../../src/check/plan.ts';
import { holds } from '../../../src/check/state.ts';
import type { Role } from '../../../src/snapshot/types.ts';
import { ACCOUNT, LOG_GROUP_ARN, REGION } from '../../support/snapshot.ts';

const ARN = `arn:aws:iam::${ACCOUNT}:role/cloudtrail-to-logs`;
const ORGANIZATION = 'o-acme123456';
const STREAM = `${LOG_GROUP_ARN}:log-stream:${ACCOUNT}_CloudTrail_${REGION}`;
const OTHER = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:other:*`;
const RESOURCES = ['*', OTHER, `${LOG_GROUP_ARN}:*`, `${STREAM}*`, `${LOG_GROUP_ARN}:log-stream:${ORGANIZATION}_*`];
const ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DeleteLogGroup', 's3:GetObject'];

const some = (...values: string[]) => fc.oneof(fc.constantFrom(...values), fc.subarray(values, { minLength: 1 }));
const statements = fc.record(
  {
    Sid: fc.constantFrom('A', 'DeliverToLogGroup'),
    Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    Action: some(...ACTIONS, 'logs:*'),
    Resource: some(...RESOURCES),
  },
  { requiredKeys: ['Effect', 'Action', 'Resource'] },
);
const documents = fc
  .record({ Version: fc.constant('2012-10-17'), Statement: fc.array(statements, { minLength: 1, maxLength: 3 }) })
  .map((document) => JSON.stringify(document, null, 1));
const roles: fc.Arbitrary<Role> = fc.record({
  RoleName: fc.constant('cloudtrail-to-logs'),
  Arn: fc.constant(ARN),
  AssumeRolePolicyDocument: fc.constant('{"Statement":[]}'),
  inline: fc.dictionary(fc.constantFrom('a', 'b', 'deliver-to-log-group'), documents, { maxKeys: 3 }),
  attached: fc.dictionary(fc.constantFrom('arn:aws:iam::aws:policy/x', 'arn:aws:iam::1:policy/y'), documents),
});
const organizations = fc.constantFrom(undefined, ORGANIZATION);

function policies(role: Role): RolePolicy[] {
  const found = policiesOf(role, [LOG_GROUP_ARN]);
  if ('problem' in found) throw new Error(found.problem);
  return found;
}

const obstacles = (role: Role, organization: string | undefined) =>
  streamObstacles(
    policies(role).map(({ policy }) => policy),
    ARN,
    LOG_GROUP_ARN,
    organization,
  );

/** The changes that are planned; roles that are left to people do not count. */
function plan(role: Role, organization: string | undefined): Change[] {
  const planned = restrictLogsRole(role, policies(role), { group: LOG_GROUP_ARN, organization }, true);
  fc.pre('changes' in planned);
  return 'changes' in planned ? planned.changes : [];
}

/** What AWS does with a call. */
function applied(role: Role, { operation, input }: Call, saved: Role): Role {
  const [name, text, arn] = [String(input.PolicyName), String(input.PolicyDocument), String(input.PolicyArn)];
  const without = (all: { [key: string]: string }, key: string) =>
    Object.fromEntries(Object.entries(all).filter(([it]) => it !== key));
  switch (operation) {
    case 'iam:PutRolePolicy':
      return { ...role, inline: { ...role.inline, [name]: text } };
    case 'iam:DeleteRolePolicy':
      return { ...role, inline: without(role.inline, name) };
    case 'iam:UpdateAssumeRolePolicy':
      return { ...role, AssumeRolePolicyDocument: text };
    case 'iam:DetachRolePolicy':
      return { ...role, attached: without(role.attached, arn) };
    case 'iam:AttachRolePolicy':
      return { ...role, attached: { ...role.attached, [arn]: saved.attached[arn] ?? '' } };
    default:
      throw new Error(`no such operation: ${operation}`);
  }
}

/** A plan, and the role before it and after each of its steps. */
function course(role: Role, organization: string | undefined) {
  const changes = plan(role, organization);
  const states = [role];
  let after = role;
  for (const change of changes) {
    after = applied(after, change, role);
    states.push(after);
  }
  return { changes, states, after };
}

function stateOf(role: Role | undefined) {
  if (role === undefined) return null;
  const { inline, attached, AssumeRolePolicyDocument } = role;
  return { inline, attached, AssumeRolePolicyDocument };
}

/** Everything the role may do, out of a small world. */
function powers(role: Role): string[] {
  const resources = [
    OTHER,
    `${STREAM}_1`,
    `${LOG_GROUP_ARN}:log-stream:${ORGANIZATION}_9`,
    `${LOG_GROUP_ARN}:log-stream:x`,
  ];
  const raws = policies(role).flatMap(({ policy }) => policy.raw.Statement);
  const all = parsePolicy({ Version: '2012-10-17', Statement: raws });
  if (isPolicyError(all)) throw new Error(all.problem);
  return ACTIONS.flatMap((action) =>
    resources.flatMap((resource) => {
      const { effect } = decide(all, { principal: { aws: ARN }, action, resource, context: {} });
      return effect === 'allow' ? [`${action} ${resource}`] : [];
    }),
  );
}

/** Judging patterns against patterns is slow, so there are fewer runs than usual, of more. */
function forAll(holdsFor: (role: Role, organization: string | undefined) => void): void {
  fc.assert(fc.property(roles, organizations, holdsFor), { numRuns: 40 });
}

describe('restrictLogsRole', () => {
  it('leaves a role that delivers and does nothing else, and changes nothing a second time', () => {
    forAll((role, organization) => {
      const { after } = course(role, organization);
      expect(obstacles(after, organization)).toEqual([]);
      expect(policies(after).flatMap(({ excess }) => excess)).toEqual([]);
      expect(plan(after, organization).map(({ operation }) => operation)).toEqual(['iam:UpdateAssumeRolePolicy']);
    });
  });

  it('lets a role that delivers do so at every step, and any role from the first put on', () => {
    forAll((role, organization) => {
      const [before, ...steps] = course(role, organization).states.map((it) => obstacles(it, organization));
      expect([before?.length === 0 ? [] : steps[0], ...steps].every((left) => left?.length === 0)).toBe(true);
    });
  });

  it('gives the role nothing but what delivery takes, and keeps what is not too much exactly as read', () => {
    forAll((role, organization) => {
      const { after } = course(role, organization);
      const before = powers(role);
      for (const power of powers(after).filter((it) => !before.includes(it))) {
        expect(power).toMatch(/^logs:(CreateLogStream|PutLogEvents) .*log-group:cloudtrail:/);
      }
      const left = policies(after).flatMap(({ policy }) => policy.raw.Statement);
      for (const { policy, excess, attached } of policies(role)) {
        if (attached && excess.length > 0) continue;
        const kept = policy.raw.Statement.filter((_, index) => !excess.includes(index));
        for (const raw of kept) expect(left).toContainEqual(raw);
      }
    });
  });

  it('expects what each step finds, says what it leaves, and is taken back to the role as it was read', () => {
    forAll((role, organization) => {
      const { changes, states, after } = course(role, organization);
      for (const [at, { expect: before, result }] of changes.entries()) {
        expect(holds(stateOf(states[at]), before)).toBe(true);
        expect(holds(stateOf(states[at + 1]), result)).toBe(true);
      }
      const undos = changes.flatMap(({ undo }) => undo ?? []);
      expect(undos).toHaveLength(changes.length);
      const back = undos.reverse().reduce((now, undo) => applied(now, undo, role), after);
      expect(stateOf(back)).toEqual(stateOf(role));
    });
  });

  it('leaves a managed policy that also denies to people', () => {
    const broad = {
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 's3:*', Resource: '*' },
      ],
    };
    const role: Role = {
      RoleName: 'r',
      Arn: ARN,
      AssumeRolePolicyDocument: '',
      inline: {},
      attached: { 'arn:aws:iam::aws:policy/x': JSON.stringify(broad) },
    };
    const delivery = { group: LOG_GROUP_ARN, organization: undefined };
    expect(restrictLogsRole(role, policies(role), delivery, false)).toMatchObject({
      byHand: expect.stringContaining('also denies'),
    });
  });
});
