import type { Json } from '../../snapshot/types.ts';

/** An expression that is no JSON value of its own: a document that Terraform encodes. */
export interface Encoded {
  jsonencode: Json;
}

export type Value = Json | Encoded;

/** A nested block, or the body of a resource: arguments first, then blocks, each in the order given. */
export interface Body {
  arguments?: { [name: string]: Value | undefined };
  blocks?: readonly (readonly [name: string, body: Body])[];
}

export interface Resource {
  type: string;
  /** Becomes the label; anything that a label may not hold is replaced. */
  name: string;
  /** Lines above the resource, without the number sign. */
  comments?: readonly string[];
  body: Body;
}

/** A resource block of Terraform, indented by two, with a line end after its last brace. */
export function printResource({ type, name, comments = [], body }: Resource): string {
  const head = comments.map((line) => `${comment(line)}\n`).join('');
  return `${head}resource "${type}" "${labelOf(name)}" {\n${printBody(body, '  ')}}\n`;
}

/** One line of comment; a line break in what it quotes would end it. */
export function comment(text: string): string {
  return `# ${text.replace(/\p{Cc}+/gu, ' ')}`;
}

function printBody({ arguments: given = {}, blocks = [] }: Body, indent: string): string {
  const set = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  // Terraform's own formatting aligns the equal signs of a run of one-line arguments.
  const width = Math.max(0, ...set.map(([name]) => name.length));
  const lines = set.map(([name, value]) => `${indent}${name.padEnd(width)} = ${printValue(value, indent)}\n`);
  const nested = blocks.map(([name, body]) => `${indent}${name} {\n${printBody(body, `${indent}  `)}${indent}}\n`);
  return [lines.join(''), ...nested].filter((part) => part !== '').join('\n');
}

function printValue(value: Value, indent: string): string {
  if (isEncoded(value)) return `jsonencode(${printValue(value.jsonencode, indent)})`;
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) {
      return `[${value.map((item) => printValue(item, indent)).join(', ')}]`;
    }
    return `[\n${value.map((item) => `${inner}${printValue(item, inner)},\n`).join('')}${indent}]`;
  }
  const members = Object.entries(value).map(([name, item]) => `${inner}${quote(name)} = ${printValue(item, inner)}\n`);
  return members.length === 0 ? '{}' : `{\n${members.join('')}${indent}}`;
}

function isEncoded(value: Value): value is Encoded {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'jsonencode' in value;
}

/** Policies say `${aws:username}`: a dollar or percent sign before a brace would be a template of Terraform. */
function quote(text: string): string {
  return JSON.stringify(text)
    .replaceAll('${', () => '$${')
    .replaceAll('%{', '%%{')
    .replace(/\\([bf])/g, (_, letter: string) => (letter === 'b' ? '\\u0008' : '\\u000c'));
}

/** Lower case, digits and underscores, not beginning with a digit. */
function labelOf(name: string): string {
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(label) ? label : `r_${label}`;
}
