import type { PlainTextElement, RichTextElement, TextObject } from '@slack/types';
import { formatSlackDate } from './dates.ts';
import { type Child, h } from './dom.ts';
import { splitEmoji } from './emoji.ts';
import { emojiGlyph } from './emoji-glyphs.ts';
import { type Inline, isSafeUrl, type Part, parseMrkdwn } from './mrkdwn.ts';
import type { Names } from './names.ts';

/** What drawing a text needs to know: names, who reads it (a mention of them stands out) and the time in milliseconds. */
export interface TextContext {
  names: Names;
  me: string;
  now: number;
}

/** Text in which only emoji shortcodes mean something: `plain_text`, names, labels. */
export function drawPlain(text: string): (Node | string)[] {
  return splitEmoji(text).map((piece) => (piece.kind === 'text' ? piece.text : drawEmoji(piece.name, piece.character)));
}

function drawEmoji(name: string, character: string): HTMLElement {
  const label = `:${name}:`;
  const glyph = emojiGlyph(name);
  return h('span', { class: 'emoji', role: 'img', 'aria-label': label, title: label }, glyph ?? character);
}

/** A text object: `plain_text` as it stands, `mrkdwn` with its markup. */
export function drawText(text: TextObject, context: TextContext): HTMLElement {
  if (text.type === 'plain_text') return h('div', { class: 'text plain' }, ...drawLabel(text));
  return h(
    'div',
    { class: 'text' },
    ...drawParts(parseMrkdwn(text.text, { verbatim: text.verbatim === true }), context),
  );
}

/** The text of a plain text object; `emoji: false` leaves shortcodes as they are. */
export function drawLabel(text: PlainTextElement): (Node | string)[] {
  return text.emoji === false ? [text.text] : drawPlain(text.text);
}

/** Draws parsed mrkdwn or Markdown. */
export function drawParts(parts: readonly Part[], context: TextContext): HTMLElement[] {
  return parts.map((part) => drawPart(part, context));
}

function drawPart(part: Part, context: TextContext): HTMLElement {
  switch (part.kind) {
    case 'lines':
      return h('div', { class: 'lines' }, ...drawInlines(part.inlines, context));
    case 'quote':
      return h('blockquote', {}, ...drawInlines(part.inlines, context));
    case 'pre':
      return h('pre', {}, ...drawInlines(part.inlines, context, false));
    case 'heading':
      return h('div', { class: 'md-heading', role: 'heading', 'aria-level': 4 }, ...drawInlines(part.inlines, context));
    case 'list': {
      const items = part.items.map((item) => h('li', {}, ...drawInlines(item, context)));
      return h(part.ordered ? 'ol' : 'ul', {}, ...items);
    }
    case 'rule':
      return h('hr');
  }
}

function drawInlines(inlines: readonly Inline[], context: TextContext, emoji = true): Child[] {
  return inlines.flatMap((inline): Child[] => {
    switch (inline.kind) {
      case 'text':
        return emoji ? drawPlain(inline.text) : [inline.text];
      case 'bold':
        return [h('strong', {}, ...drawInlines(inline.children, context, emoji))];
      case 'italic':
        return [h('em', {}, ...drawInlines(inline.children, context, emoji))];
      case 'strike':
        return [h('s', {}, ...drawInlines(inline.children, context, emoji))];
      case 'code':
        return [h('code', {}, ...drawInlines(inline.children, context, false))];
      case 'link':
        return [drawLink(inline.url, emoji ? drawPlain(inline.label) : [inline.label])];
      case 'date':
        return [drawDate(inline, context)];
      case 'broadcast':
        return [h('span', { class: 'mention mention-me' }, `@${inline.range}`)];
      default:
        return [drawMention(inline.kind, inline.id, inline.label, context)];
    }
  });
}

/** A link that opens beside the page; addresses that are not web addresses are drawn as text. */
export function drawLink(url: string, label: Child[]): HTMLElement {
  if (!isSafeUrl(url)) return h('span', {}, ...label);
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, ...label);
}

function drawMention(
  kind: 'user' | 'channel' | 'usergroup',
  id: string,
  label: string | undefined,
  { names, me }: TextContext,
): HTMLElement {
  const sign = kind === 'channel' ? '#' : '@';
  const name = (names[kind](id) ?? label ?? id).replace(new RegExp(`^${sign}`), '');
  const mine = kind === 'user' && id === me;
  return h('span', { class: mine ? 'mention mention-me' : 'mention', 'data-id': id }, `${sign}${name}`);
}

function drawDate(
  date: { timestamp: number; format: string; url?: string | undefined; fallback?: string | undefined },
  { now }: TextContext,
): HTMLElement {
  const text = Number.isFinite(date.timestamp)
    ? formatSlackDate(date.timestamp, date.format, now)
    : (date.fallback ?? '');
  return date.url === undefined ? h('time', { title: date.fallback }, text) : drawLink(date.url, [text]);
}

/** One element of a rich text section. Its text is never interpreted, not even for emoji. */
export function drawRichTextElement(element: RichTextElement, context: TextContext): HTMLElement {
  const drawn = richTextContent(element, context);
  const style: { bold?: boolean; italic?: boolean; strike?: boolean; underline?: boolean; code?: boolean } =
    element.style ?? {};
  let styled: HTMLElement = drawn;
  if (style.code === true) styled = h('code', {}, styled);
  if (style.strike === true) styled = h('s', {}, styled);
  if (style.underline === true) styled = h('u', {}, styled);
  if (style.italic === true) styled = h('em', {}, styled);
  if (style.bold === true) styled = h('strong', {}, styled);
  return styled;
}

function richTextContent(element: RichTextElement, context: TextContext): HTMLElement {
  switch (element.type) {
    case 'text':
      return h('span', {}, element.text);
    case 'link':
      return drawLink(element.url, [element.text ?? element.url]);
    case 'user':
      return drawMention('user', element.user_id, undefined, context);
    case 'usergroup':
      return drawMention('usergroup', element.usergroup_id, undefined, context);
    case 'channel':
      return drawMention('channel', element.channel_id, undefined, context);
    case 'team':
      return h('span', { class: 'mention' }, `@${element.team_id}`);
    case 'broadcast':
      return h('span', { class: 'mention mention-me' }, `@${element.range}`);
    case 'date':
      return drawDate(element, context);
    case 'emoji':
      return h('span', {}, ...drawPlain(`:${element.name}:`));
    case 'color': {
      const chip = h('span', { class: 'swatch' });
      chip.style.backgroundColor = element.value;
      return h('code', {}, chip, element.value);
    }
  }
}
