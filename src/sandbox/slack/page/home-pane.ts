import { drawAvatar } from './avatar.ts';
import { h } from './dom.ts';
import type { State } from './types.ts';
import type { Deeds, Ui } from './ui.ts';
import { patchView } from './view-body.ts';

/** The app's own page: its Home tab, and a tab that leads to the direct messages. */
export function createHomePane(ui: Ui, deeds: Deeds): { element: HTMLElement; show(state: State): void } {
  let shown = '';
  const title = h('h1');
  const messagesTab = h('button', { type: 'button', class: 'tab', role: 'tab', 'aria-selected': 'false' }, 'Messages');
  const tabs = h(
    'div',
    { class: 'tabs', role: 'tablist' },
    h('button', { type: 'button', class: 'tab', role: 'tab', 'aria-selected': 'true' }, 'Home'),
    messagesTab,
  );
  const body = h('div', { class: 'home-body' });
  const nothing = h('p', { class: 'muted home-nothing' }, 'The app has not published its Home tab yet.');
  const scroller = h('div', { class: 'scroller', role: 'tabpanel', tabindex: 0, 'aria-label': 'Home' }, nothing, body);
  const element = h(
    'section',
    { class: 'pane', 'aria-label': 'App Home' },
    h('div', { class: 'pane-head' }, title),
    tabs,
    scroller,
  );
  let direct: string | undefined;
  messagesTab.addEventListener('click', () => {
    if (direct !== undefined) deeds.open(direct);
  });
  return {
    element,
    show(state) {
      direct = state.channels.find(({ kind, name }) => kind === 'im' && name === state.bot.name)?.id;
      messagesTab.hidden = direct === undefined;
      title.replaceChildren(
        drawAvatar(state.bot.name, 'app', 'small'),
        state.bot.name,
        h('span', { class: 'badge' }, 'APP'),
      );
      nothing.hidden = state.home !== null;
      const view = state.home;
      const key = `${state.me} ${view?.id ?? ''}`;
      if (key !== shown) body.replaceChildren();
      shown = key;
      if (view !== null) patchView(body, view, {}, state, ui, deeds);
    },
  };
}
