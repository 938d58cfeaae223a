import { TrailCheckError } from '../ops/error.ts';
import type { Permission } from './operation.ts';

/** STS takes this many characters of session policy: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const POLICY_LIMIT = 2_048;

/** What surrounds one fix in one account: nothing but these calls can run, and CloudTrail records who approved. */
export interface Fence {
  /** 2 to 64 of `[\w+=,.@-]`; begins with `tc-`, which the trust of the fixer role asks for. */
  sessionName: string;
  /** The deciding approver's Slack user id, or `auto.<rule>`. */
  sourceIdentity: string;
  tags: Readonly<Record<string, string>>;
  /** For each call of the plan (undo and rollback too) what `actionsOf` says. What a call needs stays in one policy. */
  calls: readonly (readonly Permission[])[];
  /** 900 to 3600; role chaining ends at an hour. */
  durationSeconds: number;
}

/** Session policies that allow exactly these calls, each at most 2,048 characters. Equal input, equal text. */
export function fencePolicies(calls: Fence['calls']): string[] {
  return packCalls(calls).map((group) => policyText(group.flat()));
}

/** Splits calls, in order, into as few groups as fit a policy each. */
export function packCalls(calls: Fence['calls']): Permission[][][] {
  const groups: Permission[][][] = [];
  for (const call of calls) {
    const last = groups.at(-1);
    if (last && policyText([...last.flat(), ...call]).length <= POLICY_LIMIT) last.push([...call]);
    else if (policyText([...call]).length <= POLICY_LIMIT) groups.push([[...call]]);
    else {
      throw new TrailCheckError('One call needs more permissions than a session policy can hold', {
        what: call[0]?.action ?? 'no action',
        next: 'Split the change into smaller ones.',
      });
    }
  }
  return groups;
}

/** One policy document: actions of the same resource together, then resources of the same actions. */
export function policyText(permissions: readonly Permission[]): string {
  const byResource = groupBy(permissions, ({ resource, condition }) => JSON.stringify([resource, condition]));
  const statements = byResource.map((group) => ({
    actions: sortedSet(group.map(({ action }) => action)),
    resources: sortedSet(group.map(({ resource }) => resource)),
    condition: group[0]?.condition,
  }));
  const byActions = groupBy(statements, ({ actions, condition }) => JSON.stringify([actions, condition]));
  const Statement = byActions.map((group) => ({
    Effect: 'Allow',
    Action: scalar(group[0]?.actions ?? []),
    Resource: scalar(sortedSet(group.flatMap(({ resources }) => resources.map(writable)))),
    ...(group[0]?.condition && { Condition: group[0].condition }),
  }));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** Whether these permissions let a call through; for choosing the session, AWS itself decides in the end. */
export function covers(permissions: readonly Permission[], needed: readonly Permission[]): boolean {
  return [...new Set(needed.map(({ action }) => action))].every((action) =>
    needed.some(
      (need) =>
        need.action === action &&
        permissions.some((given) => given.action === action && related(given.resource, need.resource)),
    ),
  );
}

/** Either may be the wider one: an input names an alias or leaves out a path where the fence has the whole ARN. */
function related(a: string, b: string): boolean {
  return a === b || matches(a, b) || matches(b, a);
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

/** IAM takes Latin-1 in policies only, but an alarm may be named with any character: those become a wildcard. */
function writable(resource: string): string {
  return resource.replace(/[^\u0020-\u00FF]+/g, '*');
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = Map.groupBy(items, key);
  return [...groups.keys()].sort().map((name) => groups.get(name) ?? []);
}

const sortedSet = (items: readonly string[]) => [...new Set(items)].sort();

const scalar = (items: readonly string[]) => (items.length === 1 ? items[0] : items);
