import { drawAvatar } from './avatar.ts';
import { createComposer } from './composer.ts';
import { keepingPlace, patchMessages, rootsOf } from './conversation.ts';
import { h } from './dom.ts';
import type { Channel, State } from './types.ts';
import { type Deeds, markRead, type Ui } from './ui.ts';

/** The middle of the page: a channel or direct messages, with the box to write in. */
export function createChannelPane(
  ui: Ui,
  deeds: Deeds,
): { element: HTMLElement; show(state: State, channel: Channel): void } {
  let shown = '';
  const head = h('div', { class: 'pane-head' });
  const welcome = h('div', { class: 'welcome' });
  const list = h('div', { class: 'messages', role: 'log', 'aria-label': 'Messages' });
  const scroller = h(
    'div',
    { class: 'scroller', tabindex: 0, 'aria-label': 'Message list', role: 'region' },
    welcome,
    list,
  );
  const composer = createComposer(ui.drafts, (text) => {
    scroller.scrollTop = scroller.scrollHeight;
    void deeds.say(ui.place, text);
  });
  const element = h('section', { class: 'pane', 'aria-label': 'Conversation' }, head, scroller, composer.element);
  return {
    element,
    show(state, channel) {
      const here = `${state.me} ${channel.id}`;
      const arrived = shown !== here;
      shown = here;
      if (arrived) drawHead(head, channel, state);
      drawWelcome(welcome, channel, state);
      const messages = rootsOf(state.messages[channel.id] ?? []);
      keepingPlace(scroller, () => patchMessages(list, messages, { days: true, threads: true }, state, ui, deeds));
      const placeholder = channel.kind === 'channel' ? `Message #${channel.name}` : `Message ${channel.name}`;
      composer.show({ key: here, placeholder, commands: state.commands, bot: state.bot.name });
      markRead(state, ui, channel.id);
      if (!arrived) return;
      scroller.scrollTop = scroller.scrollHeight;
      composer.focus();
    },
  };
}

function drawHead(head: HTMLElement, channel: Channel, state: State): void {
  const sign =
    channel.kind === 'channel' ? h('span', { class: 'hash' }, '#') : drawAvatar(channel.name, 'app', 'small');
  const members =
    channel.kind === 'channel' ? `${state.people.length} people · ${state.bot.name}` : 'Direct messages with the app';
  head.replaceChildren(h('h1', {}, sign, channel.name), h('span', { class: 'muted' }, members));
}

function drawWelcome(welcome: HTMLElement, channel: Channel, state: State): void {
  const empty = (state.messages[channel.id] ?? []).length === 0;
  const where = channel.kind === 'channel' ? `#${channel.name}` : `your direct messages with ${channel.name}`;
  welcome.classList.toggle('small', !empty);
  welcome.replaceChildren(
    h('h2', {}, channel.kind === 'channel' ? `# ${channel.name}` : channel.name),
    h('p', { class: 'muted' }, `This is the beginning of ${where}.`),
    ...(empty
      ? [
          h(
            'p',
            { class: 'welcome-hint' },
            'Type ',
            h('code', {}, '/trail-check prod'),
            ' below to see what is wrong with prod’s audit trail.',
          ),
        ]
      : []),
  );
}
