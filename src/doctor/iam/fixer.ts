import { TrailCheckError } from '../../ops/error.ts';
import { FAMILIES, type Family, neededBy } from './families.ts';
import { type Grant, narrow } from './narrow.ts';
import type { Role, Statement } from './statement.ts';
import { FIXER_TRUST } from './trust.ts';

/** Nobody approves these: no plan makes them, and no mistake of ours shall. */
const NEVER: Statement = {
  sid: 'Never',
  effect: 'Deny',
  actions: ['cloudtrail:StopLogging', 'kms:DisableKey', 'kms:ScheduleKeyDeletion'],
  resources: ['*'],
};

/** All that a role made by a fix is for: delivering to a log group. */
const BOUNDARY_PERMISSIONS: readonly Statement[] = [
  {
    sid: 'Deliver',
    effect: 'Allow',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: ['arn:{partition}:logs:*:{account}:log-group:*'],
  },
];

/**
 * The role that makes the changes of these checks, each given by the operations that its plans and their undo may make.
 * Rejects when the families leave nothing to do.
 */
export function fixerRole(checks: readonly (readonly string[])[], families: readonly Family[]): Role {
  const needed = checks.flatMap(neededBy).filter(({ family }) => families.includes(family));
  if (needed.length === 0) {
    throw new TrailCheckError('There is nothing to allow: no fix of these checks is in these families', {
      what: families.join(', '),
      next: `Choose other checks, or say --family: ${FAMILIES.join(', ')}.`,
    });
  }
  const permissions = families.flatMap((family) =>
    statementsOf(family, needed.filter((one) => one.family === family).flatMap(narrow)),
  );
  const makesRoles = needed.some(({ action }) => action === 'iam:CreateRole');
  return {
    kind: 'fixer',
    trust: FIXER_TRUST,
    permissions: [...permissions, NEVER],
    ...(makesRoles && { boundary: BOUNDARY_PERMISSIONS }),
  };
}

/** Actions on the same resource together, then resources of the same actions. */
function statementsOf(family: Family, grants: readonly Grant[]): Statement[] {
  const byResource = groups(grants, ({ on, condition }) => [on, condition]).map((group) => ({
    actions: [...new Set(group.map(({ action }) => action))].sort(),
    on: group[0]?.on ?? '*',
    condition: group[0]?.condition,
  }));
  const byActions = groups(byResource, ({ actions, on, condition }) => [actions, condition, isNamed(on) && on]);
  return byActions.map((group, at) => {
    const [{ actions, on, condition } = { actions: [], on: '*', condition: undefined }] = group;
    return {
      sid: `${family[0]?.toUpperCase()}${family.slice(1)}${at === 0 ? '' : at + 1}`,
      effect: 'Allow',
      actions,
      resources: isNamed(on) ? on : widest(group.map(({ on: pattern }) => pattern)),
      ...(condition && { condition }),
    };
  });
}

function isNamed(on: string): on is 'buckets' | 'keys' | 'roles' {
  return on === 'buckets' || on === 'keys' || on === 'roles';
}

/** Without patterns that another one covers: `log-group:*` is `log-group:*:*` too. */
function widest(patterns: readonly string[]): string[] {
  const covered = (one: string) =>
    patterns.some((other) => other !== one && other.endsWith('*') && one.startsWith(other.slice(0, -1)));
  return patterns.filter((one) => !covered(one)).sort();
}

function groups<T>(items: readonly T[], key: (item: T) => unknown): T[][] {
  const found = Map.groupBy(items, (item) => JSON.stringify(key(item)));
  return [...found.keys()].sort().map((name) => found.get(name) ?? []);
}
