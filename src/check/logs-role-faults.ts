import type { Part, Role, Snapshot, Trail } from '../snapshot/types.ts';
import { type Judgement, partOf, unknownBecause } from './check.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import { deliverStatement, policiesOf, type RolePolicy, streamObstacles, trustOf } from './logs-role.ts';
import { organizationIdOf } from './organization.ts';
import { accountOf } from './subject.ts';

export type RoleSnapshot = Pick<
  Snapshot,
  'trail' | 'trail.status' | 'iam.role' | 'organization' | 'organization.accounts'
>;

/** A role that trails deliver to a log group with, judged. */
export interface JudgedRole {
  arn: string;
  role: Role;
  policies: RolePolicy[];
  /** The statement that the role needs and nothing else. */
  needed: ReturnType<typeof deliverStatement>;
  organization: string | undefined;
  /** Sentences, the gravest first. */
  faults: string[];
  notes: string[];
  mendTrust: boolean;
  /** Who else may assume it. */
  others: string[];
  /** Other log groups that trails deliver to with it. */
  otherGroups: string[];
}

/** Roles by ARN with the trails that deliver with them to this group. */
export function rolesOn(trails: readonly Trail[]): Map<string, Trail[]> {
  const roles = new Map<string, Trail[]>();
  for (const trail of trails) {
    const { CloudWatchLogsRoleArn: role } = trail;
    if (role !== undefined && role !== '') roles.set(role, [...(roles.get(role) ?? []), trail]);
  }
  return roles;
}

/** The part that holds a role. */
export function rolePart(snapshot: Pick<Snapshot, 'iam.role'>, arn: string): Part<Role> {
  return partOf(snapshot['iam.role'], `${accountOf(arn)}/${arn.split('/').at(-1) ?? ''}`);
}

/** Judges one role by what it may do on this group; a judgement where the role is gone or something is not known. */
export function judgeRole(
  snapshot: RoleSnapshot,
  group: string,
  arn: string,
  trails: readonly Trail[],
): JudgedRole | Judgement {
  const part = rolePart(snapshot, arn);
  const evidence = { role: arn, trails: trails.map(({ TrailARN }) => TrailARN) };
  const name = `The role ${arn.split('/').at(-1) ?? ''}`;
  if (part.state === 'absent') {
    const reason = `${name} no longer exists, so nothing is delivered to the log group.`;
    return { verdict: 'fail', evidence, reason, fix: 'manual' };
  }
  if (part.state !== 'read') return unknownBecause(part, evidence);
  const role = part.value;
  const organization = organizationFor(snapshot, trails);
  if (typeof organization === 'object') return { ...organization, evidence };
  const otherGroups = groupsBeside(snapshot, arn, group);
  const policies = policiesOf(role, [group, ...otherGroups]);
  if ('problem' in policies) return { verdict: 'unknown', evidence, reason: policies.problem };
  const document = parsePolicy(role.AssumeRolePolicyDocument);
  if (isPolicyError(document)) return { verdict: 'unknown', evidence, reason: document.problem };
  const trust = trustOf(document);
  const obstacles = streamObstacles(
    policies.map(({ policy }) => policy),
    arn,
    group,
    organization,
  );
  const certain = obstacles.filter(({ kind }) => kind !== 'unclear');
  const [unclear] = obstacles;
  if (certain.length === 0 && unclear !== undefined) {
    return { verdict: 'unknown', evidence, reason: `It cannot be told whether the role may deliver: ${unclear.text}.` };
  }
  const failing = trust.conditional ? deliveryError(snapshot, trails) : undefined;
  if (typeof failing === 'object') return { ...failing, evidence };
  const broad = policies.filter(({ excess }) => excess.length > 0);
  const faults = [
    ...(trust.cloudTrail ? [] : [`${name} does not trust CloudTrail.`]),
    ...certain.slice(0, 1).map(({ text }) => `${name} cannot deliver: ${text}.`),
    ...(failing === undefined ? [] : [`${name} is trusted under a condition, and delivery fails with ${failing}.`]),
    ...(trust.others.length === 0 ? [] : [`${name} may also be assumed by ${trust.others.join(', ')}.`]),
    ...broad.map(({ name: policy }) => `${name} may do more than deliver, by ${policy}.`),
  ];
  const notes = [
    ...(trust.conditional && failing === undefined
      ? [`${name} is trusted under a condition; delivery is known to stop because of one.`]
      : []),
    ...(role.PermissionsBoundary === undefined
      ? []
      : [`${name} has the permissions boundary ${role.PermissionsBoundary}, which was not looked into.`]),
  ];
  return {
    arn,
    role,
    policies,
    needed: deliverStatement(group, organization),
    organization,
    faults,
    notes,
    mendTrust: !trust.cloudTrail || failing !== undefined,
    others: trust.others,
    otherGroups,
  };
}

/** The id that streams of members begin with, where an organization trail is among the trails. */
function organizationFor(snapshot: RoleSnapshot, trails: readonly Trail[]): string | undefined | Judgement {
  const trail = trails.find(({ IsOrganizationTrail }) => IsOrganizationTrail);
  if (trail === undefined) return undefined;
  const id = organizationIdOf(snapshot, trail.owner);
  if (typeof id === 'string') return id;
  const part = partOf(snapshot.organization, 'organization');
  if (part.state !== 'read' && part.state !== 'absent') return unknownBecause(part);
  return { verdict: 'unknown', reason: 'The id of the organization, which its streams begin with, is not known.' };
}

/** The code CloudTrail fails to deliver with; undefined if it does not. */
function deliveryError(snapshot: RoleSnapshot, trails: readonly Trail[]): string | undefined | Judgement {
  const states = trails.map(({ TrailARN }) => partOf(snapshot['trail.status'], TrailARN));
  for (const status of states) {
    const code = status.state === 'read' ? status.value.LatestCloudWatchLogsDeliveryError : undefined;
    if (code !== undefined && code !== '') return code;
  }
  for (const status of states) {
    if (status.state !== 'read' && status.state !== 'absent') return unknownBecause(status);
  }
  return undefined;
}

function groupsBeside({ trail: trails }: Pick<Snapshot, 'trail'>, role: string, group: string): string[] {
  const groups = Object.values(trails).flatMap((part) => {
    if (part.state !== 'read' || part.value.CloudWatchLogsRoleArn !== role) return [];
    return part.value.CloudWatchLogsLogGroupArn?.replace(/:\*$/, '') ?? [];
  });
  return [...new Set(groups)].filter((it) => it !== group && it !== '');
}
