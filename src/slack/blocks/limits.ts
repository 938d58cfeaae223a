import type { KnownBlock } from '@slack/types';

/**
 * What Slack takes, with a margin. A message may have 50 blocks and about 12,000 visible characters (undocumented: above
 * that it answers `msg_blocks_too_long`); a view 100 blocks. A text object holds 3,000 characters, a field 2,000.
 */
export const LIMITS = {
  message: { blocks: 45, chars: 10_000 },
  view: { blocks: 90, chars: 30_000 },
  text: 2_900,
  field: 1_900,
  header: 150,
  button: 75,
  preformatted: 2_900,
} as const;

/** At most `max` UTF-16 units, with an ellipsis for what is left out; no character is torn apart. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The beginning and the end of a long name: what tells two of them apart often stands at the end. */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.floor((max - 1) / 2);
  const head = text.slice(0, half).replace(/[\uD800-\uDBFF]$/, '');
  const tail = text.slice(text.length - half).replace(/^[\uDC00-\uDFFF]/, '');
  return `${head}…${tail}`;
}

/** Whole lines up to both limits, then how many there are besides; a longer line is cut and says by how much. */
export function cutLines(lines: readonly string[], { most, chars }: { most: number; chars: number }): string[] {
  const kept: string[] = [];
  let left = chars - 30;
  for (const line of lines) {
    const room = kept.length === 0 ? left : Math.min(left, 1_500);
    if (kept.length === most || (kept.length > 0 && line.length + 1 > left && line.length <= 1_500) || left < 60) break;
    const shown = line.length <= room ? line : cutLine(line, room);
    kept.push(shown);
    left -= shown.length + 1;
  }
  const more = lines.length - kept.length;
  return more === 0 ? kept : [...kept, `… ${more.toLocaleString('en')} more ${more === 1 ? 'line' : 'lines'}`];
}

function cutLine(line: string, room: number): string {
  const kept = line.slice(0, Math.max(20, room - 30)).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept} … ${(line.length - kept.length).toLocaleString('en')} more characters`;
}

/** Visible characters of blocks, as Slack seems to count them. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + textLength(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + (key === 'text' && typeof inner === 'string' ? inner.length : textLength(inner)),
    0,
  );
}

/**
 * Head, then as many groups of the body as fit, then the tail. A group is kept whole or left out; what says that some
 * were left out is `rest`, given their number.
 */
export function fitBlocks(
  { head, body, tail = [] }: { head: KnownBlock[]; body: KnownBlock[][]; tail?: KnownBlock[] },
  limits: { blocks: number; chars: number },
  rest: (left: number) => KnownBlock,
): KnownBlock[] {
  let blocks = limits.blocks - head.length - tail.length - 1;
  let chars = limits.chars - textLength(head) - textLength(tail) - 200;
  let kept = 0;
  for (const group of body) {
    blocks -= group.length;
    chars -= textLength(group);
    if (blocks < 0 || chars < 0) break;
    kept += 1;
  }
  const left = body.length - kept;
  return [...head, ...body.slice(0, kept).flat(), ...(left === 0 ? [] : [rest(left)]), ...tail];
}
