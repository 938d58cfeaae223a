import type { MrkdwnElement, PlainTextElement, TextObject } from '@slack/types';
import { cut } from './limits.ts';

/** Our own words, or what somebody else wrote (names, tags, reasons): all of it shows as the characters it is. */
export type Piece = string | { bold: string } | { code: string };

/** `<`, `>` and `&` as entities: what is left cannot mention anyone or make a link in a mrkdwn text. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * One line of somebody else's text: white space and control characters become single spaces, marks that turn the
 * direction of writing are taken out, and right-to-left text is set apart so that it does not turn what stands beside it.
 */
export function oneLine(text: string, max = 120): string {
  const line = text
    .replace(BIDI_MARKS, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    .replace(/[\s\u0000-\u001F\u007F-\u009F]+/g, ' ')
    .trim();
  const short = cut(line, max);
  return RIGHT_TO_LEFT.test(short) ? `\u2068${short}\u2069` : short;
}

/** Marks that turn the direction of writing, and could show a command other than the one that runs. */
const BIDI_MARKS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;

/** Preformatted text: nothing is taken out, but marks that turn the direction are spelt out. */
export function visible(text: string): string {
  return text.replace(BIDI_MARKS, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * A text object of pieces. Slack has no way to escape `*`, `_`, `~`, backticks and `:emoji:` in mrkdwn, so when a piece
 * holds one that could act, the whole text is plain: no bold, but every character as it was.
 */
export function words(...pieces: Piece[]): TextObject {
  return pieces.every(isHarmless) ? mrkdwn(pieces.map(marked).join('')) : plain(pieces.map(bare).join(''));
}

function isHarmless(piece: Piece): boolean {
  if (typeof piece === 'object' && 'code' in piece) return !/[`\n]/.test(piece.code);
  return !/[*~`]|(^|\n)\s*>|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|:[\p{L}\p{N}_+'-]+:/u.test(bare(piece));
}

function bare(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  return 'bold' in piece ? piece.bold : piece.code;
}

function marked(piece: Piece): string {
  const text = escapeText(bare(piece));
  if (typeof piece === 'string' || text.trim() === '') return text;
  return 'bold' in piece ? `*${text}*` : `\`${text}\``;
}

/** One line of somebody else's sentence, with the ARNs in it as code: they hold what Slack could take for an emoji. */
export function prose(text: string, max = 300): Piece[] {
  const pieces = oneLine(text, max).split(/(arn:aws[\w-]*:[^\s,;'"`]*[^\s,;.:'"`])/);
  return pieces.map((piece, at): Piece => (at % 2 === 1 ? { code: piece } : piece)).filter((piece) => piece !== '');
}

/** A text in Slack's markup, all of it ours or escaped. */
export function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text: text === '' ? ' ' : text, verbatim: true };
}

/** Characters as they are; `:emoji:` stays text too. */
export function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text: text === '' ? ' ' : text, emoji: false };
}

/** Someone named in the configuration or by Slack: a user id, a group id, or a handle. */
export function mention(entry: string): string {
  if (/^[UW][A-Z0-9]+$/.test(entry)) return `<@${entry}>`;
  if (/^S[A-Z0-9]+$/.test(entry)) return `<!subteam^${entry}>`;
  return escapeText(oneLine(entry, 80));
}

/** A moment in the reader's own time zone. */
export function when(date: Date): string {
  const seconds = Math.floor(date.getTime() / 1000);
  return `<!date^${seconds}^{date_short_pretty} at {time}|${date.toISOString().slice(0, 16).replace('T', ' ')} UTC>`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** The first word of a sentence that is put together from parts. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
