import type {
  ActionsBlock,
  Button,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  InputBlock,
  Overflow,
  PlainTextElement,
  RichTextBlock,
  RichTextBlockElement,
  RichTextElement,
  RichTextPreformatted,
  RichTextSection,
  RichTextText,
  SectionBlock,
  TextObject,
} from '@slack/types';
import { REASON } from './ids.ts';
import { cut, cutLines, LIMITS } from './limits.ts';
import { mrkdwn, oneLine, plain, visible } from './text.ts';

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(cut(text, LIMITS.header)) };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

export function section(text: TextObject | string, accessory?: Button | Overflow): SectionBlock {
  return { type: 'section', text: textObject(text), ...(accessory === undefined ? {} : { accessory }) };
}

export function fields(...texts: (TextObject | string)[]): SectionBlock {
  return { type: 'section', fields: texts.map(textObject) };
}

/** Small and grey. At most ten elements. */
export function context(...texts: (TextObject | string)[]): ContextBlock {
  return { type: 'context', elements: texts.map(textObject) };
}

function textObject(text: TextObject | string): TextObject {
  const object = typeof text === 'string' ? mrkdwn(text) : text;
  return { ...object, text: cut(object.text, LIMITS.text) };
}

export function actions(...elements: (Button | Overflow)[]): ActionsBlock {
  return { type: 'actions', elements };
}

export function button(text: string, actionId: string, value: string, style?: 'primary' | 'danger'): Button {
  const label = { type: 'plain_text', text: cut(text, LIMITS.button) } as const;
  return { type: 'button', text: label, action_id: actionId, value, ...(style === undefined ? {} : { style }) };
}

/** The three dots with up to five entries. */
export function menu(actionId: string, entries: readonly { label: string; value: string }[]): Overflow {
  const options = entries.map(({ label, value }) => ({ text: plain(cut(label, LIMITS.button)), value }));
  return { type: 'overflow', action_id: actionId, options };
}

/** A field of several lines for the reason of a decision. */
export function reasonInput({ required, hint }: { required: boolean; hint: string }): InputBlock {
  return {
    type: 'input',
    block_id: REASON,
    label: plain('Reason'),
    optional: !required,
    hint: plain(hint),
    element: {
      type: 'plain_text_input',
      action_id: REASON,
      multiline: true,
      max_length: 500,
      ...(required ? { min_length: 3 } : {}),
    },
  };
}

/** Title or button of a modal: 24 characters at most. */
export function plainTitle(text: string): PlainTextElement {
  return { type: 'plain_text', text: cut(text, 24) };
}

export function rich(...elements: RichTextBlockElement[]): RichTextBlock {
  return { type: 'rich_text', elements };
}

export function paragraph(...elements: (RichTextElement | string)[]): RichTextSection {
  return {
    type: 'rich_text_section',
    elements: elements.map((each) => (typeof each === 'string' ? text(each) : each)),
  };
}

export function text(content: string, style?: RichTextText['style']): RichTextText {
  return { type: 'text', text: content === '' ? ' ' : content, ...(style === undefined ? {} : { style }) };
}

/** Rich text draws an emoji only by its name; in all other texts the character itself does. */
const NAMES: { readonly [character: string]: string } = {
  '🔴': 'red_circle',
  '🟠': 'large_orange_circle',
  '🟡': 'large_yellow_circle',
  '🔵': 'large_blue_circle',
  '⚪': 'white_circle',
  '✅': 'white_check_mark',
  '❌': 'x',
  '⚠️': 'warning',
  '⏳': 'hourglass_flowing_sand',
  '⌛': 'hourglass',
  '💡': 'bulb',
  '🚫': 'no_entry_sign',
  '🔄': 'arrows_counterclockwise',
  '↩️': 'leftwards_arrow_with_hook',
  '➡️': 'arrow_right',
  '🔒': 'lock',
};

/** One of our emoji in rich text. */
export function emoji(character: string): RichTextElement {
  const name = NAMES[character];
  return name === undefined ? text(character) : { type: 'emoji', name };
}

export function bold(content: string): RichTextText {
  return text(content, { bold: true });
}

export function code(content: string): RichTextText {
  return text(content, { code: true });
}

/** Someone named in the configuration or by Slack: a user id, a group id, or a handle. */
export function person(entry: string): RichTextElement {
  if (/^[UW][A-Z0-9]+$/.test(entry)) return { type: 'user', user_id: entry };
  if (/^S[A-Z0-9]+$/.test(entry)) return { type: 'usergroup', usergroup_id: entry };
  return text(oneLine(entry, 80));
}

/** `a, b and c` of people. */
export function people(entries: readonly string[]): RichTextElement[] {
  return entries.flatMap((entry, at) => {
    const between = at === 0 ? [] : [text(at === entries.length - 1 ? ' and ' : ', ')];
    return [...between, person(entry)];
  });
}

/** Lines as they are, in a fixed width; what does not fit is counted. */
export function preformatted(
  lines: readonly string[],
  { most = 40, chars = LIMITS.preformatted }: { most?: number; chars?: number } = {},
): RichTextPreformatted {
  const content = cutLines(lines.map(visible), { most, chars }).join('\n');
  return { type: 'rich_text_preformatted', elements: [text(content)], border: 0 };
}
