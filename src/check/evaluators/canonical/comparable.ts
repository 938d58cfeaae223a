import { isRecord } from '../values.ts';
import { canonicalJson, canonicalOrder } from './json.ts';
import { canonicalPolicy } from './policy.ts';

/**
 * Do two members of a state say the same? AWS gives lists in any order, leaves out or fills in empty ones, and stands by
 * no spacing or order within the policies that it gives as text (decision 11).
 */
export function saysTheSame(one: unknown, other: unknown): boolean {
  return canonicalJson(comparable(one)) === canonicalJson(comparable(other));
}

/** Lists as sets, policies in canonical form, empty lists and objects gone. Idempotent. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string') return isPolicyText(value) ? comparable(canonicalPolicy(value)) : value;
  if (Array.isArray(value)) return value.length === 0 ? null : canonicalOrder(value.map(comparable));
  if (!isRecord(value)) return value ?? null;
  const members = Object.entries(value)
    .map(([name, member]) => [name, comparable(member)] as const)
    .filter(([, member]) => member !== null);
  return members.length === 0 ? null : Object.fromEntries(members);
}

function isPolicyText(text: string): boolean {
  return text.startsWith('{') && /"Statement"/.test(text);
}
