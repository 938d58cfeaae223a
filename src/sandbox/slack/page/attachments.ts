import { drawBlocks } from './blocks.ts';
import type { DrawContext } from './context.ts';
import { type Child, h } from './dom.ts';
import { drawImage } from './images.ts';
import { drawLink, drawPlain, drawText } from './text.ts';
import type { MessageAttachment } from './types.ts';

const COLOURS: Readonly<Record<string, string>> = { good: '#2eb886', warning: '#daa038', danger: '#a30100' };

/** Taller attachments are folded behind "Show more", as Slack does it (to attachments only). */
const FOLD_FROM_PIXELS = 700;

/** Draws an attachment: a colour bar and, beside it, blocks or the older title, text and fields. */
export function drawAttachment(attachment: MessageAttachment, index: number, context: DrawContext): HTMLElement {
  const bar = h('div', { class: 'attachment-bar', 'aria-hidden': 'true' });
  const colour = attachment.color === undefined ? undefined : (COLOURS[attachment.color] ?? attachment.color);
  if (colour !== undefined && CSS.supports('color', colour)) bar.style.backgroundColor = colour;
  const body = h(
    'div',
    { class: 'attachment-body' },
    ...(attachment.blocks === undefined ? legacyContent(attachment, context) : drawBlocks(attachment.blocks, context)),
  );
  const frame = h('div', { class: 'attachment' }, bar, h('div', { class: 'attachment-words' }, body));
  foldWhenTall(frame, body, `unfolded attachment ${index}`, context);
  const pretext = attachment.pretext;
  if (pretext === undefined) return frame;
  return h('div', {}, drawText({ type: 'mrkdwn', text: pretext }, context), frame);
}

function legacyContent(attachment: MessageAttachment, context: DrawContext): Child[] {
  const mrkdwn = (text: string) => drawText({ type: 'mrkdwn', text }, context);
  const title = attachment.title === undefined ? undefined : drawPlain(attachment.title);
  const fields = attachment.fields?.map((field) =>
    h(
      'div',
      { class: field.short === true ? 'section-field' : 'section-field long' },
      h('strong', {}, field.title),
      mrkdwn(field.value),
    ),
  );
  const image = attachment.image_url;
  return [
    attachment.author_name === undefined ? null : h('div', { class: 'muted' }, attachment.author_name),
    title &&
      h('strong', {}, ...(attachment.title_link === undefined ? title : [drawLink(attachment.title_link, title)])),
    attachment.text === undefined ? null : mrkdwn(attachment.text),
    fields && h('div', { class: 'section-fields' }, ...fields),
    image === undefined ? null : drawImage({ image_url: image, alt_text: attachment.fallback ?? 'image' }, 'image'),
    attachment.footer === undefined ? null : h('div', { class: 'muted small-print' }, attachment.footer),
  ];
}

function foldWhenTall(frame: HTMLElement, body: HTMLElement, memoKey: string, { memo }: DrawContext): void {
  const button = h('button', { type: 'button', class: 'show-more' });
  const fold = (folded: boolean) => {
    memo.set(memoKey, !folded);
    body.classList.toggle('folded', folded);
    button.textContent = folded ? 'Show more' : 'Show less';
    button.setAttribute('aria-expanded', String(!folded));
  };
  button.addEventListener('click', () => fold(!body.classList.contains('folded')));
  // Its height is known only once it stands in the page.
  requestAnimationFrame(() => {
    if (body.scrollHeight <= FOLD_FROM_PIXELS) return;
    fold(memo.get(memoKey) !== true);
    frame.querySelector('.attachment-words')?.append(button);
  });
}
