import type { Key, Snapshot, Unreadable } from '../snapshot/types.ts';
import { partOf } from './check.ts';
import { type EstateSnapshot, inEstate } from './estate-accounts.ts';
import { lowerCase, matchListed } from './evaluators/policy/decide.ts';
import { operatorOf } from './evaluators/policy/operators.ts';
import { limitsWho } from './evaluators/policy/public.ts';
import type { Condition, PolicyDocument, Statement } from './evaluators/policy/types.ts';
import { accountOf } from './subject.ts';

export const CLOUDTRAIL = 'cloudtrail.amazonaws.com';
export const SOURCE_KEYS = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid'];
export const CONTEXT_KEY = 'kms:encryptioncontext:aws:cloudtrail:arn';

/** What is wrong with one statement that lets CloudTrail use a key. `text` is a sentence without its full stop. */
export interface Flaw {
  index: number;
  /** Which ties are missing. */
  source: boolean;
  context: boolean;
  text: string;
}

export interface KeySources {
  /** Some statement lets CloudTrail in at all. */
  any: boolean;
  flaws: Flaw[];
  doubts: Unreadable[];
  notes: string[];
}

type Sources = EstateSnapshot & Pick<Snapshot, 'organization' | 'key' | 'eventDataStore' | 'account.eventDataStores'>;

/** Judges every Allow that names cloudtrail.amazonaws.com: is it tied to trails of the estate, and to their encryption context? */
export function keySources(policy: PolicyDocument, key: Key, snapshot: Sources): KeySources {
  const found: KeySources = { any: false, flaws: [], doubts: [], notes: [] };
  const stores = storesOn(key, snapshot);
  for (const [index, statement] of policy.statements.entries()) {
    if (!isForCloudTrail(statement)) continue;
    found.any = true;
    const name = `Statement ${statement.sid ?? index + 1}`;
    const source = sourceOf(statement, key, snapshot);
    if (!allowsAny(statement, USES)) {
      if (source !== undefined) found.notes.push(`${name} lets CloudTrail describe the key for anybody.`);
      continue;
    }
    if (mayServeStore(statement)) {
      if (stores.found.length > 0) {
        found.notes.push(
          `${name} serves an event data store (${stores.found.join(', ')}) and cannot name a source; give the store a key of its own.`,
        );
        continue;
      }
      if (stores.unread !== undefined) {
        found.doubts.push(stores.unread);
        continue;
      }
    }
    if (typeof source === 'object') {
      found.doubts.push(source);
      continue;
    }
    const context = encrypts(statement) && !statement.conditions.some(tiesContext);
    if (source === undefined && !context) continue;
    const text = source ?? 'lets CloudTrail encrypt without naming the trail in the encryption context';
    found.flaws.push({ index, source: source !== undefined, context, text: `${name} ${text}` });
  }
  return found;
}

/** Could the statement be one that an event data store needs? Such a one names neither a source nor a context. */
export function mayServeStore(statement: Statement): boolean {
  const bound = statement.conditions.some(({ key }) => SOURCE_KEYS.includes(key) || key === CONTEXT_KEY);
  return !bound && allowsAny(statement, ['kms:decrypt']) && encrypts(statement);
}

/** Does the statement allow what encrypting a log file takes? */
export function encrypts(statement: Statement): boolean {
  return allowsAny(statement, ['kms:generatedatakey*']);
}

/** A condition that must be there and asks for one of its values. */
export function isPositive({ operator, set, ifExists }: Condition): boolean {
  return !ifExists && set !== 'all' && operator !== 'null' && operatorOf(operator)?.negated === false;
}

function isForCloudTrail({ effect, principal }: Statement): boolean {
  if (effect !== 'Allow' || principal === undefined || principal.not) return false;
  return principal.values.some(({ kind, id }) => kind === 'Service' && id === CLOUDTRAIL);
}

/** All but asking what the key is. */
const USES = ['kms:generatedatakey*', 'kms:decrypt', 'kms:encrypt', 'kms:reencrypt*', 'kms:creategrant'];

function allowsAny({ action }: Statement, actions: readonly string[]): boolean {
  return actions.some((name) => matchListed(lowerCase(action), name, {}, '') !== 'no');
}

function tiesContext(condition: Condition): boolean {
  return (
    condition.key === CONTEXT_KEY &&
    isPositive(condition) &&
    condition.values.every((value) => /^arn:[^:]+:cloudtrail:/.test(value))
  );
}

/** What is wrong with the source of a statement; undefined if one of its conditions ties it to the estate. */
function sourceOf(statement: Statement, key: Key, snapshot: Sources): string | Unreadable | undefined {
  const conditions = statement.conditions.filter((it) => SOURCE_KEYS.includes(it.key) && isPositive(it));
  const judged = conditions.map((condition) => {
    if (!limitsWho(condition)) return `takes any account (${condition.values.join(', ')}) for a source`;
    return strangersIn(condition, key, snapshot);
  });
  if (judged.includes(undefined)) return undefined;
  const unread = judged.find((it) => typeof it === 'object');
  const foreign = judged.find((it) => typeof it === 'string' && it.startsWith('names'));
  return unread ?? foreign ?? judged[0] ?? 'does not name the trails or accounts for which CloudTrail may use the key';
}

function strangersIn(condition: Condition, key: Key, snapshot: Sources): string | Unreadable | undefined {
  if (condition.key === 'aws:sourceorgid') {
    const organization = partOf(snapshot.organization, 'organization');
    if (organization.state !== 'read' && organization.state !== 'absent') return organization;
    const own = organization.state === 'read' ? organization.value.Id : '';
    const foreign = condition.values.filter((id) => id !== own);
    return foreign.length === 0 ? undefined : `names the organization ${foreign.join(', ')}, which is not this one`;
  }
  const accounts = condition.values.map((value) =>
    condition.key === 'aws:sourcearn' ? accountOf(value) : value.startsWith('${') ? key.AWSAccountId : value,
  );
  const judged = accounts.map((account) => ({ account, inside: inEstate(snapshot, account) }));
  const foreign = judged.filter(({ inside }) => inside === false);
  if (foreign.length > 0) {
    const names = [...new Set(foreign.map(({ account }) => account))].join(', ');
    return `names account ${names}, which is outside the estate`;
  }
  const doubt = judged.find(({ inside }) => typeof inside === 'object')?.inside;
  return typeof doubt === 'object' ? doubt : undefined;
}

/** Event data stores that use the key, and what could not be read of those that may. */
function storesOn(key: Key, snapshot: Sources): { found: string[]; unread: Unreadable | undefined } {
  const found: string[] = [];
  const unread: Unreadable[] = [];
  for (const [place, part] of Object.entries(snapshot['account.eventDataStores'])) {
    if (!place.endsWith(`/${key.region}`) || part.state === 'read') continue;
    if (part.state !== 'absent' && part.state !== 'unsupported') unread.push(part);
  }
  for (const part of Object.values(snapshot.eventDataStore)) {
    if (part.state === 'absent') continue;
    if (part.state !== 'read') {
      unread.push(part);
      continue;
    }
    const { KmsKeyId = '', Name } = part.value;
    const behind = snapshot.key[KmsKeyId];
    const arn = behind?.state === 'read' ? behind.value.Arn : KmsKeyId;
    if (arn === key.Arn || arn === key.KeyId) found.push(Name);
  }
  return { found, unread: unread[0] };
}
