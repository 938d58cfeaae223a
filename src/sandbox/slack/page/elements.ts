import type {
  Button,
  Checkboxes,
  Confirm,
  ContextActionsBlockElement,
  FeedbackButtons,
  IconButton,
  InputBlockElement,
  Overflow,
  RadioButtons,
  WorkflowButton,
} from '@slack/types';
import { askConfirm } from './confirm.ts';
import type { DrawContext } from './context.ts';
import { h, uniqueId } from './dom.ts';
import { drawInputField } from './fields.ts';
import { openMenu } from './menu.ts';
import { isSafeUrl } from './mrkdwn.ts';
import { drawSelect, isSelect } from './selects.ts';
import { drawLabel, drawPlain, drawText } from './text.ts';
import type { Action, ElementState, Option } from './types.ts';

export type DrawableElement = Button | WorkflowButton | Overflow | InputBlockElement | ContextActionsBlockElement;

/** Where an element stands and how it reports. */
export interface Place {
  blockId: string;
  /** Whether a change is told to the app at once: always outside `input` blocks, there only with `dispatch_action`. */
  dispatch: boolean;
  /** An id of the element that labels it. */
  labelledBy?: string;
  optional?: boolean;
}

/** Keeps a new state and, where wanted, asks for confirmation and tells the app; false when the person declined. */
export type Commit = (state: ElementState, extra?: Partial<Action>) => Promise<boolean>;

/** Draws one interactive element. */
export function drawElement(element: DrawableElement, place: Place, context: DrawContext): HTMLElement {
  const actionId = element.action_id ?? '';
  const confirm: Confirm | undefined = 'confirm' in element ? element.confirm : undefined;
  const commit: Commit = async (state, extra = {}) => {
    if (place.dispatch && confirm !== undefined && !(await askConfirm(confirm, context))) return false;
    context.values.set(place.blockId, actionId, state);
    if (place.dispatch) await context.act({ ...state, ...extra, block_id: place.blockId, action_id: actionId });
    return true;
  };
  const press = (extra: Partial<Action>) =>
    askAndAct(confirm, context, { type: element.type, ...extra, block_id: place.blockId, action_id: actionId });
  if (isSelect(element)) return drawSelect(element, place, context, commit);
  switch (element.type) {
    case 'button':
      return drawButton(element, place, press);
    case 'workflow_button':
      return drawButton({ ...element, type: 'button' }, place, press);
    case 'overflow':
      return drawOverflow(element, place, press);
    case 'feedback_buttons':
      return drawFeedback(element, place, press);
    case 'icon_button':
      return drawIconButton(element, place, press, context.me);
    case 'checkboxes':
      return drawCheckboxes(element, place, context, commit);
    case 'radio_buttons':
      return drawRadioButtons(element, place, context, commit);
    case 'file_input':
      return h('div', { class: 'placeholder' }, 'File upload is not part of this workspace');
    default:
      return drawInputField(element, place, context, commit);
  }
}

async function askAndAct(confirm: Confirm | undefined, context: DrawContext, action: Action): Promise<void> {
  if (confirm !== undefined && !(await askConfirm(confirm, context))) return;
  await context.act(action);
}

type Press = (extra: Partial<Action>) => Promise<void>;

/** Runs what a button does while the button shows that it is busy, so that it is not pressed twice. */
async function whileBusy(button: HTMLElement, work: () => Promise<void>): Promise<void> {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  await work().finally(() => button.removeAttribute('aria-busy'));
}

function drawButton(element: Button, place: Place, press: Press): HTMLElement {
  const style = element.style === undefined ? '' : ` ${element.style}`;
  const look = { class: `button${style}`, 'data-action': `${place.blockId} ${element.action_id ?? ''}` };
  const label = element.accessibility_label === undefined ? {} : { 'aria-label': element.accessibility_label };
  const extra = { text: element.text, ...(element.value === undefined ? {} : { value: element.value }) };
  const pressed = (event: Event) => {
    const target = event.currentTarget;
    if (target instanceof HTMLElement) void whileBusy(target, () => press(extra));
  };
  if (element.url === undefined || !isSafeUrl(element.url)) {
    return h('button', { type: 'button', ...look, ...label, onclick: pressed }, ...drawLabel(element.text));
  }
  const link = { href: element.url, target: '_blank', rel: 'noopener noreferrer' };
  return h('a', { ...link, ...look, ...label, onclick: pressed }, ...drawLabel(element.text));
}

