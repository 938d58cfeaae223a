import { drawAttachment } from './attachments.ts';
import { drawAvatar } from './avatar.ts';
import { drawBlocks } from './blocks.ts';
import type { DrawContext } from './context.ts';
import { agoOf, clockOf, fullDateOf } from './dates.ts';
import { h, svg } from './dom.ts';
import { drawText } from './text.ts';
import type { Message } from './types.ts';

/** How a message stands in its list. */
export interface MessagePlace {
  /** It follows one of the same author at once, so name and avatar are left out. */
  follows: boolean;
  /** What was said under it; shown as a link. Nothing inside a thread. */
  replies: readonly Message[];
  openThread: (() => void) | undefined;
}

/** Draws one message with author, time, content and the link to its thread. */
export function drawMessage(message: Message, place: MessagePlace, context: DrawContext): HTMLElement {
  const ephemeral = message.ephemeral_to !== undefined;
  const app = message.is_bot === true;
  const time = h('time', { class: 'message-time', title: fullDateOf(message.ts) }, clockOf(message.ts));
  const head = h(
    'div',
    { class: 'message-head' },
    h('span', { class: 'message-name' }, message.username),
    app && h('span', { class: 'badge' }, 'APP'),
    time,
  );
  const content =
    message.deleted === true
      ? [h('em', { class: 'muted' }, 'This message was deleted.')]
      : drawContent(message, context);
  const classes = ['message', ephemeral && 'ephemeral', place.follows && 'follows'].filter(Boolean).join(' ');
  return h(
    'article',
    { class: classes, 'data-ts': message.ts, 'aria-label': `${message.username}, ${clockOf(message.ts)}` },
    ephemeral && h('div', { class: 'only-you' }, drawEye(), 'Only visible to you'),
    h(
      'div',
      { class: 'message-side' },
      place.follows ? time.cloneNode(true) : drawAvatar(message.username, app ? 'app' : 'person', 'large'),
    ),
    h(
      'div',
      { class: 'message-main' },
      !place.follows && head,
      ...content,
      place.replies.length > 0 && drawThreadLink(place, context),
    ),
    place.openThread !== undefined && !ephemeral && drawTools(place.openThread),
  );
}

function drawContent(message: Message, context: DrawContext): HTMLElement[] {
  const blocks = message.blocks ?? [];
  // With blocks the text is only for notifications, as in Slack.
  const main =
    blocks.length > 0
      ? drawBlocks(blocks, context)
      : message.text === ''
        ? []
        : [drawText({ type: 'mrkdwn', text: message.text }, context)];
  const attachments = (message.attachments ?? []).map((attachment, at) => drawAttachment(attachment, at, context));
  const edited = message.edited ? [h('span', { class: 'edited' }, '(edited)')] : [];
  return [...main, ...attachments, ...edited];
}

function drawThreadLink(place: MessagePlace, context: DrawContext): HTMLElement {
  const { replies } = place;
  const authors = [...new Map(replies.map((reply) => [reply.username, reply])).values()].slice(0, 4);
  const count = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
  return h(
    'button',
    { type: 'button', class: 'thread-link', 'data-action': 'thread', onclick: () => place.openThread?.() },
    ...authors.map(({ username, is_bot }) => drawAvatar(username, is_bot === true ? 'app' : 'person', 'small')),
    h('span', { class: 'thread-count' }, count),
    h('span', { class: 'thread-last' }, `Last reply ${agoOf(replies.at(-1)?.ts ?? '0', context.now)}`),
    h('span', { class: 'thread-view', 'aria-hidden': 'true' }, 'View thread'),
  );
}

function drawTools(openThread: () => void): HTMLElement {
  const bubble = svg(
    'svg',
    { viewBox: '0 0 20 20', 'aria-hidden': 'true' },
    svg('path', { d: 'M3 4.5h14v9H9l-4 3.2v-3.2H3Z' }),
  );
  return h(
    'div',
    { class: 'message-tools' },
    h(
      'button',
      {
        type: 'button',
        class: 'plain-button',
        title: 'Reply in thread',
        'aria-label': 'Reply in thread',
        onclick: openThread,
      },
      bubble,
    ),
  );
}

function drawEye(): SVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 20 20', 'aria-hidden': 'true', class: 'eye' },
    svg('path', { d: 'M1.5 10S4.6 4.5 10 4.5 18.5 10 18.5 10 15.4 15.5 10 15.5 1.5 10 1.5 10Z' }),
    svg('circle', { cx: 10, cy: 10, r: 2.6 }),
  );
}
