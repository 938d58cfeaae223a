import { send } from './api.ts';
import { h } from './dom.ts';
import { drawLabel, drawPlain } from './text.ts';
import type { State, View } from './types.ts';
import type { Deeds, Ui } from './ui.ts';
import { patchView, valuesOf } from './view-body.ts';

/** Shows the top one of a person's stack of modals. */
export function createModals(ui: Ui, deeds: Deeds): { show(state: State): void } {
  let open:
    | { view: View; dialog: HTMLDialogElement; update(view: View, state: State): void; focus(): void }
    | undefined;

  function close(): void {
    open?.dialog.remove();
    open = undefined;
  }

  return {
    show(state) {
      const view = state.modals.at(-1);
      if (view === undefined) return close();
      const key = `${state.me} ${view.id}`;
      if (open?.dialog.dataset.key !== key) {
        close();
        open = { view, ...drawModal(view, state, ui, deeds) };
        open.dialog.dataset.key = key;
        document.body.append(open.dialog);
        open.update(view, state);
        open.dialog.showModal();
        open.focus();
        return;
      }
      open.update(view, state);
    },
  };
}

function drawModal(first: View, firstState: State, ui: Ui, deeds: Deeds) {
  let view = first;
  let state = firstState;
  let errors: Readonly<Record<string, string>> = {};
  const title = h('h2', { id: 'modal-title' });
  const body = h('div', { class: 'modal-body', tabindex: -1 });
  const notice = h('div', { class: 'modal-notice', role: 'alert', hidden: true });
  const submitButton = h('button', { type: 'submit', class: 'button primary' });
  const closeButton = h('button', { type: 'button', class: 'button', onclick: dismiss });
  const form = h(
    'form',
    { novalidate: true },
    h(
      'div',
      { class: 'modal-head' },
      title,
      h('button', { type: 'button', class: 'plain-button', 'aria-label': 'Close', onclick: dismiss }, '✕'),
    ),
    body,
    notice,
    h('div', { class: 'dialog-buttons' }, closeButton, submitButton),
  );
  const dialog = h('dialog', { class: 'modal', 'aria-labelledby': 'modal-title' }, form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (hasSubmit(view)) void submit();
  });
  dialog.addEventListener('cancel', (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    dismiss();
  });
  // Blocks that changed while someone typed in them are drawn when they leave the field.
  dialog.addEventListener('focusout', () => queueMicrotask(() => deeds.redraw()));

  function say(message: string): void {
    notice.replaceChildren(...drawPlain(message));
    notice.hidden = message === '';
  }

  async function submit(): Promise<void> {
    if (submitButton.getAttribute('aria-busy') === 'true') return;
    submitButton.setAttribute('aria-busy', 'true');
    say('');
    const values = valuesOf(view, state, ui, deeds);
    const answer = await send('submit', { user: state.me, view_id: view.id, state: { values } });
    submitButton.removeAttribute('aria-busy');
    errors = answer.errors ?? {};
    if (!answer.ok) say(answer.message);
    update(view, state);
    body.querySelector('.has-error')?.scrollIntoView({ block: 'center' });
    deeds.redraw();
  }

  function dismiss(): void {
    void send('close', { user: state.me, view_id: view.id }).then((answer) => {
      if (!answer.ok) deeds.toast(answer.message);
      deeds.redraw();
    });
  }

  function update(next: View, nextState: State): void {
    view = next;
    state = nextState;
    title.replaceChildren(...(view.title ? drawLabel(view.title) : []));
    submitButton.hidden = !hasSubmit(view);
    submitButton.replaceChildren(...(view.submit ? drawLabel(view.submit) : []));
    closeButton.replaceChildren(...(view.close ? drawLabel(view.close) : [view.submit ? 'Cancel' : 'Close']));
    patchView(body, view, errors, state, ui, deeds);
  }

  /** The first input has the focus, or the text: never a button, so that Enter decides nothing by accident. */
  function focus(): void {
    (body.querySelector<HTMLElement>('.field, .select, .choice input') ?? body).focus({ preventScroll: true });
  }

  return { dialog, update, focus };
}

/** Slack answers `null` for what a view does not have. */
function hasSubmit(view: View): boolean {
  return view.submit !== undefined && view.submit !== null;
}
