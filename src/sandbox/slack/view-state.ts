import { interactive, walkBlocks } from './blocks.ts';
import { type Dict, dicts, isDict, list } from './json.ts';
import type { StateValues } from './types.ts';

type Kind = { field: string; initial: string; many: boolean };

const one = (field: string, initial: string): Kind => ({ field, initial, many: false });
const many = (field: string, initial: string): Kind => ({ field, initial, many: true });

/** How Slack names the value of each element that has one, and where its first value stands. */
const KINDS: Record<string, Kind> = {
  plain_text_input: one('value', 'initial_value'),
  number_input: one('value', 'initial_value'),
  email_text_input: one('value', 'initial_value'),
  url_text_input: one('value', 'initial_value'),
  rich_text_input: one('rich_text_value', 'initial_value'),
  datepicker: one('selected_date', 'initial_date'),
  timepicker: one('selected_time', 'initial_time'),
  datetimepicker: one('selected_date_time', 'initial_date_time'),
  radio_buttons: one('selected_option', 'initial_option'),
  static_select: one('selected_option', 'initial_option'),
  external_select: one('selected_option', 'initial_option'),
  users_select: one('selected_user', 'initial_user'),
  conversations_select: one('selected_conversation', 'initial_conversation'),
  channels_select: one('selected_channel', 'initial_channel'),
  checkboxes: many('selected_options', 'initial_options'),
  multi_static_select: many('selected_options', 'initial_options'),
  multi_external_select: many('selected_options', 'initial_options'),
  multi_users_select: many('selected_users', 'initial_users'),
  multi_conversations_select: many('selected_conversations', 'initial_conversations'),
  multi_channels_select: many('selected_channels', 'initial_channels'),
  file_input: many('files', ''),
};

/** The field that holds this element's value, `undefined` for buttons and overflow menus, which keep none. */
export function valueField(element: Dict): string | undefined {
  return KINDS[String(element.type)]?.field;
}

export function holdsMany(element: Dict): boolean {
  return KINDS[String(element.type)]?.many === true;
}

/** What Slack sends as state before anybody touched anything. */
export function initialValues(blocks: Dict[]): StateValues {
  const values: StateValues = {};
  for (const { block, element, kind } of stateful(blocks)) {
    const initial = element[kind.initial] ?? (kind.many ? [] : null);
    setValue(values, String(block.block_id), String(element.action_id), {
      type: element.type,
      [kind.field]: initial,
    });
  }
  return values;
}

/** Keeps what was entered for elements that are still there under the same ids and type, as Slack does on an update. */
export function carriedOver(blocks: Dict[], before: StateValues): StateValues {
  const values = initialValues(blocks);
  for (const [blockId, actions] of Object.entries(values)) {
    for (const [actionId, fresh] of Object.entries(actions)) {
      const old = before[blockId]?.[actionId];
      if (old && old.type === fresh.type) actions[actionId] = old;
    }
  }
  return values;
}

/** Lays values that came from a page over the known ones; what the blocks do not have is ignored. */
export function mergedValues(blocks: Dict[], known: StateValues, given: unknown): StateValues {
  const values = structuredClone(known);
  if (!isDict(given)) return values;
  for (const { block, element, kind } of stateful(blocks)) {
    const actions = given[String(block.block_id)];
    const entry = isDict(actions) ? actions[String(element.action_id)] : undefined;
    if (!isDict(entry) || entry[kind.field] === undefined) continue;
    setValue(values, String(block.block_id), String(element.action_id), {
      type: element.type,
      [kind.field]: entry[kind.field],
    });
  }
  return values;
}

export function setValue(values: StateValues, blockId: string, actionId: string, value: Dict): void {
  values[blockId] = { ...values[blockId], [actionId]: value };
}

/** What the client tells a person before anything is sent: block id to complaint. */
export function inputErrors(blocks: Dict[], values: StateValues): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { block, element, kind } of stateful(blocks)) {
    if (block.type !== 'input') continue;
    const blockId = String(block.block_id);
    const value = values[blockId]?.[String(element.action_id)]?.[kind.field];
    const complaint = complaintAbout(element, value, block.optional === true);
    if (complaint !== undefined) errors[blockId] = complaint;
  }
  return errors;
}

function complaintAbout(element: Dict, value: unknown, optional: boolean): string | undefined {
  const empty = value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  if (empty) return optional ? undefined : 'Please complete this required field.';
  if (Array.isArray(value) && typeof element.max_selected_items === 'number') {
    if (value.length > element.max_selected_items) return `Select at most ${element.max_selected_items}.`;
  }
  if (typeof value !== 'string') return undefined;
  const min = typeof element.min_length === 'number' ? element.min_length : 0;
  const max = typeof element.max_length === 'number' ? element.max_length : 3000;
  if (element.type === 'plain_text_input') {
    if (value.length < min) return `Enter at least ${min} characters.`;
    if (value.length > max) return `Enter at most ${max} characters.`;
  }
  if (element.type === 'email_text_input' && !/^\S+@\S+\.\S+$/.test(value)) return 'Enter a valid email address.';
  if (element.type === 'url_text_input' && !URL.canParse(value)) return 'Enter a valid URL.';
  if (element.type === 'number_input') return complaintAboutNumber(element, Number(value));
  return undefined;
}

function complaintAboutNumber(element: Dict, value: number): string | undefined {
  if (Number.isNaN(value)) return 'Enter a number.';
  if (element.is_decimal_allowed !== true && !Number.isInteger(value)) return 'Enter a whole number.';
  if (element.min_value !== undefined && value < Number(element.min_value)) return `At least ${element.min_value}.`;
  if (element.max_value !== undefined && value > Number(element.max_value)) return `At most ${element.max_value}.`;
  return undefined;
}

/** The options of a menu, a group of checkboxes or radio buttons, groups flattened. */
export function optionsOf(element: Dict): Dict[] {
  const groups = dicts(element.option_groups);
  return groups.length > 0 ? groups.flatMap((group) => dicts(group.options)) : dicts(list(element.options));
}

function stateful(blocks: Dict[]): { block: Dict; element: Dict; kind: Kind }[] {
  return walkBlocks(blocks).flatMap(({ block }) =>
    interactive(block).flatMap((element) => {
      const kind = KINDS[String(element.type)];
      return kind ? [{ block, element, kind }] : [];
    }),
  );
}
