/** Terraform that is not a plain value: `var.hub`. */
export interface Expression {
  expression: string;
}

export type Value = string | readonly (string | Expression)[] | Expression;

/** The body of a block: arguments first, then blocks, each in the order given. */
export interface Body {
  arguments?: { readonly [name: string]: Value | undefined };
  blocks?: readonly (readonly [head: string, body: Body])[];
}

/** A block as `terraform fmt` writes it. */
export function printBlock(head: string, body: Body, indent = ''): string {
  return `${indent}${head} {\n${printBody(body, `${indent}  `)}${indent}}\n`;
}

function printBody({ arguments: given = {}, blocks = [] }: Body, indent: string): string {
  const set = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const lines = runs(set).map((run) => {
    const width = Math.max(...run.map(([name]) => name.length));
    return run.map(([name, value]) => `${indent}${name.padEnd(width)} = ${printValue(value, indent)}\n`).join('');
  });
  const nested = blocks.map(([head, body]) => printBlock(head, body, indent));
  return [lines.join(''), ...nested].filter((part) => part !== '').join('\n');
}

type Argument = readonly [name: string, value: Value];

/** Equal signs stand below each other from one argument of several lines to the next. */
function runs(given: readonly Argument[]): Argument[][] {
  const all: Argument[][] = [];
  for (const argument of given) {
    const before = all.at(-1);
    if (before === undefined || isLong(argument[1]) || before.some(([, value]) => isLong(value))) all.push([argument]);
    else before.push(argument);
  }
  return all;
}

const isLong = (value: Value) => Array.isArray(value) && value.length > 1;

function printValue(value: Value, indent: string): string {
  if (isList(value)) {
    if (value.length < 2) return `[${value.map((item) => printValue(item, indent)).join('')}]`;
    return `[\n${value.map((item) => `${indent}  ${printValue(item, indent)},\n`).join('')}${indent}]`;
  }
  return typeof value === 'string' ? quote(value) : value.expression;
}

function isList(value: Value): value is readonly (string | Expression)[] {
  return Array.isArray(value);
}

/** A text as it is: nothing in it is a template of Terraform. */
export function quote(text: string): string {
  return JSON.stringify(text)
    .replaceAll('${', () => '$${')
    .replaceAll('%{', '%%{');
}
