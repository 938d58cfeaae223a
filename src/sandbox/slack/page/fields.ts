import type {
  Datepicker,
  DateTimepicker,
  EmailInput,
  NumberInput,
  PlainTextInput,
  RichTextBlock,
  RichTextInput,
  Timepicker,
  URLInput,
} from '@slack/types';
import type { DrawContext } from './context.ts';
import { h } from './dom.ts';
import type { Commit, Place } from './elements.ts';
import type { ElementState } from './types.ts';

export type Field =
  | PlainTextInput
  | RichTextInput
  | EmailInput
  | URLInput
  | NumberInput
  | Datepicker
  | Timepicker
  | DateTimepicker;

/** Draws a field that holds text, a number, a date or a time. */
export function drawInputField(field: Field, place: Place, context: DrawContext, commit: Commit): HTMLElement {
  const actionId = field.action_id ?? '';
  const state = context.values.start(place.blockId, actionId, stateOf(field, initialText(field)));
  const input = drawControl(field);
  input.value = textOf(field, state);
  input.dataset.action = `${place.blockId} ${actionId}`;
  if ('placeholder' in field && field.placeholder !== undefined)
    input.setAttribute('placeholder', field.placeholder.text);
  if (place.labelledBy !== undefined) input.setAttribute('aria-labelledby', place.labelledBy);
  if (field.focus_on_load === true) input.setAttribute('autofocus', '');
  const keep = () => context.values.set(place.blockId, actionId, stateOf(field, input.value));
  const tell = () => void commit(stateOf(field, input.value));
  if (isPicker(field)) input.addEventListener('change', tell);
  else {
    const triggers = ('dispatch_action_config' in field
      ? field.dispatch_action_config?.trigger_actions_on
      : undefined) ?? ['on_enter_pressed'];
    input.addEventListener('input', triggers.includes('on_character_entered') ? tell : keep);
    input.addEventListener('keydown', (event) => {
      if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      if (!place.dispatch || !triggers.includes('on_enter_pressed') || input instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      tell();
    });
  }
  return input;
}

type Picker = Datepicker | Timepicker | DateTimepicker;

function isPicker(field: Field): field is Picker {
  return field.type === 'datepicker' || field.type === 'timepicker' || field.type === 'datetimepicker';
}

function drawControl(field: Field): HTMLInputElement | HTMLTextAreaElement {
  switch (field.type) {
    case 'plain_text_input': {
      const lengths = { maxlength: field.max_length, minlength: field.min_length };
      return field.multiline === true
        ? h('textarea', { class: 'field', rows: 4, ...lengths })
        : h('input', { class: 'field', type: 'text', ...lengths });
    }
    case 'rich_text_input':
      return h('textarea', { class: 'field', rows: field.min_lines ?? 4 });
    case 'number_input': {
      const step = field.is_decimal_allowed ? 'any' : '1';
      return h('input', { class: 'field', type: 'number', step, min: field.min_value, max: field.max_value });
    }
    case 'email_text_input':
      return h('input', { class: 'field', type: 'email' });
    case 'url_text_input':
      return h('input', { class: 'field', type: 'url' });
    case 'datepicker':
      return h('input', { class: 'field picker', type: 'date' });
    case 'timepicker':
      return h('input', { class: 'field picker', type: 'time' });
    case 'datetimepicker':
      return h('input', { class: 'field picker', type: 'datetime-local' });
  }
}

function initialText(field: Field): string {
  switch (field.type) {
    case 'datepicker':
      return field.initial_date ?? '';
    case 'timepicker':
      return field.initial_time ?? '';
    case 'datetimepicker':
      return field.initial_date_time === undefined ? '' : localDateTime(field.initial_date_time);
    case 'rich_text_input':
      return field.initial_value === undefined ? '' : plainTextOf(field.initial_value);
    default:
      return field.initial_value ?? '';
  }
}

/** What the control holds, in the words of Slack's state. An empty field is `null`. */
function stateOf(field: Field, text: string): ElementState {
  const value = text === '' ? null : text;
  switch (field.type) {
    case 'datepicker':
      return { type: field.type, selected_date: value };
    case 'timepicker':
      return { type: field.type, selected_time: value };
    case 'datetimepicker':
      return { type: field.type, selected_date_time: value === null ? null : new Date(value).getTime() / 1000 };
    case 'rich_text_input':
      return { type: field.type, rich_text_value: value === null ? null : richTextOf(value) };
    default:
      return { type: field.type, value };
  }
}

function textOf(field: Field, state: ElementState): string {
  switch (field.type) {
    case 'datepicker':
      return state.selected_date ?? '';
    case 'timepicker':
      return state.selected_time ?? '';
    case 'datetimepicker':
      return typeof state.selected_date_time === 'number' ? localDateTime(state.selected_date_time) : '';
    case 'rich_text_input':
      return state.rich_text_value ? plainTextOf(state.rich_text_value) : '';
    default:
      return state.value ?? '';
  }
}

/** `2026-11-20T09:30`, in the reader's time zone, as a `datetime-local` control wants it. */
function localDateTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function richTextOf(text: string): RichTextBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };
}

function plainTextOf(block: RichTextBlock): string {
  return block.elements
    .flatMap((element) => (element.type === 'rich_text_list' ? element.elements : [element]))
    .map((section) => section.elements.map((part) => ('text' in part ? (part.text ?? '') : '')).join(''))
    .join('\n');
}
