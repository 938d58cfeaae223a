import { h } from './dom.ts';
import { drawPlain } from './text.ts';

const SHOWN_FOR_MS = 9_000;

/** A place for short notices at the lower edge; read aloud when they appear. */
export function createToasts(): { element: HTMLElement; show(message: string): void } {
  const element = h('div', { class: 'toasts', role: 'alert' });
  return {
    element,
    show(message) {
      const close = h('button', { type: 'button', class: 'plain-button', 'aria-label': 'Dismiss' }, '✕');
      const toast = h('div', { class: 'toast' }, h('span', {}, ...drawPlain(message)), close);
      close.addEventListener('click', () => toast.remove());
      element.append(toast);
      setTimeout(() => toast.remove(), SHOWN_FOR_MS);
    },
  };
}
