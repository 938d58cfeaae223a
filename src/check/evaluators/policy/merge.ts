import { canonicalJson } from '../canonical/json.ts';
import { canonicalStatement } from '../canonical/policy.ts';
import { isRecord, stringsOf } from '../values.ts';
import { grants } from './implies.ts';
import { parseStatement } from './parse.ts';
import type { PolicyDocument, RawPolicy, RawStatement, Statement } from './types.ts';

/**
 * `document` is the whole policy to put. `added` are the statements that are new, `changed` those that were extended
 * (index in the document); `unchanged` means that everything wanted was already there.
 */
export type Merge = {
  readonly document: RawPolicy;
  readonly added: readonly RawStatement[];
  readonly changed: readonly { readonly index: number; readonly before: RawStatement; readonly after: RawStatement }[];
  readonly unchanged: boolean;
};

/** Conditions whose list of values may grow when everything else in two statements is the same. */
const EXTENDABLE_KEYS = new Set(['aws:sourcearn', 'kms:encryptioncontext:aws:cloudtrail:arn']);
const EXTENDABLE_TESTS = new Set(['stringequals', 'stringlike', 'arnequals', 'arnlike']);

/**
 * Adds what is missing by meaning and takes nothing away. A wanted statement that an existing one already grants is
 * left out. One that differs from an existing one in a single list (resources, or the trails of a condition) extends
 * that list: with one list only, the union grants nothing beyond the two. Everything else is added as a statement of
 * its own, under a free Sid. Statements not touched are the very objects that were read.
 */
export function mergeStatements(policy: PolicyDocument | undefined, wanted: readonly RawStatement[]): Merge {
  const before = policy?.raw.Statement ?? [];
  const statements: Statement[] = [...(policy?.statements ?? [])];
  for (const raw of wanted) {
    const statement = required(raw);
    if (statements.some((existing) => grants(existing, statement))) continue;
    const extended = statements
      .map((existing, index) => ({ index, raw: extend(existing, statement) }))
      .find((candidate) => candidate.raw !== undefined);
    if (extended?.raw !== undefined) statements[extended.index] = required(extended.raw);
    else statements.push(required(withFreeSid(raw, statements)));
  }
  const raws = statements.map(({ raw }) => raw);
  const changed = before.flatMap((read, index) => {
    const after = raws[index];
    return after === undefined || after === read ? [] : [{ index, before: read, after }];
  });
  const added = raws.slice(before.length);
  const rest = policy?.raw ?? { Version: '2012-10-17' };
  return {
    document: { ...rest, Statement: raws },
    added,
    changed,
    unchanged: changed.length === 0 && added.length === 0,
  };
}

/** The policy without these statements; undefined when none is left, for AWS takes no empty policy. */
export function removeStatements(policy: PolicyDocument, indexes: readonly number[]): RawPolicy | undefined {
  const kept = policy.raw.Statement.filter((_, index) => !indexes.includes(index));
  return kept.length === 0 ? undefined : { ...policy.raw, Statement: kept };
}

/** The existing statement with one list extended, or undefined if they differ in anything else or in more than one. */
function extend(existing: Statement, wanted: Statement): RawStatement | undefined {
  const [one, other] = [canonicalStatement(existing), canonicalStatement(wanted)];
  const same = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b);
  if (one.effect !== 'Allow' || other.effect !== 'Allow') return undefined;
  if (!same(one.principal, other.principal) || !same(one.action, other.action)) return undefined;
  if (same(one.conditions, other.conditions)) {
    if (one.resource?.not !== false || other.resource?.not !== false) return undefined;
    return { ...existing.raw, Resource: union(existing.raw.Resource, other.resource.values) };
  }
  if (!same(one.resource, other.resource) || one.conditions?.length !== other.conditions?.length) return undefined;
  const pairs = (one.conditions ?? []).map((condition) => {
    const match = (other.conditions ?? []).filter(({ test, key }) => test === condition.test && key === condition.key);
    return { condition, match };
  });
  if (pairs.some(({ match }) => match.length !== 1)) return undefined;
  const differing = pairs.filter(({ condition, match }) => !same([condition], match));
  const [only, ...more] = differing;
  if (only === undefined || more.length > 0) return undefined;
  const { test, key } = only.condition;
  if (!EXTENDABLE_KEYS.has(key) || !EXTENDABLE_TESTS.has(test)) return undefined;
  const values = only.match.flatMap((condition) => condition.values);
  return { ...existing.raw, Condition: withValues(existing.raw.Condition, test, key, values) };
}

function withValues(raw: unknown, test: string, key: string, values: readonly string[]): unknown {
  if (!isRecord(raw)) return raw;
  return Object.fromEntries(
    Object.entries(raw).map(([operator, keys]) => {
      if (operator.toLowerCase() !== test || !isRecord(keys)) return [operator, keys];
      const grown = Object.entries(keys).map(([name, list]) => [
        name,
        name.toLowerCase() === key ? union(list, values) : list,
      ]);
      return [operator, Object.fromEntries(grown)];
    }),
  );
}

function union(raw: unknown, more: readonly string[]): readonly string[] {
  return [...new Set([...(stringsOf(raw) ?? []), ...more])];
}

/** Two statements may not share a Sid, and an existing one is never overwritten for having ours. */
function withFreeSid(raw: RawStatement, statements: readonly Statement[]): RawStatement {
  const wanted = raw.Sid;
  if (typeof wanted !== 'string') return raw;
  const taken = new Set(statements.map(({ sid }) => sid));
  let sid = wanted;
  for (let number = 2; taken.has(sid); number++) sid = `${wanted}${number}`;
  return { ...raw, Sid: sid };
}

function required(raw: RawStatement): Statement {
  const statement = parseStatement(raw);
  if ('problem' in statement) throw new TypeError(`A statement to merge is none: ${statement.problem}`);
  return statement;
}
