import {
  anyText,
  CHOICE_OPTION,
  CONFIRM,
  CONVERSATION_FILTER,
  DISPATCH,
  ID,
  IMAGE_ELEMENT,
  OPTION_GROUP,
  OPTIONS_AGREE,
  OVERFLOW_OPTION,
  plainText,
  SELECT_OPTION,
} from './compositions.ts';
import { RICH_TEXT } from './rich-text.ts';
import { all, array, boolean, byType, type Check, integer, object, oneOf, rule, string } from './schema.ts';

const ACTION = { action_id: ID };
const CONFIRMABLE = { ...ACTION, confirm: CONFIRM };
const FOCUS = { focus_on_load: boolean };
const PICKER = { ...CONFIRMABLE, ...FOCUS, placeholder: plainText(150) };
const TYPED = { ...ACTION, ...FOCUS, dispatch_action_config: DISPATCH, placeholder: plainText(150) };
const MANY = { max_selected_items: integer(1, 100) };
const STYLE = oneOf('primary', 'danger');
const QUERY = { min_query_length: integer(0, 100) };
const CONVERSATION = { default_to_current_conversation: boolean, filter: CONVERSATION_FILTER };
const RESPONSE_URL = { response_url_enabled: boolean };

const element = (type: string, required: Record<string, Check>, optional: Record<string, Check>, ...rules: Check[]) =>
  all(object({ type: oneOf(type), ...required }, optional), ...rules);

const choice = (type: string, initial: Record<string, Check>) =>
  element(type, { options: array(CHOICE_OPTION, 10) }, { ...CONFIRMABLE, ...FOCUS, ...initial }, OPTIONS_AGREE);

const OPTIONS_OR_GROUPS = rule((select) =>
  (select.options === undefined) === (select.option_groups === undefined)
    ? 'must have either options or option_groups'
    : undefined,
);
const OPTIONS = { options: array(SELECT_OPTION, 100), option_groups: array(OPTION_GROUP, 100) };

const feedback = object({ text: plainText(75), value: string(2000) }, { accessibility_label: string(75) });

const minToMax = (min: string, max: string) =>
  rule((input) =>
    input[min] !== undefined && input[max] !== undefined && Number(input[min]) > Number(input[max])
      ? `${min} must not be greater than ${max}`
      : undefined,
  );

