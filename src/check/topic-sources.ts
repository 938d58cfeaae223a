import type { Snapshot } from '../snapshot/types.ts';
import { arnParts } from './evaluators/policy/operators.ts';
import type { PolicyDocument, RawPolicy, RawStatement, Statement } from './evaluators/policy/types.ts';
import { isRecord } from './evaluators/values.ts';
import { CLOUDTRAIL, letsCloudTrailPublish } from './topic-publish.ts';

export type SourceSnapshot = Pick<Snapshot, 'accounts' | 'trail' | 'organization' | 'organization.accounts'>;

const SOURCES = new Set(['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceowner', 'aws:sourceorgid']);
const MATCHING = new Set(['stringequals', 'stringlike', 'arnequals', 'arnlike']);

/**
 * Why a statement lets more than the trails of the estate publish; undefined where it does not. `foreign` are sources
 * that are named and do not belong to it.
 */
export function sourceFault(statement: Statement, snapshot: SourceSnapshot): string | undefined {
  if (!letsCloudTrailPublish(statement)) return undefined;
  const pins = statement.conditions.filter(
    ({ operator, set, ifExists, key, values }) =>
      SOURCES.has(key) && MATCHING.has(operator) && set !== 'all' && !ifExists && values.length > 0,
  );
  if (pins.length === 0) return 'any trail of any account may publish: there is no condition on the source';
  const foreign = pins.map(({ key, values }) => values.filter((value) => !isOurs(key, value, snapshot)));
  // Conditions are joined by and: one that holds for the estate alone is enough.
  if (foreign.some((values) => values.length === 0)) return undefined;
  return `sources outside the estate may publish: ${[...new Set(foreign.flat())].join(', ')}`;
}

function isOurs(key: string, value: string, snapshot: SourceSnapshot): boolean {
  const organization = snapshot.organization.organization;
  if (key === 'aws:sourceorgid') return organization?.state === 'read' && organization.value.Id === value;
  if (key !== 'aws:sourcearn') return isOurAccount(value, snapshot);
  const [, , service, , account, resource] = arnParts(value);
  return service === 'cloudtrail' && resource !== undefined && isOurAccount(account ?? '', snapshot);
}

function isOurAccount(account: string, snapshot: SourceSnapshot): boolean {
  const members = snapshot['organization.accounts'].organization;
  if (snapshot.accounts[account] !== undefined) return true;
  return members?.state === 'read' && members.value[account] !== undefined;
}

/**
 * The policy with every statement at fault pinned to these trails. A statement that CloudTrail shares with others is
 * split, so that the others keep theirs as it was; all statements without fault are the very objects that were read.
 */
export function pinnedToTrails(
  policy: PolicyDocument,
  trailArns: readonly string[],
  snapshot: SourceSnapshot,
): RawPolicy {
  const Statement = policy.statements.flatMap((statement): RawStatement[] => {
    if (sourceFault(statement, snapshot) === undefined) return [statement.raw];
    const rest = withoutCloudTrail(statement);
    const { Sid, ...raw } = statement.raw;
    const pinned = {
      // Two statements may not share a Sid.
      ...(rest === undefined && Sid !== undefined ? { Sid } : {}),
      ...raw,
      Principal: { Service: CLOUDTRAIL },
      Condition: withSource(raw.Condition, trailArns),
    };
    return rest === undefined ? [pinned] : [rest, pinned];
  });
  return { ...policy.raw, Statement };
}

/** The statement for all principals but CloudTrail; undefined where there are no others. */
function withoutCloudTrail({ principal, raw }: Statement): RawStatement | undefined {
  const others = (principal?.values ?? []).filter(({ kind, id }) => kind !== 'Service' || id !== CLOUDTRAIL);
  if (others.length === 0) return undefined;
  const kinds = [...new Set(others.map(({ kind }) => kind))];
  const Principal = Object.fromEntries(
    kinds.map((kind) => [kind, others.filter((it) => it.kind === kind).map(({ id }) => id)]),
  );
  return { ...raw, Principal };
}

/** The conditions without those on the source, and with the trails as the only sources. */
function withSource(condition: unknown, trailArns: readonly string[]): object {
  const kept = Object.entries(isRecord(condition) ? condition : {}).flatMap(([operator, keys]) => {
    const others = Object.entries(isRecord(keys) ? keys : {}).filter(([key]) => !SOURCES.has(key.toLowerCase()));
    return others.length === 0 ? [] : [[operator, Object.fromEntries(others)] as const];
  });
  const conditions = Object.fromEntries(kept);
  return { ...conditions, StringEquals: { ...conditions.StringEquals, 'aws:SourceArn': [...trailArns] } };
}
