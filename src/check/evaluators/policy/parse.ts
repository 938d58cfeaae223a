import { isRecord, stringsOf } from '../values.ts';
import type {
  Condition,
  Listed,
  PolicyDocument,
  PolicyError,
  PrincipalId,
  PrincipalKind,
  RawStatement,
  Statement,
} from './types.ts';

/** What AWS assumes for a document without Version; policy variables mean nothing in it. */
const OLD_VERSION = '2008-10-17';
const KINDS: readonly PrincipalKind[] = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/**
 * Reads a policy document from its text or from parsed JSON. Tolerant as AWS is: one statement or a list, scalars or
 * lists. A document that cannot be judged in full gives an error, never a document with parts left out.
 */
export function parsePolicy(input: unknown): PolicyDocument | PolicyError {
  const json = typeof input === 'string' ? parseJson(input) : { value: input };
  if ('problem' in json) return json;
  if (!isRecord(json.value)) return { problem: 'The policy is not a JSON object.' };
  const listed = json.value.Statement;
  const list: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  const statements: Statement[] = [];
  const raws: RawStatement[] = [];
  for (const [index, item] of list.entries()) {
    if (!isRecord(item)) return { problem: `Statement ${index} is not a JSON object.` };
    const statement = parseStatement(item);
    if ('problem' in statement) return { problem: `Statement ${index}: ${statement.problem}` };
    statements.push(statement);
    raws.push(item);
  }
  const version = typeof json.value.Version === 'string' ? json.value.Version : OLD_VERSION;
  return { version, statements, raw: { ...json.value, Statement: raws } };
}

/** Tells the error from the document. */
export function isPolicyError(parsed: PolicyDocument | PolicyError): parsed is PolicyError {
  return 'problem' in parsed;
}

/** Reads one statement; used for documents and for the statements a plan wants to add. */
export function parseStatement(raw: RawStatement): Statement | PolicyError {
  const { Effect: effect, Sid: sid } = raw;
  if (effect !== 'Allow' && effect !== 'Deny') return { problem: 'Effect is neither Allow nor Deny.' };
  const action = parseListed(raw, 'Action');
  const resource = parseListed(raw, 'Resource');
  const principal = parsePrincipal(raw);
  const conditions = parseConditions(raw.Condition);
  if (action === undefined) return { problem: 'there is no Action and no NotAction.' };
  if ('problem' in action) return action;
  if (resource !== undefined && 'problem' in resource) return resource;
  if (principal !== undefined && 'problem' in principal) return principal;
  if ('problem' in conditions) return conditions;
  return {
    sid: typeof sid === 'string' && sid !== '' ? sid : undefined,
    effect,
    principal,
    action,
    resource,
    conditions: conditions.list,
    raw,
  };
}

function parseJson(text: string): { value: unknown } | PolicyError {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch (error) {
    return { problem: `The policy is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function parseListed(raw: RawStatement, name: 'Action' | 'Resource'): Listed<string> | PolicyError | undefined {
  const not = raw[name] === undefined;
  const value = not ? raw[`Not${name}`] : raw[name];
  if (value === undefined) return undefined;
  if (!not && raw[`Not${name}`] !== undefined) return { problem: `${name} and Not${name} exclude each other.` };
  const values = stringsOf(value);
  return values === undefined ? { problem: `${name} is neither a string nor a list of strings.` } : { not, values };
}

function parsePrincipal(raw: RawStatement): Listed<PrincipalId> | PolicyError | undefined {
  const not = raw.Principal === undefined;
  const value = not ? raw.NotPrincipal : raw.Principal;
  if (value === undefined) return undefined;
  if (!not && raw.NotPrincipal !== undefined) return { problem: 'Principal and NotPrincipal exclude each other.' };
  if (value === '*') return { not, values: [{ kind: 'AWS', id: '*' }] };
  if (!isRecord(value)) return { problem: 'Principal is neither "*" nor an object.' };
  const values: PrincipalId[] = [];
  for (const [name, listed] of Object.entries(value)) {
    const kind = KINDS.find((known) => known === name);
    if (kind === undefined) return { problem: `Principal has the unknown kind ${name}.` };
    const ids = stringsOf(listed);
    if (ids === undefined) return { problem: `Principal ${name} is neither a string nor a list of strings.` };
    for (const id of ids) values.push({ kind, id });
  }
  return { not, values };
}

function parseConditions(raw: unknown): { list: readonly Condition[] } | PolicyError {
  if (raw === undefined) return { list: [] };
  if (!isRecord(raw)) return { problem: 'Condition is not an object.' };
  const list: Condition[] = [];
  for (const [written, keys] of Object.entries(raw)) {
    if (!isRecord(keys)) return { problem: `Condition ${written} is not an object.` };
    const { operator, set, ifExists } = readOperator(written);
    for (const [key, value] of Object.entries(keys)) {
      const values = stringsOf(value);
      if (values === undefined) return { problem: `Condition ${written} ${key} has a value that is not a string.` };
      list.push({ operator, set, ifExists, key: key.toLowerCase(), values });
    }
  }
  return { list };
}

function readOperator(written: string): Pick<Condition, 'operator' | 'set' | 'ifExists'> {
  const name = written.toLowerCase();
  const set = name.startsWith('forallvalues:') ? 'all' : name.startsWith('foranyvalue:') ? 'any' : undefined;
  const bare = set === undefined ? name : name.slice(name.indexOf(':') + 1);
  const ifExists = bare.endsWith('ifexists');
  return { operator: ifExists ? bare.slice(0, -'ifexists'.length) : bare, set, ifExists };
}