const ELEMENTS: Record<string, Check> = {
  button: element(
    'button',
    { text: plainText(75) },
    { ...CONFIRMABLE, value: string(2000, 0), url: string(3000), style: STYLE, accessibility_label: string(75) },
  ),
  workflow_button: element(
    'workflow_button',
    {
      text: plainText(75),
      workflow: object({ trigger: object({ url: string(3000) }, anyField('customizable_input_parameters')) }),
    },
    { ...CONFIRMABLE, style: STYLE, accessibility_label: string(75) },
  ),
  feedback_buttons: element('feedback_buttons', { positive_button: feedback, negative_button: feedback }, ACTION),
  icon_button: element(
    'icon_button',
    { icon: oneOf('trash'), text: plainText(75) },
    { ...CONFIRMABLE, value: string(2000), accessibility_label: string(75), visible_to_user_ids: array(ID, 1000) },
  ),
  overflow: element('overflow', { options: array(OVERFLOW_OPTION, 5) }, CONFIRMABLE, OPTIONS_AGREE),
  checkboxes: choice('checkboxes', { initial_options: array(CHOICE_OPTION, 10) }),
  radio_buttons: choice('radio_buttons', { initial_option: CHOICE_OPTION }),
  datepicker: element('datepicker', {}, { ...PICKER, initial_date: string(10, 10, /^\d{4}-\d\d-\d\d$/) }),
  timepicker: element(
    'timepicker',
    {},
    { ...PICKER, initial_time: string(5, 5, /^([01]\d|2[0-3]):[0-5]\d$/), timezone: string(100) },
  ),
  datetimepicker: element(
    'datetimepicker',
    {},
    { ...CONFIRMABLE, ...FOCUS, initial_date_time: integer(1_000_000_000, 9_999_999_999) },
  ),
  static_select: element(
    'static_select',
    {},
    { ...PICKER, ...OPTIONS, initial_option: SELECT_OPTION },
    OPTIONS_OR_GROUPS,
    OPTIONS_AGREE,
  ),
  multi_static_select: element(
    'multi_static_select',
    {},
    { ...PICKER, ...OPTIONS, ...MANY, initial_options: array(SELECT_OPTION, 100) },
    OPTIONS_OR_GROUPS,
    OPTIONS_AGREE,
  ),
  external_select: element('external_select', {}, { ...PICKER, ...QUERY, initial_option: SELECT_OPTION }),
  multi_external_select: element(
    'multi_external_select',
    {},
    { ...PICKER, ...QUERY, ...MANY, initial_options: array(SELECT_OPTION, 100) },
  ),
  users_select: element('users_select', {}, { ...PICKER, initial_user: ID }),
  multi_users_select: element('multi_users_select', {}, { ...PICKER, ...MANY, initial_users: array(ID, 100) }),
  conversations_select: element(
    'conversations_select',
    {},
    { ...PICKER, ...CONVERSATION, ...RESPONSE_URL, initial_conversation: ID },
  ),
  multi_conversations_select: element(
    'multi_conversations_select',
    {},
    { ...PICKER, ...CONVERSATION, ...MANY, initial_conversations: array(ID, 100) },
  ),
  channels_select: element('channels_select', {}, { ...PICKER, ...RESPONSE_URL, initial_channel: ID }),
  multi_channels_select: element('multi_channels_select', {}, { ...PICKER, ...MANY, initial_channels: array(ID, 100) }),
  plain_text_input: element(
    'plain_text_input',
    {},
    {
      ...TYPED,
      initial_value: string(3000, 0),
      multiline: boolean,
      min_length: integer(0, 3000),
      max_length: integer(1, 3000),
    },
    minToMax('min_length', 'max_length'),
  ),
  number_input: element(
    'number_input',
    { is_decimal_allowed: boolean },
    { ...TYPED, initial_value: string(100), min_value: string(100), max_value: string(100) },
    minToMax('min_value', 'max_value'),
  ),
  email_text_input: element('email_text_input', {}, { ...TYPED, initial_value: string(3000) }),
  url_text_input: element('url_text_input', {}, { ...TYPED, initial_value: string(3000) }),
  rich_text_input: element(
    'rich_text_input',
    {},
    { ...TYPED, initial_value: RICH_TEXT, min_lines: integer(1, 100), max_lines: integer(1, 100) },
  ),
  file_input: element('file_input', {}, { ...ACTION, filetypes: array(string(50), 100), max_files: integer(1, 10) }),
  image: IMAGE_ELEMENT,
};

const CONTEXT: Record<string, Check> = {
  image: IMAGE_ELEMENT,
  plain_text: anyText(3000),
  mrkdwn: anyText(3000),
};

const SELECTS = ['static', 'external', 'users', 'conversations', 'channels'].flatMap((source) => [
  `${source}_select`,
  `multi_${source}_select`,
]);
const CHOICES = ['checkboxes', 'radio_buttons', 'datepicker', 'timepicker', ...SELECTS];
const TEXT_INPUTS = ['plain_text_input', 'number_input', 'email_text_input', 'url_text_input', 'rich_text_input'];

const elements = (allowed: readonly string[]) => byType(() => ELEMENTS, allowed);

export const ACTIONS_ELEMENT = elements([
  'button',
  'workflow_button',
  'overflow',
  'datetimepicker',
  'rich_text_input',
  ...CHOICES,
]);
export const ACCESSORY = elements(['button', 'workflow_button', 'overflow', 'image', ...CHOICES]);
export const INPUT_ELEMENT = elements([...CHOICES, 'datetimepicker', 'file_input', ...TEXT_INPUTS]);
export const CONTEXT_ELEMENT = byType(() => CONTEXT);
export const CONTEXT_ACTION = elements(['feedback_buttons', 'icon_button']);
export const BUTTON = elements(['button']);

function anyField(name: string): Record<string, Check> {
  return { [name]: () => undefined };
}
