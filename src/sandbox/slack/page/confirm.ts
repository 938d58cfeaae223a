import type { Confirm } from '@slack/types';
import { h } from './dom.ts';
import { drawLabel, drawText, type TextContext } from './text.ts';

/** Asks what a `confirm` object asks; true when the person agrees. */
export function askConfirm(confirm: Confirm, context: TextContext): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const agree = h(
    'button',
    { type: 'button', class: `button ${confirm.style ?? 'primary'}`, onclick: () => close(true) },
    ...(confirm.confirm ? drawLabel(confirm.confirm) : ['Yes']),
  );
  const title = h('h2', { id: 'confirm-title' }, ...(confirm.title ? drawLabel(confirm.title) : ['Are you sure?']));
  const dialog = h(
    'dialog',
    { class: 'confirm', 'aria-labelledby': 'confirm-title', oncancel: () => close(false) },
    title,
    drawText(confirm.text, context),
    h(
      'div',
      { class: 'dialog-buttons' },
      h(
        'button',
        { type: 'button', class: 'button', onclick: () => close(false) },
        ...(confirm.deny ? drawLabel(confirm.deny) : ['Cancel']),
      ),
      agree,
    ),
  );
  // Escape answers this question only, not the view behind it.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  document.body.append(dialog);
  dialog.showModal();
  agree.focus();
  return promise;

  function close(answer: boolean): void {
    dialog.close();
    dialog.remove();
    resolve(answer);
  }
}
