import { type Child, h } from './dom.ts';

export interface MenuEntry {
  label: Child[];
  /** What the filter searches. */
  words: string;
  description?: Child[];
  selected?: boolean;
  disabled?: boolean;
  pick(): void;
}

export interface Menu {
  label: string;
  groups: { label?: Child[]; entries: MenuEntry[] }[];
  /** `menu` acts and closes, `listbox` chooses one and closes, `multiple` stays open. */
  kind: 'menu' | 'listbox' | 'multiple';
  closed?(): void;
}

const FILTER_FROM = 9;

/** Opens a menu under (or, near the lower edge, above) its anchor. Escape and a click elsewhere close it. */
export function openMenu(anchor: HTMLElement, menu: Menu): void {
  const options = menu.groups.flatMap((group) =>
    group.entries.map((entry) => ({ entry, row: drawEntry(entry, menu, close) })),
  );
  const rows = new Map(options.map(({ entry, row }) => [entry, row]));
  const list = h('div', {
    class: 'menu-list',
    role: menu.kind === 'menu' ? 'menu' : 'listbox',
    'aria-label': menu.label,
  });
  if (menu.kind === 'multiple') list.setAttribute('aria-multiselectable', 'true');
  for (const group of menu.groups) {
    const label = group.label === undefined ? undefined : h('div', { class: 'menu-group' }, ...group.label);
    list.append(h('div', { role: 'group' }, label, ...group.entries.map((entry) => rows.get(entry))));
  }
  const filter = options.length >= FILTER_FROM ? drawFilter(options) : undefined;
  const popover = h('div', { class: 'menu', popover: 'auto' }, filter, list);
  popover.addEventListener('keydown', (event) => moveWithKeys(event, popover, filter));
  popover.addEventListener('toggle', (event) => {
    if (!(event instanceof ToggleEvent) || event.newState !== 'closed') return;
    popover.remove();
    anchor.setAttribute('aria-expanded', 'false');
    menu.closed?.();
  });
  (anchor.closest('dialog') ?? document.body).append(popover);
  anchor.setAttribute('aria-expanded', 'true');
  popover.showPopover();
  place(popover, anchor);
  (filter ?? popover.querySelector<HTMLElement>('[aria-selected="true"]') ?? options[0]?.row)?.focus();

  function close(): void {
    popover.hidePopover();
    anchor.focus();
  }
}

function drawEntry(entry: MenuEntry, menu: Menu, close: () => void): HTMLElement {
  const role = menu.kind === 'menu' ? 'menuitem' : 'option';
  const row = h(
    'button',
    { type: 'button', class: 'menu-entry', role, disabled: entry.disabled === true, tabindex: -1 },
    h('span', { class: 'menu-label' }, ...entry.label),
    entry.description && h('span', { class: 'menu-description' }, ...entry.description),
  );
  if (menu.kind !== 'menu') row.setAttribute('aria-selected', String(entry.selected === true));
  row.addEventListener('click', () => {
    if (menu.kind === 'multiple')
      row.setAttribute('aria-selected', String(row.getAttribute('aria-selected') !== 'true'));
    else close();
    entry.pick();
  });
  return row;
}

function drawFilter(options: readonly { entry: MenuEntry; row: HTMLElement }[]): HTMLInputElement {
  const filter = h('input', { class: 'menu-filter', type: 'text', placeholder: 'Filter', 'aria-label': 'Filter' });
  filter.addEventListener('input', () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const { entry, row } of options) row.hidden = !entry.words.toLowerCase().includes(wanted);
  });
  return filter;
}

function moveWithKeys(event: KeyboardEvent, popover: HTMLElement, filter: HTMLInputElement | undefined): void {
  const rows = [...popover.querySelectorAll<HTMLElement>('.menu-entry:not([hidden]):not([disabled])')];
  const at = rows.findIndex((row) => row.matches(':focus'));
  const last = rows.length - 1;
  const to = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last }[event.key];
  if (to !== undefined && !(event.target === filter && event.key !== 'ArrowDown')) {
    event.preventDefault();
    rows[to]?.focus();
  } else if (event.key === 'Enter' && event.target === filter) {
    event.preventDefault();
    rows[0]?.click();
  } else if (event.key === 'Escape') {
    // The popover closes itself; the view or thread behind it must stay.
    event.stopPropagation();
  } else if (event.key === 'Tab') popover.hidePopover();
}

function place(popover: HTMLElement, anchor: HTMLElement): void {
  const from = anchor.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  const below = from.bottom + 4 + size.height <= window.innerHeight;
  const top = below ? from.bottom + 4 : Math.max(8, from.top - size.height - 4);
  popover.style.top = `${top}px`;
  popover.style.left = `${Math.max(8, Math.min(from.left, window.innerWidth - size.width - 8))}px`;
  popover.style.minWidth = `${Math.min(from.width, 360)}px`;
}
