import { createComposer } from './composer.ts';
import { keepingPlace, patchMessages, repliesTo } from './conversation.ts';
import { h } from './dom.ts';
import type { Channel, State } from './types.ts';
import type { Deeds, Ui } from './ui.ts';

/** The thread at the right: the message, what was said under it, a box to write in. */
export function createThreadPane(
  ui: Ui,
  deeds: Deeds,
): { element: HTMLElement; show(state: State, channel: Channel | undefined): void } {
  let shown = '';
  const place = h('span', { class: 'muted' });
  const close = () => deeds.openThread(undefined);
  const head = h(
    'div',
    { class: 'pane-head' },
    h('h2', {}, 'Thread'),
    place,
    h(
      'button',
      { type: 'button', class: 'plain-button pane-close', 'aria-label': 'Close thread', onclick: close },
      '✕',
    ),
  );
  const root = h('div', { class: 'messages' });
  const count = h('div', { class: 'reply-line' });
  const list = h('div', { class: 'messages', role: 'log', 'aria-label': 'Replies' });
  const scroller = h(
    'div',
    { class: 'scroller', tabindex: 0, 'aria-label': 'Thread messages', role: 'region' },
    root,
    count,
    list,
  );
  const composer = createComposer(ui.drafts, (text) => {
    scroller.scrollTop = scroller.scrollHeight;
    void deeds.say(ui.place, text, ui.thread);
  });
  const element = h('aside', { class: 'pane thread', 'aria-label': 'Thread' }, head, scroller, composer.element);
  return {
    element,
    show(state, channel) {
      const ts = ui.thread;
      const all = channel === undefined ? [] : (state.messages[channel.id] ?? []);
      const first = all.find((message) => message.ts === ts);
      element.hidden = channel === undefined || ts === undefined || first === undefined;
      if (channel === undefined || ts === undefined || first === undefined) {
        shown = '';
        return;
      }
      const here = `${state.me} ${channel.id} ${ts}`;
      const arrived = shown !== here;
      shown = here;
      place.textContent = channel.kind === 'channel' ? `#${channel.name}` : channel.name;
      const replies = repliesTo(all, ts);
      const update = () => {
        patchMessages(root, [first], { days: false, threads: false }, state, ui, deeds);
        const said = replies.filter((reply) => reply.ephemeral_to === undefined).length;
        count.hidden = replies.length === 0;
        count.textContent = said === 1 ? '1 reply' : `${said} replies`;
        patchMessages(list, replies, { days: false, threads: false }, state, ui, deeds);
      };
      composer.show({ key: here, placeholder: 'Reply…', commands: [], bot: state.bot.name });
      // Someone who opens a thread begins at its top, where the worst stands.
      if (arrived) update();
      else keepingPlace(scroller, update);
      if (arrived) scroller.scrollTop = 0;
    },
  };
}
