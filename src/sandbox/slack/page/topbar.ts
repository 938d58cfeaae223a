import { drawAvatar } from './avatar.ts';
import { h, type Keyed, patch, svg } from './dom.ts';
import { applyTheme, firstTheme, type Theme } from './theme.ts';
import type { State } from './types.ts';
import type { Deeds } from './ui.ts';

const ROLE_WORDS: Readonly<Record<string, string>> = {
  requester: 'Requester',
  approver: 'Approver',
  approver2: 'Second approver',
  guest: 'Guest',
};

/** The bar at the top: what this is, who you are (and may become), light or dark. */
export function createTopbar(deeds: Deeds): { element: HTMLElement; show(state: State): void } {
  const people = h('div', { class: 'people', role: 'radiogroup', 'aria-label': 'Act as' });
  people.addEventListener('keydown', moveBetween);
  const element = h(
    'header',
    { class: 'topbar' },
    h(
      'div',
      { class: 'topbar-note' },
      h('span', { class: 'topbar-lamp', 'aria-hidden': 'true' }),
      'Simulated workspace',
    ),
    h(
      'div',
      { class: 'topbar-people' },
      h('span', { class: 'topbar-label', 'aria-hidden': 'true' }, 'You are'),
      people,
    ),
    drawThemeSwitch(),
  );
  return {
    element,
    show(state) {
      patch(
        people,
        state.people.map((person): Keyed => {
          const current = person.id === state.me;
          const role = ROLE_WORDS[person.role] ?? person.role;
          return {
            key: person.id,
            fingerprint: JSON.stringify([person, current]),
            draw: () =>
              h(
                'button',
                {
                  type: 'button',
                  class: 'person',
                  role: 'radio',
                  'aria-checked': String(current),
                  'aria-label': `${person.real_name}, ${role}`,
                  title: person.title,
                  tabindex: current ? 0 : -1,
                  'data-action': `person ${person.id}`,
                  onclick: () => deeds.become(person.id),
                },
                drawAvatar(person.real_name, 'person', 'small'),
                h('span', { class: 'person-name' }, person.real_name),
                h('span', { class: 'person-role' }, role),
              ),
          };
        }),
      );
    },
  };
}

function moveBetween(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const group = event.currentTarget;
  if (step === undefined || !(group instanceof HTMLElement)) return;
  event.preventDefault();
  const buttons = [...group.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button.matches(':focus'));
  const next = buttons[(at + step + buttons.length) % buttons.length];
  next?.focus();
  next?.click();
}

function drawThemeSwitch(): HTMLElement {
  let theme: Theme = firstTheme();
  applyTheme(theme, false);
  const sun = svg(
    'svg',
    { viewBox: '0 0 20 20', 'aria-hidden': 'true' },
    svg('path', { d: 'M10 2.5a7.5 7.5 0 1 0 0 15Z', class: 'half' }),
    svg('circle', { cx: 10, cy: 10, r: 7.5 }),
  );
  const button = h(
    'button',
    { type: 'button', class: 'theme-switch', role: 'switch', 'aria-label': 'Dark theme', title: 'Light or dark' },
    sun,
  );
  button.setAttribute('aria-checked', String(theme === 'dark'));
  button.addEventListener('click', () => {
    theme = theme === 'dark' ? 'light' : 'dark';
    applyTheme(theme, true);
    button.setAttribute('aria-checked', String(theme === 'dark'));
  });
  return button;
}
