import { lowerCase, matchListed } from './evaluators/policy/decide.ts';
import { publicStatements } from './evaluators/policy/public.ts';
import type { PolicyDocument, RawPolicy, RawStatement, Statement } from './evaluators/policy/types.ts';
import { isRecord } from './evaluators/values.ts';

/** What strangers must not do; looking at attributes or tags is none of it. */
const GUARDED = [
  'sns:Publish',
  'sns:Subscribe',
  'sns:Receive',
  'sns:AddPermission',
  'sns:RemovePermission',
  'sns:SetTopicAttributes',
  'sns:DeleteTopic',
  'sns:PutDataProtectionPolicy',
];

/** Statements that open a topic to everybody: their index, what they open, and why that is public. */
export function openings(policy: PolicyDocument): { index: number; opens: string[]; reason: string }[] {
  return publicStatements(policy).flatMap(({ index, reason }) => {
    const statement = policy.statements[index];
    const opens = statement === undefined ? [] : openedBy(statement);
    return opens.length === 0 ? [] : [{ index, opens, reason }];
  });
}

function openedBy(statement: Statement): string[] {
  const opens = GUARDED.filter((action) => {
    return matchListed(lowerCase(statement.action), action.toLowerCase(), {}, '') !== 'no';
  });
  const subscribesOnly = opens.every((action) => action === 'sns:Subscribe' || action === 'sns:Receive');
  return subscribesOnly && isForOwnEndpoints(statement) ? [] : opens;
}

/** Whoever subscribes, messages go to these endpoints: written out, or every address of one domain. */
function isForOwnEndpoints({ conditions }: Statement): boolean {
  return conditions.some(
    ({ operator, set, ifExists, key, values }) =>
      key === 'sns:endpoint' &&
      (operator === 'stringequals' || operator === 'stringlike') &&
      set === undefined &&
      !ifExists &&
      values.length > 0 &&
      values.every((value) => /^(\*@)?[^*?]+$/.test(value)),
  );
}

/**
 * The policy with these statements kept for the topic's own account, by the condition that SNS itself puts into the
 * policy of a new topic; the others are the very objects that were read.
 */
export function closedToOwner(policy: PolicyDocument, indexes: readonly number[], owner: string): RawPolicy {
  const Statement = policy.statements.map(({ raw }, index): RawStatement => {
    if (!indexes.includes(index)) return raw;
    const { Condition } = raw;
    const conditions = isRecord(Condition) ? Condition : {};
    const [name = 'StringEquals', present] =
      Object.entries(conditions).find(([operator]) => operator.toLowerCase() === 'stringequals') ?? [];
    // Another value for the same key would be joined by or.
    const others = Object.entries(isRecord(present) ? present : {}).filter(
      ([key]) => key.toLowerCase() !== 'aws:sourceowner',
    );
    return {
      ...raw,
      Condition: { ...conditions, [name]: { ...Object.fromEntries(others), 'AWS:SourceOwner': owner } },
    };
  });
  return { ...policy.raw, Statement };
}
