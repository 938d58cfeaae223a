import { globMatch } from '../glob.ts';
import { contains, parseRange } from './ip.ts';

/** Compares one value of a policy with one value of a request. */
export type Compare = (wanted: string, given: string) => boolean;

/** The operators by name in lower case; `not` gives the negated ones, which hold when no value of the policy fits. */
const POSITIVE: Readonly<Record<string, { readonly compare: Compare; readonly not?: string }>> = {
  stringequals: { compare: (wanted, given) => wanted === given, not: 'stringnotequals' },
  stringequalsignorecase: {
    compare: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
    not: 'stringnotequalsignorecase',
  },
  stringlike: { compare: globMatch, not: 'stringnotlike' },
  // ArnEquals and ArnLike behave the same: both take wildcards, part by part.
  arnequals: { compare: arnMatch, not: 'arnnotequals' },
  arnlike: { compare: arnMatch, not: 'arnnotlike' },
  bool: { compare: (wanted, given) => wanted.toLowerCase() === given.toLowerCase() },
  binaryequals: { compare: (wanted, given) => wanted === given },
  ipaddress: { compare: ipMatch, not: 'notipaddress' },
  ...ordered('numeric', Number),
  ...ordered('date', instant),
};

const NEGATED = new Map(
  Object.values(POSITIVE).flatMap(({ compare, not }) => (not === undefined ? [] : [[not, compare] as const])),
);

/** How an operator compares, and whether it is a negated one; undefined for an operator that we do not know. */
export function operatorOf(name: string): { readonly compare: Compare; readonly negated: boolean } | undefined {
  const negated = NEGATED.get(name);
  if (negated !== undefined) return { compare: negated, negated: true };
  const positive = Object.hasOwn(POSITIVE, name) ? POSITIVE[name] : undefined;
  return positive === undefined ? undefined : { compare: positive.compare, negated: false };
}

function ordered(prefix: string, read: (text: string) => number): Record<string, { compare: Compare; not?: string }> {
  const by = (compare: (wanted: number, given: number) => boolean): { compare: Compare } => ({
    compare: (wanted, given) => compare(read(wanted), read(given)),
  });
  return {
    [`${prefix}equals`]: { ...by((wanted, given) => given === wanted), not: `${prefix}notequals` },
    [`${prefix}lessthan`]: by((wanted, given) => given < wanted),
    [`${prefix}lessthanequals`]: by((wanted, given) => given <= wanted),
    [`${prefix}greaterthan`]: by((wanted, given) => given > wanted),
    [`${prefix}greaterthanequals`]: by((wanted, given) => given >= wanted),
  };
}

/** Dates are ISO 8601 or seconds since 1970. */
function instant(text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function arnMatch(wanted: string, given: string): boolean {
  const [pattern, arn] = [arnParts(wanted), arnParts(given)];
  if (pattern.length < 6 || arn.length < 6) return globMatch(wanted, given);
  return pattern.every((part, index) => globMatch(part, arn[index] ?? ''));
}

/** The six parts of an ARN; the last holds all further colons. */
export function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function ipMatch(wanted: string, given: string): boolean {
  const [range, address] = [parseRange(wanted), parseRange(given)];
  return range !== undefined && address !== undefined && contains(range, address);
}
