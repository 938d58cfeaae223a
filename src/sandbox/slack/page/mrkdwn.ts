/** Running text, already split into what each part means. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { kind: 'code'; children: Inline[] }
  | { kind: 'link'; url: string; label: string }
  | { kind: 'user' | 'channel' | 'usergroup'; id: string; label?: string }
  | { kind: 'broadcast'; range: string }
  | { kind: 'date'; timestamp: number; format: string; url?: string; fallback: string };

/** A paragraph-like part of a text. Headings, lists and rules come from Markdown only: Slack's mrkdwn has none. */
export type Part =
  | { kind: 'lines'; inlines: Inline[] }
  | { kind: 'quote'; inlines: Inline[] }
  | { kind: 'pre'; inlines: Inline[] }
  | { kind: 'heading'; inlines: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'rule' };

/** Undoes the three entities that Slack has; every other `&…;` is text. */
export function decodeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Only these may become a link: anything else that looks like one is drawn as text. */
export function isSafeUrl(url: string): boolean {
  return /^(https?:\/\/|mailto:|slack:\/\/|tel:)/i.test(url);
}

/**
 * Reads Slack's mrkdwn. Rules: https://docs.slack.dev/messaging/formatting-message-text
 * Lists do not exist in it (`- a` and `• a` are text), a quote is a line that starts with `>`, `>>>` quotes the rest.
 */
export function parseMrkdwn(source: string, options: { verbatim?: boolean } = {}): Part[] {
  const autolink = options.verbatim !== true;
  const parts: Part[] = [];
  const pieces = source.split(/```/);
  pieces.forEach((piece, index) => {
    const closed = index % 2 === 1 && index < pieces.length - 1;
    if (closed) parts.push({ kind: 'pre', inlines: parseCode(piece.replace(/^\n/, '').replace(/\n$/, '')) });
    else
      parts.push(...parseLines(index % 2 === 1 ? `\`\`\`${piece}` : trimAround(piece, index, pieces.length), autolink));
  });
  return parts;
}

/** A line break beside a code block belongs to the block, not to the text. */
function trimAround(piece: string, index: number, count: number): string {
  const start = index > 0 ? piece.replace(/^\n/, '') : piece;
  return index < count - 1 ? start.replace(/\n$/, '') : start;
}

function parseLines(text: string, autolink: boolean): Part[] {
  if (text === '') return [];
  const parts: Part[] = [];
  let open: { quote: boolean; lines: string[] } | undefined;
  const flush = () => {
    if (open === undefined) return;
    parts.push({ kind: open.quote ? 'quote' : 'lines', inlines: parseInline(open.lines.join('\n'), autolink) });
    open = undefined;
  };
  let restIsQuote = false;
  for (const line of text.split('\n')) {
    const all = restIsQuote ? undefined : /^(?:&gt;|>){3}\s?/.exec(line);
    if (all) restIsQuote = true;
    const one = /^(?:&gt;|>)\s?/.exec(line);
    const quote = restIsQuote || one !== null;
    const marker = all?.[0] ?? (restIsQuote ? '' : (one?.[0] ?? ''));
    if (open !== undefined && open.quote !== quote) flush();
    open ??= { quote, lines: [] };
    open.lines.push(line.slice(marker.length));
  }
  flush();
  return parts;
}

const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
const isWordCharacter = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** Reads one stretch of text without code blocks or quotes. */
export function parseInline(text: string, autolink: boolean): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  const push = (inline: Inline) => {
    if (plain !== '') found.push(...parsePlain(plain, autolink));
    plain = '';
    found.push(inline);
  };
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at);
    const token = character === '<' ? readAngle(text, at) : character === '`' ? readCode(text, at) : undefined;
    const marked = token ?? (isMark(character) ? readMarked(text, at, character, autolink) : undefined);
    if (marked === undefined) {
      plain += character;
      at += 1;
    } else {
      push(marked.inline);
      at = marked.end;
    }
  }
  if (plain !== '') found.push(...parsePlain(plain, autolink));
  return found;
}

interface Read {
  inline: Inline;
  end: number;
}

function isMark(character: string): character is keyof typeof MARKS {
  return Object.hasOwn(MARKS, character);
}