function drawOverflow(element: Overflow, place: Place, press: Press): HTMLElement {
  const button = h('button', {
    type: 'button',
    class: 'button overflow',
    'aria-label': 'More actions',
    'aria-haspopup': 'menu',
    'aria-expanded': 'false',
    'data-action': `${place.blockId} ${element.action_id ?? ''}`,
  });
  button.append(h('span', { 'aria-hidden': 'true' }, '⋯'));
  button.addEventListener('click', () => {
    const entries = element.options.map((option) => ({
      label: drawLabel(option.text),
      words: option.text.text,
      ...(option.description ? { description: drawLabel(option.description) } : {}),
      pick: () => {
        if (option.url !== undefined && isSafeUrl(option.url)) window.open(option.url, '_blank', 'noopener');
        void whileBusy(button, () => press({ selected_option: option }));
      },
    }));
    openMenu(button, { label: 'More actions', kind: 'menu', groups: [{ entries }] });
  });
  return button;
}

function drawFeedback(element: FeedbackButtons, place: Place, press: Press): HTMLElement {
  const sides = [
    { side: element.positive_button, sign: ':thumbsup:' },
    { side: element.negative_button, sign: ':thumbsdown:' },
  ];
  const buttons = sides.map(({ side, sign }) => {
    const label = side.accessibility_label ?? side.text.text;
    const pressed = () => void whileBusy(button, () => press({ text: side.text, value: side.value }));
    const button = h(
      'button',
      { type: 'button', class: 'button small', 'aria-label': label, onclick: pressed },
      ...drawPlain(sign),
    );
    return button;
  });
  return h('span', { class: 'feedback', 'data-action': `${place.blockId} ${element.action_id ?? ''}` }, ...buttons);
}

function drawIconButton(element: IconButton, place: Place, press: Press, me: string): HTMLElement {
  const hidden = element.visible_to_user_ids !== undefined && !element.visible_to_user_ids.includes(me);
  const icon = element.icon === 'trash' ? 'wastebasket' : element.icon;
  const value = element.value === undefined ? {} : { value: element.value };
  const button = h(
    'button',
    { type: 'button', class: 'button small', hidden, 'aria-label': element.accessibility_label ?? element.text.text },
    ...drawPlain(`:${icon}: `),
    ...drawLabel(element.text),
  );
  button.dataset.action = `${place.blockId} ${element.action_id ?? ''}`;
  button.addEventListener('click', () => void whileBusy(button, () => press({ text: element.text, ...value })));
  return button;
}

function drawChoices(
  kind: 'checkbox' | 'radio',
  options: readonly Option[],
  chosen: readonly Option[],
  place: Place,
  context: DrawContext,
  changed: (inputs: HTMLInputElement[]) => void,
): HTMLElement {
  const name = uniqueId(kind);
  const inputs: HTMLInputElement[] = [];
  const rows = options.map((option, index) => {
    const checked = chosen.some((other) => other.value === option.value);
    const input = h('input', { type: kind, name, checked, value: option.value ?? '' });
    input.dataset.action = `${place.blockId} ${option.value ?? index}`;
    input.addEventListener('change', () => changed(inputs));
    inputs.push(input);
    const description =
      option.description && h('span', { class: 'choice-description' }, ...drawPlain(option.description.text));
    const words = h('span', {}, drawText(option.text, context), description);
    return h('label', { class: 'choice' }, input, words);
  });
  const role = kind === 'radio' ? 'radiogroup' : 'group';
  return h('div', { class: 'choices', role, 'aria-labelledby': place.labelledBy }, ...rows);
}

function drawCheckboxes(element: Checkboxes, place: Place, context: DrawContext, commit: Commit): HTMLElement {
  const initial = { type: element.type, selected_options: element.initial_options ?? [] };
  let state: ElementState = context.values.start(place.blockId, element.action_id ?? '', initial);
  const changed = async (inputs: HTMLInputElement[]) => {
    const before = state.selected_options ?? [];
    const next = { type: element.type, selected_options: element.options.filter((_, index) => inputs[index]?.checked) };
    if (await commit(next)) state = next;
    else for (const input of inputs) input.checked = before.some((option) => option.value === input.value);
  };
  return drawChoices('checkbox', element.options, state.selected_options ?? [], place, context, (inputs) => {
    void changed(inputs);
  });
}

function drawRadioButtons(element: RadioButtons, place: Place, context: DrawContext, commit: Commit): HTMLElement {
  const initial = { type: element.type, selected_option: element.initial_option ?? null };
  let state: ElementState = context.values.start(place.blockId, element.action_id ?? '', initial);
  const changed = async (inputs: HTMLInputElement[]) => {
    const before = state.selected_option?.value;
    const next = { type: element.type, selected_option: element.options.find((_, at) => inputs[at]?.checked) ?? null };
    if (await commit(next)) state = next;
    else for (const input of inputs) input.checked = input.value === before;
  };
  const chosen = state.selected_option ? [state.selected_option] : [];
  return drawChoices('radio', element.options, chosen, place, context, (inputs) => {
    void changed(inputs);
  });
}
