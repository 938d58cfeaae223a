import type { MultiSelect, Select } from '@slack/types';
import type { DrawContext } from './context.ts';
import { type Child, h } from './dom.ts';
import type { Commit, DrawableElement, Place } from './elements.ts';
import { type MenuEntry, openMenu } from './menu.ts';
import { drawLabel, drawPlain } from './text.ts';
import type { ElementState, PlainTextOption } from './types.ts';

/** One thing to choose; `key` is the option's value, or the id of a person or conversation. */
interface Choice {
  key: string;
  label: Child[];
  words: string;
  description?: Child[];
  option?: PlainTextOption;
}

interface ChoiceGroup {
  label?: Child[];
  choices: Choice[];
}

export function isSelect(element: DrawableElement): element is Select | MultiSelect {
  return element.type.endsWith('_select');
}

/** Draws any of Slack's ten menus: a control that shows the choice and opens the list. */
export function drawSelect(
  element: Select | MultiSelect,
  place: Place,
  context: DrawContext,
  commit: Commit,
): HTMLElement {
  const multiple = element.type.startsWith('multi_');
  const groups = choicesOf(element, context);
  let chosen = keysOf(context.values.start(place.blockId, element.action_id ?? '', initialState(element, context)));
  const words = h('span', { class: 'select-value' });
  const control = h(
    'button',
    {
      type: 'button',
      class: multiple ? 'select multi' : 'select',
      'aria-haspopup': 'listbox',
      'aria-expanded': 'false',
      'data-action': `${place.blockId} ${element.action_id ?? ''}`,
    },
    words,
    h('span', { class: 'select-arrow', 'aria-hidden': 'true' }),
  );
  const show = () => {
    const picked = groups.flatMap((group) => group.choices).filter((choice) => chosen.includes(choice.key));
    const placeholder = element.placeholder?.text ?? (multiple ? 'Select options' : 'Select an option');
    words.classList.toggle('select-empty', picked.length === 0);
    words.replaceChildren();
    if (picked.length === 0) words.append(placeholder);
    for (const choice of picked) words.append(h('span', multiple ? { class: 'chip' } : {}, ...copies(choice.label)));
    const names = picked.map((choice) => choice.words).join(', ');
    control.setAttribute(
      'aria-label',
      `${element.placeholder?.text ?? 'Select'}: ${names === '' ? 'nothing chosen' : names}`,
    );
  };
  const settle = async (keys: string[]) => {
    const before = chosen;
    chosen = keys;
    show();
    if (await commit(stateFor(element, keys, groups))) return;
    chosen = before;
    show();
  };
  control.addEventListener('click', () => {
    let picked = chosen;
    const entry = (choice: Choice): MenuEntry => ({
      label: copies(choice.label),
      words: choice.words,
      ...(choice.description ? { description: copies(choice.description) } : {}),
      selected: chosen.includes(choice.key),
      pick: () => {
        if (!multiple) return void settle([choice.key]);
        picked = picked.includes(choice.key) ? picked.filter((key) => key !== choice.key) : [...picked, choice.key];
      },
    });
    const clear: MenuEntry = { label: ['Clear'], words: 'Clear', pick: () => void settle([]) };
    const clearable = !multiple && place.optional === true && chosen.length > 0;
    const nothing: MenuEntry = { label: ['Nothing to choose from'], words: '', disabled: true, pick: () => undefined };
    const lists = groups.map((group) => ({
      ...(group.label ? { label: copies(group.label) } : {}),
      entries: group.choices.map(entry),
    }));
    const empty = groups.every((group) => group.choices.length === 0);
    openMenu(control, {
      label: element.placeholder?.text ?? 'Options',
      kind: multiple ? 'multiple' : 'listbox',
      groups: [...(clearable ? [{ entries: [clear] }] : []), ...(empty ? [{ entries: [nothing] }] : lists)],
      // As in Slack, several choices are told together, when the list closes.
      closed: () => {
        if (multiple && picked !== chosen) void settle(picked);
      },
    });
  });
  show();
  return control;
}

