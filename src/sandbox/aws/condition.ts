/** Condition blocks of IAM policies: all operators and keys of a block must hold; values of one key are alternatives. */
import { globMatches, listOf } from './glob.ts';
import type { PolicyStatement } from './types.ts';

type Compare = (actual: string, wanted: string) => boolean;

const number =
  (compare: (a: number, b: number) => boolean): Compare =>
  (a, b) =>
    compare(Number(a), Number(b));
const date =
  (compare: (a: number, b: number) => boolean): Compare =>
  (a, b) =>
    compare(instant(a), instant(b));

const OPERATORS: Record<string, Compare> = {
  stringequals: (a, b) => a === b,
  stringequalsignorecase: (a, b) => a.toLowerCase() === b.toLowerCase(),
  stringlike: (a, b) => globMatches(b, a),
  arnequals: (a, b) => arnMatches(b, a),
  arnlike: (a, b) => arnMatches(b, a),
  bool: (a, b) => a.toLowerCase() === b.toLowerCase(),
  ipaddress: (a, b) => addressMatches(b, a),
  numericequals: number((a, b) => a === b),
  numericlessthan: number((a, b) => a < b),
  numericlessthanequals: number((a, b) => a <= b),
  numericgreaterthan: number((a, b) => a > b),
  numericgreaterthanequals: number((a, b) => a >= b),
  dateequals: date((a, b) => a === b),
  datelessthan: date((a, b) => a < b),
  datelessthanequals: date((a, b) => a <= b),
  dategreaterthan: date((a, b) => a > b),
  dategreaterthanequals: date((a, b) => a >= b),
};

/** Operators that hold when no value matches; they are the negation of another one. */
const NEGATED: Record<string, string> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
  notipaddress: 'ipaddress',
  numericnotequals: 'numericequals',
  datenotequals: 'dateequals',
};

/** True when the whole block holds. An operator we do not know never holds, so nothing is granted by mistake. */
export function conditionsHold(
  block: PolicyStatement['Condition'],
  context: Record<string, string | string[]>,
): boolean {
  if (!block) return true;
  const values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), listOf(value)]));
  return Object.entries(block).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      operatorHolds(operator, values.get(key.toLowerCase()), listOf<string | boolean | number>(wanted).map(String)),
    ),
  );
}

function operatorHolds(operator: string, actual: string[] | undefined, wanted: string[]): boolean {
  const [quantifier, rest] = operator.includes(':') ? operator.toLowerCase().split(':') : ['', operator.toLowerCase()];
  const ifExists = rest?.endsWith('ifexists') ?? false;
  const name = (ifExists ? rest?.slice(0, -'ifexists'.length) : rest) ?? '';
  if (name === 'null') return wanted.some((value) => (value.toLowerCase() === 'true') === (actual === undefined));
  const positive = NEGATED[name];
  const compare = OPERATORS[positive ?? name];
  if (!compare) return false;
  if (actual === undefined || actual.length === 0) {
    // A missing key satisfies negated operators, IfExists and ForAllValues; everything else fails.
    return ifExists || quantifier === 'forallvalues' || (positive !== undefined && quantifier !== 'foranyvalue');
  }
  const holds = (value: string) => wanted.some((candidate) => compare(value, candidate)) !== (positive !== undefined);
  return quantifier === 'foranyvalue' || (quantifier === '' && !positive) ? actual.some(holds) : actual.every(holds);
}

/** ARNs compare part by part, so a wildcard never crosses a colon before the resource part. */
function arnMatches(pattern: string, arn: string): boolean {
  const wanted = arnParts(pattern);
  const actual = arnParts(arn);
  return wanted.length === actual.length && wanted.every((part, index) => globMatches(part, actual[index] ?? ''));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function addressMatches(range: string, address: string): boolean {
  const [base = '', length = '32'] = range.split('/');
  const mask = Number(length) === 0 ? 0 : (-1 << (32 - Number(length))) >>> 0;
  return (ipv4(base) & mask) >>> 0 === (ipv4(address) & mask) >>> 0;
}

function ipv4(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