function readMarked(text: string, at: number, mark: keyof typeof MARKS, autolink: boolean): Read | undefined {
  const next = text[at + 1];
  if (isWordCharacter(text[at - 1]) || next === undefined || /\s/.test(next) || next === mark) return undefined;
  for (let end = text.indexOf(mark, at + 1); end !== -1; end = text.indexOf(mark, end + 1)) {
    const inside = text.slice(at + 1, end);
    if (inside.includes('\n')) return undefined;
    if (/\s$/.test(inside) || isWordCharacter(text[end + 1]) || isInsideToken(inside)) continue;
    return { inline: { kind: MARKS[mark], children: parseInline(inside, autolink) }, end: end + 1 };
  }
  return undefined;
}

/** Whether a text ends in the middle of `<…>` or of inline code, where a mark means nothing. */
function isInsideToken(text: string): boolean {
  return text.lastIndexOf('<') > text.lastIndexOf('>') || (text.split('`').length - 1) % 2 === 1;
}

function readCode(text: string, at: number): Read | undefined {
  const end = text.indexOf('`', at + 1);
  const inside = text.slice(at + 1, end);
  if (end === -1 || inside === '' || inside.includes('\n')) return undefined;
  return { inline: { kind: 'code', children: parseCode(inside) }, end: end + 1 };
}

/** Inside code only `<…>` tokens and entities keep their meaning. */
function parseCode(text: string): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const token = text[at] === '<' ? readAngle(text, at) : undefined;
    if (token === undefined) {
      plain += text.charAt(at);
      at += 1;
      continue;
    }
    if (plain !== '') found.push({ kind: 'text', text: decodeEntities(plain) });
    plain = '';
    found.push(token.inline);
    at = token.end;
  }
  if (plain !== '') found.push({ kind: 'text', text: decodeEntities(plain) });
  return found;
}

/** Reads `<@U…>`, `<#C…>`, `<!…>` and `<url|label>`; anything else between angle brackets stays text. */
function readAngle(text: string, at: number): Read | undefined {
  const match = /^<([^<>\n]+)>/.exec(text.slice(at));
  if (match === null) return undefined;
  const body = match[1] ?? '';
  const bar = body.indexOf('|');
  const target = bar === -1 ? body : body.slice(0, bar);
  const label = bar === -1 ? undefined : decodeEntities(body.slice(bar + 1));
  const inline = readTarget(target, label);
  return inline === undefined ? undefined : { inline, end: at + match[0].length };
}

function readTarget(target: string, label: string | undefined): Inline | undefined {
  const named = label === undefined || label === '' ? {} : { label };
  if (/^@[UWB]\w+$/.test(target)) return { kind: 'user', id: target.slice(1), ...named };
  if (/^#[CGD]\w+$/.test(target)) return { kind: 'channel', id: target.slice(1), ...named };
  const group = /^!subteam\^(\w+)$/.exec(target);
  if (group !== null) return { kind: 'usergroup', id: group[1] ?? '', ...named };
  if (/^!(here|channel|everyone)$/.test(target)) return { kind: 'broadcast', range: target.slice(1) };
  const date = /^!date\^(\d+)\^([^^]+)(?:\^(.+))?$/.exec(target);
  if (date !== null) {
    const url = date[3] !== undefined && isSafeUrl(date[3]) ? { url: date[3] } : {};
    const format = decodeEntities(date[2] ?? '');
    return { kind: 'date', timestamp: Number(date[1]), format, ...url, fallback: label ?? '' };
  }
  if (isSafeUrl(target)) {
    const url = decodeEntities(target);
    return { kind: 'link', url, label: label ?? url.replace(/^mailto:/, '') };
  }
  return undefined;
}

/** Text without marks: bare web addresses become links as Slack makes them, unless the text is `verbatim`. */
function parsePlain(text: string, autolink: boolean): Inline[] {
  const decoded = decodeEntities(text);
  if (!autolink) return [{ kind: 'text', text: decoded }];
  const found: Inline[] = [];
  let from = 0;
  for (const match of decoded.matchAll(/(?<![\w/])https?:\/\/[^\s<>"'`]*[^\s<>"'`.,:;!?)\]}]/g)) {
    if (match.index > from) found.push({ kind: 'text', text: decoded.slice(from, match.index) });
    found.push({ kind: 'link', url: match[0], label: match[0] });
    from = match.index + match[0].length;
  }
  if (from < decoded.length) found.push({ kind: 'text', text: decoded.slice(from) });
  return found;
}