const copies = (children: readonly Child[]): Child[] =>
  children.map((child) => (child instanceof Node ? child.cloneNode(true) : child));

function choicesOf(element: Select | MultiSelect, context: DrawContext): ChoiceGroup[] {
  switch (element.type) {
    case 'static_select':
    case 'multi_static_select': {
      if (element.options !== undefined) return [{ choices: element.options.map(choiceOf) }];
      return (element.option_groups ?? []).map((group) => ({
        label: drawLabel(group.label),
        choices: group.options.map(choiceOf),
      }));
    }
    case 'external_select':
      return [{ choices: element.initial_option ? [choiceOf(element.initial_option)] : [] }];
    case 'multi_external_select':
      return [{ choices: (element.initial_options ?? []).map(choiceOf) }];
    case 'users_select':
    case 'multi_users_select':
      return [{ choices: context.people.map((person) => named(person.id, person.real_name)) }];
    case 'channels_select':
    case 'multi_channels_select':
      return [
        {
          choices: context.channels
            .filter(({ kind }) => kind === 'channel')
            .map(({ id, name }) => named(id, `#${name}`)),
        },
      ];
    case 'conversations_select':
    case 'multi_conversations_select':
      return [
        { choices: context.channels.map(({ id, name, kind }) => named(id, kind === 'channel' ? `#${name}` : name)) },
      ];
  }
}

const named = (key: string, name: string): Choice => ({ key, label: [name], words: name });

function choiceOf(option: PlainTextOption): Choice {
  const description = option.description && { description: drawPlain(option.description.text) };
  return { key: option.value ?? '', label: drawLabel(option.text), words: option.text.text, option, ...description };
}

function initialState(element: Select | MultiSelect, context: DrawContext): ElementState {
  const { type } = element;
  switch (type) {
    case 'static_select':
    case 'external_select':
      return { type, selected_option: element.initial_option ?? null };
    case 'multi_static_select':
    case 'multi_external_select':
      return { type, selected_options: element.initial_options ?? [] };
    case 'users_select':
      return { type, selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { type, selected_users: element.initial_users ?? [] };
    case 'channels_select':
      return { type, selected_channel: element.initial_channel ?? null };
    case 'multi_channels_select':
      return { type, selected_channels: element.initial_channels ?? [] };
    case 'conversations_select': {
      const current = element.default_to_current_conversation === true ? context.channel : null;
      return { type, selected_conversation: element.initial_conversation ?? current };
    }
    case 'multi_conversations_select':
      return { type, selected_conversations: element.initial_conversations ?? [] };
  }
}

function stateFor(element: Select | MultiSelect, keys: string[], groups: readonly ChoiceGroup[]): ElementState {
  const { type } = element;
  const options = groups
    .flatMap((group) => group.choices)
    .filter((choice) => keys.includes(choice.key))
    .flatMap((choice) => choice.option ?? []);
  const first = keys[0] ?? null;
  switch (type) {
    case 'static_select':
    case 'external_select':
      return { type, selected_option: options[0] ?? null };
    case 'multi_static_select':
    case 'multi_external_select':
      return { type, selected_options: options };
    case 'users_select':
      return { type, selected_user: first };
    case 'multi_users_select':
      return { type, selected_users: keys };
    case 'channels_select':
      return { type, selected_channel: first };
    case 'multi_channels_select':
      return { type, selected_channels: keys };
    case 'conversations_select':
      return { type, selected_conversation: first };
    case 'multi_conversations_select':
      return { type, selected_conversations: keys };
  }
}

function keysOf(state: ElementState): string[] {
  const one =
    state.selected_option?.value ?? state.selected_user ?? state.selected_channel ?? state.selected_conversation;
  const many =
    state.selected_options?.map((option) => option.value ?? '') ??
    state.selected_users ??
    state.selected_channels ??
    state.selected_conversations;
  return many ?? (typeof one === 'string' ? [one] : []);
}
