import type { Step, SyntaxProblem } from './types.ts';

export type Token = { readonly position: number } & (
  | { readonly kind: 'mark'; readonly text: string }
  | { readonly kind: 'path'; readonly path: readonly Step[] }
  | { readonly kind: 'quoted' | 'word' | 'regex'; readonly text: string }
);

const SPACE = /\s+/y;
const MARK = /\|\||&&|!=|<=|>=|[{}()=<>]/y;
const PATH = /\$(?:\.[^\s.[\](){}=!<>&|"']+|\[[^\]]*\])+/y;
const STEP = /\.([^.[]+)|\[([^\]]*)\]/g;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const REGEX = /%([^%]*)%/y;
const WORD = /[^\s(){}=!<>&|"%$]+/y;

/** Cuts a pattern into tokens, or says at which character that is not possible. */
export function tokensOf(text: string): readonly Token[] | SyntaxProblem {
  const tokens: Token[] = [];
  for (let position = 0; position < text.length; ) {
    const read = (kind: RegExp): RegExpExecArray | null => {
      kind.lastIndex = position;
      return kind.exec(text);
    };
    const space = read(SPACE);
    if (space !== null) {
      position += space[0].length;
      continue;
    }
    const found = readToken(read, position);
    if (found === undefined) return { problem: `unexpected ${JSON.stringify(text[position])}`, position };
    tokens.push(found.token);
    position += found.length;
  }
  return tokens;
}

function readToken(
  read: (kind: RegExp) => RegExpExecArray | null,
  position: number,
): { readonly token: Token; readonly length: number } | undefined {
  const path = read(PATH);
  if (path !== null) return { token: { kind: 'path', path: stepsOf(path[0]), position }, length: path[0].length };
  const mark = read(MARK);
  if (mark !== null) return { token: { kind: 'mark', text: mark[0], position }, length: mark[0].length };
  const quoted = read(QUOTED);
  if (quoted !== null) {
    const text = (quoted[1] ?? '').replaceAll(/\\(.)/g, '$1');
    return { token: { kind: 'quoted', text, position }, length: quoted[0].length };
  }
  const regex = read(REGEX);
  if (regex !== null) return { token: { kind: 'regex', text: regex[1] ?? '', position }, length: regex[0].length };
  const word = read(WORD);
  if (word !== null) return { token: { kind: 'word', text: word[0], position }, length: word[0].length };
  return undefined;
}

/** `.name`, `[0]`, `[*]`, `['a.b']` */
function stepsOf(path: string): readonly Step[] {
  return Array.from(path.matchAll(STEP), ([, name, bracket = '']): Step => {
    if (name !== undefined) return name;
    if (bracket === '*') return { any: true };
    return /^\d+$/.test(bracket) ? Number(bracket) : bracket.replaceAll(/^['"]|['"]$/g, '');
  });
}
