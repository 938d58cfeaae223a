import { parseStatement } from '../evaluators/policy/parse.ts';
import type { PolicyDocument, RawPolicy, RawStatement, Statement } from '../evaluators/policy/types.ts';
import { isRecord, stringsOf } from '../evaluators/values.ts';
import { CLOUDTRAIL, isDemand } from '../trail-sources.ts';

/**
 * The policy with an `aws:SourceArn` of these trails on the statements at `indexes`, so that CloudTrail may use them for
 * no others. Values that `keep` accepts stay; who shares a statement with CloudTrail keeps it as it was. Every other
 * statement is the very object that was read.
 */
export function pinSources(
  policy: PolicyDocument,
  indexes: readonly number[],
  trailArns: readonly string[],
  keep: (value: string) => boolean,
): RawPolicy {
  const sids = new Set(policy.statements.map(({ sid }) => sid));
  const statements = policy.statements.flatMap((statement, index): RawStatement[] => {
    if (!indexes.includes(index)) return [statement.raw];
    const [own, others] = split(statement);
    const pinned = { ...own, Condition: pin(own, trailArns, keep) };
    if (others === undefined) return [pinned];
    if (statement.sid === undefined) return [others, pinned];
    const Sid = freeSid(`${statement.sid}CloudTrail`, sids);
    sids.add(Sid);
    return [others, { ...pinned, Sid }];
  });
  return { ...policy.raw, Statement: statements };
}

/** CloudTrail's part of a statement, and that of everybody else in it. */
function split({ raw }: Statement): [RawStatement, RawStatement | undefined] {
  const principal = isRecord(raw.Principal) ? raw.Principal : {};
  const { Service, ...rest } = principal;
  const services = (stringsOf(Service) ?? []).filter((id) => id !== CLOUDTRAIL);
  if (services.length === 0 && Object.keys(rest).length === 0) return [raw, undefined];
  const others = services.length === 0 ? rest : { ...rest, Service: services };
  return [
    { ...raw, Principal: { Service: CLOUDTRAIL } },
    { ...raw, Principal: others },
  ];
}

function pin(raw: RawStatement, trailArns: readonly string[], keep: (value: string) => boolean): RawStatement {
  const conditions = isRecord(raw.Condition) ? raw.Condition : {};
  let found = false;
  const pinned = Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => {
      if (!isRecord(keys)) return [operator, keys];
      const entries = Object.entries(keys).map(([key, list]) => {
        if (key.toLowerCase() !== 'aws:sourcearn' || !demands(raw, operator, key, list)) return [key, list];
        found = true;
        return [key, [...new Set([...(stringsOf(list) ?? []).filter(keep), ...trailArns])]];
      });
      return [operator, Object.fromEntries(entries)];
    }),
  );
  if (found) return pinned;
  const operator = Object.keys(pinned).find((name) => name.toLowerCase() === 'stringequals') ?? 'StringEquals';
  const beside = pinned[operator];
  return { ...pinned, [operator]: { ...(isRecord(beside) ? beside : {}), 'aws:SourceArn': [...trailArns] } };
}

/** Is this one condition a demand that the source be among its values? */
function demands(raw: RawStatement, operator: string, key: string, list: unknown): boolean {
  const statement = parseStatement({ ...raw, Condition: { [operator]: { [key]: list } } });
  return !('problem' in statement) && statement.conditions.every(isDemand);
}

function freeSid(wanted: string, taken: ReadonlySet<string | undefined>): string {
  let sid = wanted;
  for (let number = 2; taken.has(sid); number++) sid = `${wanted}${number}`;
  return sid;
}
