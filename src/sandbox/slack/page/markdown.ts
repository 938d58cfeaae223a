import { type Inline, isSafeUrl, type Part } from './mrkdwn.ts';

/** Reads the Markdown of a `markdown` block: headings, lists, quotes, fences, rules and the usual inline marks. */
export function parseMarkdown(source: string): Part[] {
  const parts: Part[] = [];
  const lines = source.split('\n');
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    if (/^\s*```/.test(line)) {
      const end = lines.findIndex((other, index) => index > at && /^\s*```\s*$/.test(other));
      const last = end === -1 ? lines.length : end;
      parts.push({ kind: 'pre', inlines: [{ kind: 'text', text: lines.slice(at + 1, last).join('\n') }] });
      at = last + 1;
      continue;
    }
    const block = blockAt(lines, at);
    if (block.part !== undefined) parts.push(block.part);
    at = block.next;
  }
  return parts;
}

function blockAt(lines: readonly string[], at: number): { part?: Part; next: number } {
  const line = lines[at] ?? '';
  if (line.trim() === '') return { next: at + 1 };
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return { part: { kind: 'rule' }, next: at + 1 };
  const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line);
  if (heading !== null)
    return { part: { kind: 'heading', inlines: parseInlineMarkdown(heading[1] ?? '') }, next: at + 1 };
  for (const [pattern, ordered] of [
    [/^\s*[-*+]\s+(.*)$/, false],
    [/^\s*\d+[.)]\s+(.*)$/, true],
  ] as const) {
    const run = takeWhile(lines, at, pattern);
    if (run.length > 0) {
      return { part: { kind: 'list', ordered, items: run.map(parseInlineMarkdown) }, next: at + run.length };
    }
  }
  const quoted = takeWhile(lines, at, /^>\s?(.*)$/);
  if (quoted.length > 0) {
    return { part: { kind: 'quote', inlines: parseInlineMarkdown(quoted.join('\n')) }, next: at + quoted.length };
  }
  const plain = takeWhile(lines, at, /^(?!\s*$|\s*```|#{1,6}\s|>|\s*[-*+]\s|\s*\d+[.)]\s)(.*)$/);
  const text = plain.length > 0 ? plain : [line];
  return { part: { kind: 'lines', inlines: parseInlineMarkdown(text.join('\n')) }, next: at + text.length };
}

function takeWhile(lines: readonly string[], from: number, pattern: RegExp): string[] {
  const taken: string[] = [];
  for (const line of lines.slice(from)) {
    const match = pattern.exec(line);
    if (match === null) break;
    taken.push(match[1] ?? '');
  }
  return taken;
}

const INLINE =
  /`([^`\n]+)`|\[([^\]\n]+)\]\(([^)\s]+)\)|\*\*([^\n]+?)\*\*|__([^\n]+?)__|~~([^\n]+?)~~|\*([^*\s][^*\n]*?)\*|(?<!\w)_([^_\s][^_\n]*?)_(?!\w)/;

function parseInlineMarkdown(text: string): Inline[] {
  const found: Inline[] = [];
  let rest = text;
  for (let match = INLINE.exec(rest); match !== null; match = INLINE.exec(rest)) {
    if (match.index > 0) found.push({ kind: 'text', text: rest.slice(0, match.index) });
    found.push(inlineOf(match));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest !== '') found.push({ kind: 'text', text: rest });
  return found;
}

function inlineOf(match: RegExpExecArray): Inline {
  const [whole, code, label, url, bold, bold2, strike, italic, italic2] = match;
  if (code !== undefined) return { kind: 'code', children: [{ kind: 'text', text: code }] };
  if (label !== undefined && url !== undefined) {
    return isSafeUrl(url) ? { kind: 'link', url, label } : { kind: 'text', text: whole };
  }
  const strong = bold ?? bold2;
  if (strong !== undefined) return { kind: 'bold', children: parseInlineMarkdown(strong) };
  if (strike !== undefined) return { kind: 'strike', children: parseInlineMarkdown(strike) };
  return { kind: 'italic', children: parseInlineMarkdown(italic ?? italic2 ?? '') };
}
