import { drawAvatar } from './avatar.ts';
import { type Child, h, type Keyed, patch } from './dom.ts';
import type { State } from './types.ts';
import { type Deeds, isUnread, type Ui } from './ui.ts';

/** Brings the list of channels, direct messages and apps up to date. */
export function patchSidebar(nav: HTMLElement, state: State, ui: Ui, deeds: Deeds): void {
  const channels = state.channels.filter(({ kind }) => kind === 'channel');
  const direct = state.channels.filter(({ kind }) => kind === 'im');
  const bot = state.bot.name;
  const rows: Keyed[] = [
    title('Channels'),
    ...channels.map(({ id, name }) => row(id, name, 'hash')),
    title('Direct messages'),
    ...direct.map(({ id, name }) => row(id, name, name === bot ? 'app' : 'person')),
    title('Apps'),
    row('home', bot, 'app'),
  ];
  patch(nav, rows);

  function row(place: string, name: string, kind: 'hash' | 'app' | 'person'): Keyed {
    const current = ui.place === place;
    const unread = !current && isUnread(state, ui, place);
    return {
      key: place,
      fingerprint: JSON.stringify([name, kind, current, unread]),
      draw: () => {
        const icon: Child =
          kind === 'hash' ? h('span', { class: 'hash', 'aria-hidden': 'true' }, '#') : drawAvatar(name, kind, 'small');
        return h(
          'button',
          {
            type: 'button',
            class: unread ? 'place unread' : 'place',
            'aria-current': current ? 'page' : undefined,
            'aria-label': `${kind === 'hash' ? 'Channel' : place === 'home' ? 'App' : 'Direct messages with'} ${name}${unread ? ', unread' : ''}`,
            'data-action': `place ${place}`,
            onclick: () => deeds.open(place),
          },
          icon,
          h('span', { class: 'place-name' }, name),
          unread && kind !== 'hash' && h('span', { class: 'unread-dot', 'aria-hidden': 'true' }),
        );
      },
    };
  }
}

function title(words: string): Keyed {
  return { key: `title ${words}`, fingerprint: words, draw: () => h('h2', { class: 'place-title' }, words) };
}
