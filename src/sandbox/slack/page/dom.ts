/** Children of an element: text goes in as text, never as markup. */
export type Child = Node | string | false | null | undefined;

type Attribute = string | number | boolean | undefined | ((event: Event) => void);

/**
 * Makes an element. A function under `on…` becomes a listener, `true` an empty attribute, `false` and `undefined` nothing;
 * every string child becomes a text node, so no name or text can turn into markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...nodes(children));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an SVG element; the same rules as {@link h}, without listeners. */
export function svg(
  tag: string,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: Child[]
): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...nodes(children));
  return element;
}

function nodes(children: Child[]): (Node | string)[] {
  return children.filter((child) => child !== false && child !== null && child !== undefined);
}

/** A number that no other element on the page has, for `id`, `for` and `aria-*` references. */
export function uniqueId(prefix: string): string {
  return `${prefix}-${crypto.randomUUID().slice(0, 8)}`;
}

/** One child of a list that is kept as it is while its `fingerprint` stays the same. */
export interface Keyed {
  key: string;
  fingerprint: string;
  draw: () => HTMLElement;
}

/**
 * Brings the children of `parent` in line with `items`: keeps those whose key and fingerprint are unchanged (with their
 * focus, scroll position and half-typed text), draws the others. `keep` may hold on to an element although it changed.
 */
export function patch(
  parent: HTMLElement,
  items: readonly Keyed[],
  keep: (element: HTMLElement) => boolean = () => false,
): void {
  const present = new Map<string, HTMLElement>();
  for (const child of parent.children) if (child instanceof HTMLElement) present.set(child.dataset.key ?? '', child);
  const wanted = items.map((item) => {
    const old = present.get(item.key);
    if (old !== undefined && (old.dataset.fingerprint === item.fingerprint || keep(old))) return old;
    const drawn = item.draw();
    drawn.dataset.key = item.key;
    drawn.dataset.fingerprint = item.fingerprint;
    if (old !== undefined) withFocusKept(old, drawn);
    return drawn;
  });
  for (const child of [...parent.children]) if (!wanted.some((element) => element === child)) child.remove();
  wanted.forEach((element, index) => {
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
}

/** Puts `drawn` in the place of `old`, and the focus on the element with the same action, if it was inside. */
function withFocusKept(old: HTMLElement, drawn: HTMLElement): void {
  const active = document.activeElement;
  const action = active instanceof HTMLElement && old.contains(active) ? active.dataset.action : undefined;
  old.replaceWith(drawn);
  if (action !== undefined) drawn.querySelector<HTMLElement>(`[data-action="${CSS.escape(action)}"]`)?.focus();
}

/** Whether someone is typing inside the element right now; such an element is not to be rebuilt. */
export function isTypingIn(element: HTMLElement): boolean {
  const active = document.activeElement;
  return (active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement) && element.contains(active)
    ? !['checkbox', 'radio', 'button'].includes(active.type)
    : false;
}
