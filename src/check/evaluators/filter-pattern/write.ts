import type { FieldTest, Filter, Literal, Step } from './types.ts';

/** The filter as the text of a pattern. Reading it gives the same filter back. */
export function writePattern(filter: Filter): string {
  return filter.kind !== 'test' && filter.of.length === 0 ? '' : `{ ${write(filter)} }`;
}

/** Tests joined by and, without braces: how a clause is shown to people. */
export function writeClause(tests: readonly FieldTest[]): string {
  return tests.length === 0 ? 'every event' : tests.map(writeTest).join(' && ');
}

function write(filter: Filter): string {
  if (filter.kind === 'test') return writeTest(filter);
  return filter.of.map((part) => `(${write(part)})`).join(filter.kind === 'or' ? ' || ' : ' && ');
}

function writeTest({ path, not, test }: FieldTest): string {
  const field = `$${path.map(writeStep).join('')}`;
  switch (test.op) {
    case 'exists':
      return `${field} ${not ? 'NOT EXISTS' : 'EXISTS'}`;
    case 'is':
      return `${field} IS ${String(test.value).toUpperCase()}`;
    case 'equals':
      return `${field} ${not ? '!=' : '='} ${writeLiteral(test.literal)}`;
    default:
      return `${field} ${test.op} ${test.number}`;
  }
}

function writeStep(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  if (typeof step === 'object') return '[*]';
  return /^[\w-]+$/.test(step) ? `.${step}` : `['${step}']`;
}

function writeLiteral(literal: Literal): string {
  if (literal.kind === 'regex') return `%${literal.source}%`;
  return literal.quoted ? `"${literal.text.replaceAll(/[\\"]/g, '\\$&')}"` : literal.text;
}
