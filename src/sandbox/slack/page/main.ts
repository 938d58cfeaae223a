import { fetchState, listen, send } from './api.ts';
import { createChannelPane } from './channel-pane.ts';
import { h } from './dom.ts';
import { createHomePane } from './home-pane.ts';
import { createModals } from './modal.ts';
import { patchSidebar } from './sidebar.ts';
import { createThreadPane } from './thread-pane.ts';
import { createToasts } from './toast.ts';
import { createTopbar } from './topbar.ts';
import type { Answer, State } from './types.ts';
import type { Deeds, Ui } from './ui.ts';

/** Builds the page and keeps it in step with the workspace. The address says who and where: `?user=&channel=&thread=`. */
function start(): void {
  const asked = new URLSearchParams(location.search);
  const ui: Ui = {
    user: asked.get('user') ?? 'requester',
    place: asked.get('channel') ?? '',
    thread: asked.get('thread') ?? undefined,
    drafts: new Map(),
    read: new Map(),
    openedAt: String(Date.now() / 1000),
    held: new Map(),
  };
  let state: State | undefined;
  let fetching = false;
  let stale = false;

  const deeds: Deeds = {
    open(place) {
      ui.place = place;
      ui.thread = undefined;
      redraw();
      if (place === 'home') void tell(send('home', { user: ui.user }));
    },
    openThread(ts) {
      ui.thread = ts;
      redraw();
    },
    become(user) {
      ui.user = user;
      if (ui.place.startsWith('D')) ui.place = '';
      void refresh();
      if (ui.place === 'home') void tell(send('home', { user }));
    },
    async say(channel, text, thread) {
      const user = ui.user;
      if (!text.startsWith('/')) {
        const where = thread === undefined ? {} : { thread_ts: thread };
        return tell(send('message', { user, channel, text, ...where }));
      }
      const [command] = text.split(/\s/, 1);
      if (thread !== undefined) return toasts.show(`${command} is not supported in threads. Sorry!`);
      return tell(send('command', { user, channel, text }));
    },
    act: (container, action) => tell(send('action', { user: ui.user, container, action })),
    redraw: () => void refresh(),
    toast: (message) => toasts.show(message),
  };

  const toasts = createToasts();
  const topbar = createTopbar(deeds);
  const channelPane = createChannelPane(ui, deeds);
  const threadPane = createThreadPane(ui, deeds);
  const homePane = createHomePane(ui, deeds);
  const modals = createModals(ui, deeds);
  const team = h('div', { class: 'team' });
  const places = h('div', { class: 'places' });
  const offline = h(
    'div',
    { class: 'offline', role: 'status', hidden: true },
    'The workspace does not answer. Trying again …',
  );
  document.body.append(
    topbar.element,
    h('nav', { class: 'sidebar', 'aria-label': 'Workspace' }, team, places),
    h('main', {}, channelPane.element, homePane.element, threadPane.element),
    offline,
    toasts.element,
  );
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && ui.thread !== undefined && document.querySelector('dialog[open]') === null) {
      deeds.openThread(undefined);
    }
  });
  listen(
    () => void refresh(),
    (up) => {
      offline.hidden = up;
    },
  );

  async function tell(answer: Promise<Answer>): Promise<void> {
    const got = await answer;
    if (!got.ok) toasts.show(got.message);
    await refresh();
  }

  /** Fetches and draws; calls that come meanwhile are answered by one more round. */
  async function refresh(): Promise<void> {
    stale = true;
    if (fetching) return;
    fetching = true;
    try {
      while (stale) {
        stale = false;
        const user = ui.user;
        const next = await fetchState(user);
        if (user !== ui.user) stale = true;
        else state = next;
      }
      redraw();
    } catch (error) {
      toasts.show(error instanceof Error ? error.message : String(error));
    } finally {
      fetching = false;
    }
  }

  function redraw(): void {
    if (state === undefined) return;
    const { channels } = state;
    const channel = channels.find(({ id, name }) => id === ui.place || name === ui.place) ?? channels[0];
    const home = ui.place === 'home';
    if (!home) ui.place = channel?.id ?? '';
    document.title = `${home ? state.bot.name : (channel?.name ?? '')} · ${state.team.name}`;
    team.textContent = state.team.name;
    topbar.show(state);
    patchSidebar(places, state, ui, deeds);
    channelPane.element.hidden = home;
    homePane.element.hidden = !home;
    if (home) homePane.show(state);
    else if (channel !== undefined) channelPane.show(state, channel);
    threadPane.show(state, home ? undefined : channel);
    modals.show(state);
    keepAddress();
  }

  function keepAddress(): void {
    const here = new URLSearchParams(location.search);
    here.set('user', ui.user);
    here.set('channel', ui.place);
    if (ui.thread === undefined) here.delete('thread');
    else here.set('thread', ui.thread);
    const address = `?${here}`;
    if (address !== location.search) history.replaceState(null, '', address);
  }
}

start();
