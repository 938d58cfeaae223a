import { drawAvatar } from './avatar.ts';
import { h, svg, uniqueId } from './dom.ts';
import type { State } from './types.ts';

type Command = State['commands'][number];

export interface Composer {
  element: HTMLElement;
  /** Shows the composer for another place (or person): its draft comes back, commands are suggested or not. */
  show(place: { key: string; placeholder: string; commands: readonly Command[]; bot: string }): void;
  focus(): void;
}

/** The box where people write. Enter sends, Shift+Enter breaks the line, `/` suggests the commands. */
export function createComposer(drafts: Map<string, string>, send: (text: string) => void): Composer {
  let key = '';
  let commands: readonly Command[] = [];
  let bot = '';
  let marked = 0;
  const listId = uniqueId('commands');
  const suggestions = h('div', {
    class: 'suggestions',
    role: 'listbox',
    id: listId,
    'aria-label': 'Commands',
    hidden: true,
  });
  const box = h('textarea', { rows: 1, 'aria-autocomplete': 'list', 'aria-controls': listId });
  const arrow = svg(
    'svg',
    { viewBox: '0 0 20 20', 'aria-hidden': 'true' },
    svg('path', { d: 'M3 3.4 17.5 10 3 16.6l2-5.6 6-1-6-1Z' }),
  );
  const button = h(
    'button',
    { type: 'button', class: 'send', 'aria-label': 'Send', title: 'Send (Enter)', onclick: submit },
    arrow,
  );
  const slash = h(
    'button',
    { type: 'button', class: 'plain-button slash', 'aria-label': 'Commands', title: 'Commands' },
    '/',
  );
  slash.addEventListener('click', () => {
    if (box.value === '') box.value = '/';
    box.focus();
    changed();
  });
  const hint = h('span', { class: 'composer-hint' });
  const element = h(
    'div',
    { class: 'composer' },
    suggestions,
    h('div', { class: 'composer-box' }, box, h('div', { class: 'composer-tools' }, slash, hint, button)),
  );
  box.addEventListener('input', changed);
  box.addEventListener('keydown', pressed);
  box.addEventListener('blur', () => {
    suggestions.hidden = true;
  });

  function matches(): Command[] {
    const [word = ''] = box.value.split(/\s/, 1);
    if (!word.startsWith('/') || box.value.includes('\n')) return [];
    const typing = !/\s/.test(box.value);
    return commands.filter(({ command }) => (typing ? command.startsWith(word) : command === word));
  }

  function changed(): void {
    drafts.set(key, box.value);
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
    button.disabled = box.value.trim() === '';
    const found = document.activeElement === box ? matches() : [];
    marked = Math.min(marked, Math.max(0, found.length - 1));
    suggestions.hidden = found.length === 0;
    suggestions.replaceChildren(...found.map((command, at) => drawSuggestion(command, at === marked, bot, take)));
  }

  function take(command: Command): void {
    box.value = `${command.command} `;
    box.focus();
    changed();
  }

  function pressed(event: KeyboardEvent): void {
    const found = suggestions.hidden ? [] : matches();
    const offered = found[marked];
    const unfinished = offered !== undefined && box.value.trim() !== offered.command && !/\s/.test(box.value);
    if (event.isComposing) return;
    if (found.length > 1 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      marked = (marked + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length;
      changed();
    } else if (
      offered !== undefined &&
      !/\s/.test(box.value) &&
      (event.key === 'Tab' || (event.key === 'Enter' && unfinished))
    ) {
      event.preventDefault();
      take(offered);
    } else if (event.key === 'Escape' && found.length > 0) {
      event.stopPropagation();
      suggestions.hidden = true;
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  }

  function submit(): void {
    const text = box.value.trim();
    if (text === '') return;
    box.value = '';
    changed();
    send(text);
  }

  return {
    element,
    focus: () => box.focus(),
    show(place) {
      commands = place.commands;
      bot = place.bot;
      if (place.key === key) return;
      key = place.key;
      box.placeholder = place.placeholder;
      box.setAttribute('aria-label', place.placeholder);
      slash.hidden = commands.length === 0;
      hint.textContent = 'Enter to send, Shift+Enter for a new line';
      box.value = drafts.get(key) ?? '';
      changed();
    },
  };
}

function drawSuggestion(command: Command, marked: boolean, bot: string, take: (command: Command) => void): HTMLElement {
  const row = h(
    'div',
    { class: 'suggestion', role: 'option', 'aria-selected': String(marked) },
    drawAvatar(bot, 'app', 'medium'),
    h(
      'div',
      {},
      h('div', {}, h('strong', {}, command.command), ' ', h('span', { class: 'muted' }, command.usage_hint ?? '')),
      h('div', { class: 'muted small-print' }, command.description),
    ),
    h('span', { class: 'suggestion-app muted' }, bot),
  );
  // Before the box loses its focus, which would close the list.
  row.addEventListener('mousedown', (event) => {
    event.preventDefault();
    take(command);
  });
  return row;
}
