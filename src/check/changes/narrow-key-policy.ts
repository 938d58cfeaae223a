import type { Trail } from '../../snapshot/types.ts';
import { globRelation } from '../evaluators/glob.ts';
import { evaluateConditions } from '../evaluators/policy/conditions.ts';
import { cloudTrailContext } from '../evaluators/policy/contexts.ts';
import type { PolicyDocument, RawPolicy, RawStatement, Statement } from '../evaluators/policy/types.ts';
import { isRecord, stringsOf } from '../evaluators/values.ts';
import { CLOUDTRAIL, CONTEXT_KEY, type Flaw, SOURCE_KEYS } from '../key-sources.ts';

/**
 * The key policy with CloudTrail's flawed statements tied to the trails that use the key. Conditions are only added, or
 * a list of sources cut down to the trails on it, so nobody may do more than before; what the statements give to others
 * stays. A statement that serves none of the trails loses CloudTrail. All other statements are the objects that were read.
 */
export function narrowKeyPolicy(
  policy: PolicyDocument,
  flaws: readonly Flaw[],
  trails: readonly Trail[],
  partition: string,
): { document: RawPolicy } | { problem: string } {
  const taken = new Set(policy.statements.flatMap(({ sid }) => sid ?? []));
  const statements: RawStatement[] = [];
  for (const [index, statement] of policy.statements.entries()) {
    const flaw = flaws.find((it) => it.index === index);
    if (flaw === undefined) {
      statements.push(statement.raw);
      continue;
    }
    const served = trails.filter((trail) => serves(statement, trail, policy.version));
    const pieces = piecesOf(statement, flaw, served, partition);
    if ('problem' in pieces) return pieces;
    statements.push(...withFreeSids(pieces.statements, taken));
  }
  return { document: { ...policy.raw, Statement: statements } };
}

/** Do the statement's sources, as they are, let CloudTrail in for the trail? */
function serves({ conditions }: Statement, trail: Trail, version: string): boolean {
  const sources = conditions.filter(({ key }) => SOURCE_KEYS.includes(key) || key === CONTEXT_KEY);
  const context = cloudTrailContext({
    trailArn: trail.TrailARN,
    accountId: trail.owner,
    organizationId: undefined,
    encryption: 'AES256',
  });
  return evaluateConditions(sources, context, version) !== 'no';
}

function piecesOf(
  { raw, action, principal }: Statement,
  flaw: Flaw,
  trails: readonly Trail[],
  partition: string,
): { statements: RawStatement[] } | { problem: string } {
  if (action.not) return { problem: `${flaw.text}, and it allows all actions but some.` };
  const encrypting = action.values.filter((name) => globRelation(name.toLowerCase(), GENERATE) !== 'disjoint');
  const others = action.values.filter((name) => !encrypting.includes(name));
  if (flaw.context && encrypting.some((name) => globRelation(GENERATE, name.toLowerCase()) !== 'covers')) {
    return { problem: `${flaw.text}, and ${encrypting.join(', ')} covers more than encrypting.` };
  }
  const contexts = [...new Set(trails.map(({ owner }) => `arn:${partition}:cloudtrail:*:${owner}:trail/*`))];
  const source = flaw.source
    ? withCondition(
        raw,
        'StringEquals',
        'aws:SourceArn',
        trails.map(({ TrailARN }) => TrailARN),
      )
    : raw;
  const tied = flaw.context ? withCondition(source, 'StringLike', CONTEXT_NAME, contexts) : source;
  const strangers = principal?.values.some(({ kind, id }) => kind !== 'Service' || id !== CLOUDTRAIL) === true;
  // An encryption context comes with encrypting alone: asking for it elsewhere would refuse what was allowed.
  const split = flaw.context && others.length > 0;
  const mine = [split ? { ...tied, Action: encrypting } : tied, ...(split ? [{ ...source, Action: others }] : [])].map(
    (piece) => (strangers ? { ...piece, Principal: { Service: CLOUDTRAIL } } : piece),
  );
  return {
    statements: [
      ...(strangers ? [{ ...raw, Principal: withoutCloudTrail(raw.Principal) }] : []),
      ...(trails.length === 0 ? [] : mine),
    ],
  };
}

const GENERATE = 'kms:generatedatakey*';
const CONTEXT_NAME = 'kms:EncryptionContext:aws:cloudtrail:arn';

/** A condition more; where the same operator asks for the same key already, its list is replaced. */
function withCondition(raw: RawStatement, operator: string, key: string, values: readonly string[]): RawStatement {
  const conditions = isRecord(raw.Condition) ? raw.Condition : {};
  const written = Object.keys(conditions).find((name) => name.toLowerCase() === operator.toLowerCase()) ?? operator;
  const keys = conditions[written];
  const kept = Object.entries(isRecord(keys) ? keys : {}).filter(([name]) => name.toLowerCase() !== key.toLowerCase());
  return { ...raw, Condition: { ...conditions, [written]: { ...Object.fromEntries(kept), [key]: values } } };
}

function withoutCloudTrail(principal: unknown): unknown {
  if (!isRecord(principal)) return principal;
  const { Service, ...others } = principal;
  const kept = (stringsOf(Service) ?? []).filter((id) => id !== CLOUDTRAIL);
  return kept.length === 0 ? others : { ...others, Service: kept };
}

/** The first piece keeps the Sid of what it comes from; two statements may not share one. */
function withFreeSids(pieces: readonly RawStatement[], taken: Set<string>): RawStatement[] {
  return pieces.map((piece, at) => {
    const { Sid } = piece;
    if (at === 0 || typeof Sid !== 'string') return piece;
    let sid = Sid;
    for (let number = 2; taken.has(sid); number++) sid = `${Sid}${number}`;
    taken.add(sid);
    return { ...piece, Sid: sid };
  });
}
