import type { Role } from '../snapshot/types.ts';
import { canonicalPrincipal } from './evaluators/canonical/policy.ts';
import { globMatch } from './evaluators/glob.ts';
import { lowerCase, matchListed } from './evaluators/policy/decide.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import type { PolicyDocument, PolicyError, RawStatement, Statement } from './evaluators/policy/types.ts';
import { askPolicy, type Obstacle } from './service-access.ts';
import { accountOf, regionOf } from './subject.ts';

const ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const CLOUDTRAIL = 'Service:cloudtrail.amazonaws.com';
/** The landing zone's own policy for exactly this; its group is named in it. */
const CONTROL_TOWER = /:aws:policy\/service-role\/AWSControlTowerCloudTrailRolePolicy$/;

/**
 * The streams CloudTrail writes to in a log group, as patterns: those of the account and, for an organization trail,
 * those that begin with the organization's id. `sample` is one real stream.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
 */
export function streamsOf(group: string, organization: string | undefined): { pattern: string; sample: string }[] {
  const own = `${accountOf(group)}_CloudTrail_${regionOf(group)}`;
  const stream = (name: string) => `${group}:log-stream:${name}`;
  return [
    { pattern: stream(`${own}*`), sample: stream(own) },
    ...(organization === undefined
      ? []
      : [{ pattern: stream(`${organization}_*`), sample: stream(`${organization}_${own}`) }]),
  ];
}

/** What the role has to be allowed, and all of it. */
export function deliverStatement(group: string, organization: string | undefined): RawStatement {
  const Resource = streamsOf(group, organization).map(({ pattern }) => pattern);
  return { Sid: 'DeliverToLogGroup', Effect: 'Allow', Action: ACTIONS, Resource };
}

/** What these policies together keep the role from writing. */
export function streamObstacles(
  policies: readonly PolicyDocument[],
  role: string,
  group: string,
  organization: string | undefined,
): Obstacle[] {
  const statements = policies.flatMap((policy) => policy.statements);
  const all = { version: '2012-10-17', statements, raw: { Statement: statements.map(({ raw }) => raw) } };
  return streamsOf(group, organization).flatMap(({ pattern, sample }) =>
    ACTIONS.flatMap((action) => {
      const request = { principal: { aws: role }, action, resource: pattern, context: {} };
      return askPolicy(all, request, `${action} on ${pattern.split(':').at(-1) ?? ''}`, sample) ?? [];
    }),
  );
}

/** A policy of a role, parsed. Inline policies have a name, attached ones an ARN. */
export interface RolePolicy {
  name: string;
  attached: boolean;
  policy: PolicyDocument;
  /** Statements that allow anything but the two actions on the groups the role serves (index). */
  excess: number[];
}

/** All policies of a role, judged against the log groups that it serves. */
export function policiesOf(role: Role, groups: readonly string[]): RolePolicy[] | PolicyError {
  const texts = [
    ...Object.entries(role.inline).map(([name, text]) => ({ name, text, attached: false })),
    ...Object.entries(role.attached).map(([name, text]) => ({ name, text, attached: true })),
  ];
  const policies: RolePolicy[] = [];
  for (const { name, text, attached } of texts) {
    const policy = parsePolicy(text);
    if (isPolicyError(policy)) return { problem: `The policy ${name} cannot be read. ${policy.problem}` };
    const excess = CONTROL_TOWER.test(name)
      ? []
      : policy.statements.flatMap((statement, index) => (isWithin(statement, groups) ? [] : [index]));
    policies.push({ name, attached, policy, excess });
  }
  return policies;
}

function isWithin({ effect, action, resource }: Statement, groups: readonly string[]): boolean {
  if (effect === 'Deny') return true;
  const allowed = ACTIONS.map((name) => name.toLowerCase());
  if (action.not || !action.values.every((name) => allowed.includes(name.toLowerCase()))) return false;
  if (resource === undefined || resource.not) return false;
  return resource.values.every((arn) => groups.some((group) => isOfGroup(arn, group)));
}

/** Region and account may be patterns, since a role reaches no further than its own account; the name may not. */
function isOfGroup(pattern: string, group: string): boolean {
  const [wanted, own] = [pattern.split(':'), group.split(':')];
  const place = [0, 1, 2, 3, 4].every((at) => globMatch(wanted[at] ?? '', own[at] ?? ''));
  return place && wanted[5] === own[5] && wanted[6] === own[6];
}

export interface Trust {
  /** CloudTrail may assume the role, whatever conditions there are. */
  cloudTrail: boolean;
  /** Only under conditions: delivery has stopped because of one. */
  conditional: boolean;
  /** Everybody else who may. */
  others: string[];
}

/** Who may assume a role, by its trust policy. */
export function trustOf(policy: PolicyDocument): Trust {
  const assuming = policy.statements.filter(
    ({ action }) => matchListed(lowerCase(action), 'sts:assumerole', {}, '') === 'yes',
  );
  const named = ({ principal }: Statement) => principal?.values.map(canonicalPrincipal) ?? [];
  const allows = assuming.filter(({ effect }) => effect === 'Allow');
  const ours = allows.filter((it) => !it.principal?.not && named(it).includes(CLOUDTRAIL));
  const denied = assuming.some(
    (it) => it.effect === 'Deny' && !it.principal?.not && named(it).includes(CLOUDTRAIL) && it.conditions.length === 0,
  );
  const others = policy.statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((it) => (it.principal?.not ? ['everybody but a few'] : named(it).filter((id) => id !== CLOUDTRAIL)));
  return {
    cloudTrail: ours.length > 0 && !denied,
    conditional: ours.length > 0 && ours.every(({ conditions }) => conditions.length > 0),
    others: [...new Set(others)],
  };
}
