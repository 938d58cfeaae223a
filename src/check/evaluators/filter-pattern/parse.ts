import { type Token, tokensOf } from './tokens.ts';
import type { Filter, Literal, Step, SyntaxProblem, Test } from './types.ts';

const COMPARISONS: readonly string[] = ['=', '!=', '<', '<=', '>', '>='];

/**
 * Reads a CloudWatch Logs filter pattern for JSON events: `{ ($.a = b) && ($.c NOT EXISTS) || … }`; `&&` binds tighter
 * than `||`. The empty pattern matches every event. Patterns for plain text and for columns (`[a, b]`) are refused: no
 * CloudTrail event is told apart by them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parsePattern(text: string): Filter | SyntaxProblem {
  if (/^\s*("")?\s*$/.test(text)) return { kind: 'and', of: [] };
  const tokens = tokensOf(text);
  if ('problem' in tokens) return tokens;
  const reader = { tokens, at: 0, end: text.length };
  if (!takeMark(reader, '{')) return problem(reader, 'a JSON pattern begins with {');
  const filter = parseOr(reader);
  if ('problem' in filter) return filter;
  if (!takeMark(reader, '}')) return problem(reader, 'expected &&, || or }');
  return reader.at === tokens.length ? filter : problem(reader, 'nothing may follow the last }');
}

/** Tells the problem from the filter. */
export function isSyntaxProblem(parsed: Filter | SyntaxProblem): parsed is SyntaxProblem {
  return 'problem' in parsed;
}

type Reader = { readonly tokens: readonly Token[]; at: number; readonly end: number };

function parseOr(reader: Reader): Filter | SyntaxProblem {
  return parseChain(reader, 'or', '||', (it) => parseChain(it, 'and', '&&', parseTerm));
}

function parseChain(
  reader: Reader,
  kind: 'or' | 'and',
  mark: string,
  parse: (reader: Reader) => Filter | SyntaxProblem,
): Filter | SyntaxProblem {
  const of: Filter[] = [];
  do {
    const part = parse(reader);
    if (isSyntaxProblem(part)) return part;
    of.push(part);
  } while (takeMark(reader, mark));
  const [only, ...more] = of;
  return only !== undefined && more.length === 0 ? only : { kind, of };
}

function parseTerm(reader: Reader): Filter | SyntaxProblem {
  if (takeMark(reader, '(')) {
    const inner = parseOr(reader);
    if (isSyntaxProblem(inner)) return inner;
    return takeMark(reader, ')') ? inner : problem(reader, 'expected )');
  }
  const token = reader.tokens[reader.at];
  if (token?.kind !== 'path') return problem(reader, 'expected a field such as $.eventName');
  reader.at++;
  return parseTest(reader, token.path);
}

function parseTest(reader: Reader, path: readonly Step[]): Filter | SyntaxProblem {
  const of = (test: Test, not = false): Filter => ({ kind: 'test', path, not, test });
  if (takeWords(reader, 'NOT', 'EXISTS')) return of({ op: 'exists' }, true);
  if (takeWords(reader, 'EXISTS')) return of({ op: 'exists' });
  if (takeWords(reader, 'IS', 'NULL')) return of({ op: 'is', value: null });
  if (takeWords(reader, 'IS', 'TRUE')) return of({ op: 'is', value: true });
  if (takeWords(reader, 'IS', 'FALSE')) return of({ op: 'is', value: false });
  const operator = COMPARISONS.find((mark) => takeMark(reader, mark));
  if (operator === undefined) return problem(reader, 'expected a comparison, IS or NOT EXISTS');
  const literal = takeLiteral(reader);
  if ('problem' in literal) return literal;
  if (operator === '=' || operator === '!=') return of({ op: 'equals', literal }, operator === '!=');
  const number = literal.kind === 'text' && literal.text !== '' ? Number(literal.text) : Number.NaN;
  if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=') {
    if (Number.isFinite(number)) return of({ op: operator, number });
  }
  reader.at--;
  return problem(reader, `${operator} compares with a number`);
}

function takeLiteral(reader: Reader): Literal | SyntaxProblem {
  const token = reader.tokens[reader.at];
  if (token?.kind === 'quoted' || token?.kind === 'word') {
    reader.at++;
    return { kind: 'text', text: token.text, quoted: token.kind === 'quoted' };
  }
  if (token?.kind !== 'regex') return problem(reader, 'expected a value');
  // CloudWatch has no groups; without them no expression here takes long, whoever wrote it.
  if (/[()]/.test(token.text.replaceAll(/\\./g, '')) || !compiles(token.text)) {
    return problem(reader, 'not a regular expression that CloudWatch Logs takes');
  }
  reader.at++;
  return { kind: 'regex', source: token.text };
}

function compiles(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function takeMark(reader: Reader, text: string): boolean {
  const token = reader.tokens[reader.at];
  const found = token?.kind === 'mark' && token.text === text;
  if (found) reader.at++;
  return found;
}

function takeWords(reader: Reader, ...words: readonly string[]): boolean {
  const found = words.every((word, index) => {
    const token = reader.tokens[reader.at + index];
    return token?.kind === 'word' && token.text.toUpperCase() === word;
  });
  if (found) reader.at += words.length;
  return found;
}

function problem(reader: Reader, text: string): SyntaxProblem {
  return { problem: text, position: reader.tokens[reader.at]?.position ?? reader.end };
}
