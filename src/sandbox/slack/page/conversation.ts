import { dayOf } from './dates.ts';
import { h, isTypingIn, type Keyed, patch } from './dom.ts';
import { drawMessage } from './message.ts';
import type { Message, State } from './types.ts';
import { contextFor, type Deeds, type Ui } from './ui.ts';

const FOLLOWS_WITHIN_SECONDS = 300;
const NEAR_THE_END_PIXELS = 80;

/** The messages of a channel that stand in it, without what was said in threads. */
export function rootsOf(messages: readonly Message[]): Message[] {
  return messages.filter(({ thread_ts, ts }) => thread_ts === undefined || thread_ts === ts);
}

export function repliesTo(messages: readonly Message[], ts: string): Message[] {
  return messages.filter((message) => message.thread_ts === ts && message.ts !== ts);
}

/** Brings a list of messages up to date; unchanged messages are left alone. */
export function patchMessages(
  list: HTMLElement,
  messages: readonly Message[],
  where: { days: boolean; threads: boolean },
  state: State,
  ui: Ui,
  deeds: Deeds,
): void {
  const items: Keyed[] = [];
  const now = Date.now();
  let day = '';
  messages.forEach((message, index) => {
    const itsDay = dayOf(message.ts, now);
    if (where.days && itsDay !== day) items.push(dayLine(itsDay));
    const follows = isFollowing(message, itsDay === day ? messages[index - 1] : undefined);
    day = itsDay;
    const all = state.messages[message.channel] ?? [];
    const replies = where.threads ? repliesTo(all, message.ts).filter((reply) => reply.ephemeral_to === undefined) : [];
    const container = { type: 'message' as const, channel: message.channel, ts: message.ts };
    items.push({
      key: message.ts,
      fingerprint: JSON.stringify([message, follows, replies.map(({ ts }) => ts), state.me]),
      draw: () =>
        drawMessage(
          message,
          { follows, replies, openThread: where.threads ? () => deeds.openThread(message.ts) : undefined },
          contextFor(state, ui, deeds, `${message.channel} ${message.ts}`, container),
        ),
    });
  });
  patch(list, items, isTypingIn);
}

function dayLine(day: string): Keyed {
  return {
    key: `day ${day}`,
    fingerprint: day,
    draw: () => h('div', { class: 'day', role: 'separator' }, h('span', {}, day)),
  };
}

function isFollowing(message: Message, before: Message | undefined): boolean {
  if (before === undefined || before.user !== message.user) return false;
  if (message.ephemeral_to !== undefined || before.ephemeral_to !== undefined) return false;
  return Number(message.ts) - Number(before.ts) < FOLLOWS_WITHIN_SECONDS;
}

/** Runs a change of a scrolling list; whoever is at its end stays there, whoever reads above stays where they are. */
export function keepingPlace(scroller: HTMLElement, change: () => void): void {
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END_PIXELS;
  const top = scroller.scrollTop;
  change();
  scroller.scrollTop = atEnd ? scroller.scrollHeight : top;
}
