import { drawBlock } from './blocks.ts';
import { h, isTypingIn, patch } from './dom.ts';
import type { State, View } from './types.ts';
import { contextFor, type Deeds, type Ui } from './ui.ts';

/** Brings the blocks of a modal or App Home up to date, with the errors under the inputs they belong to. */
export function patchView(
  body: HTMLElement,
  view: View,
  errors: Readonly<Record<string, string>>,
  state: State,
  ui: Ui,
  deeds: Deeds,
): void {
  const context = contextFor(state, ui, deeds, view.id, { type: 'view', view_id: view.id });
  const items = view.blocks.map((block, index) => ({
    key: block.block_id ?? String(index),
    fingerprint: JSON.stringify(block),
    draw: () => h('div', { class: 'view-block' }, drawBlock(block, context)),
  }));
  patch(body, items, isTypingIn);
  for (const wrapper of body.children)
    if (wrapper instanceof HTMLElement) showError(wrapper, errors[wrapper.dataset.key ?? '']);
}

function showError(wrapper: HTMLElement, message: string | undefined): void {
  const present = wrapper.querySelector(':scope > .input-error');
  wrapper.classList.toggle('has-error', message !== undefined);
  if (message === undefined) present?.remove();
  else if (present !== null) present.textContent = message;
  else wrapper.append(h('div', { class: 'input-error', role: 'alert' }, message));
}

/** What the person has put into a view, for its submission. */
export function valuesOf(view: View, state: State, ui: Ui, deeds: Deeds) {
  const { values } = contextFor(state, ui, deeds, view.id, { type: 'view', view_id: view.id });
  return values.of(new Set(view.blocks.flatMap(({ block_id }) => block_id ?? [])));
}
