import type { ModalView } from '@slack/types';
import { expect } from 'vitest';
import { messageProblems, requireValidMessage, viewProblems } from '../../../src/sandbox/slack/limits/surfaces.ts';
import { LIMITS, textLength } from '../../../src/slack/blocks/limits.ts';
import type { Message, View } from '../../../src/slack/blocks/message.ts';

/** What people see of a message or view, as lines; buttons as `[label] action=value`. */
export function draw(shown: Message | View): string {
  const chrome = 'text' in shown ? [`text: ${shown.text}`] : shown.type === 'modal' ? [frame(shown)] : [];
  return [...chrome, ...shown.blocks.map((block) => `${block.type}: ${visible(block)}`)].join('\n');
}

function frame({ title, submit, close, private_metadata }: ModalView): string {
  return `${title.text} [${close?.text ?? ''}] [${submit?.text ?? ''}] ${private_metadata ?? ''}`;
}

/** The texts inside, whatever kind of block it is. */
function visible(value: unknown): string {
  if (Array.isArray(value)) return value.map(visible).join('');
  if (typeof value !== 'object' || value === null) return '';
  const node = value as Record<string, unknown>;
  switch (node.type) {
    case 'button':
      return ` [${visible(node.text)}] ${String(node.action_id)}=${String(node.value)}`;
    case 'overflow':
      return ` [⋯ ${(node.options as { text: unknown; value: unknown }[]).map(({ text, value }) => `${visible(text)}=${String(value)}`).join(', ')}] ${String(node.action_id)}`;
    case 'emoji':
      return `:${String(node.name)}:`;
    case 'user':
      return `<@${String(node.user_id)}>`;
    case 'usergroup':
      return `<!subteam^${String(node.usergroup_id)}>`;
    case 'raw_text':
      return `${String(node.text)} | `;
    case 'data_table':
      return `${String(node.caption)}${(node.rows as unknown[]).map((row) => `\n  ${visible(row)}`).join('')}`;
    case 'input':
      return `${visible(node.label)}${node.optional === true ? ' (optional)' : ''} (${visible(node.hint)})`;
    case 'plain_text':
    case 'mrkdwn':
    case 'text':
      return `${node.type === 'plain_text' ? '' : style(node.style)}${String(node.text)}`;
    case 'rich_text_section':
    case 'rich_text_preformatted':
    case 'rich_text_quote':
      return `\n  ${node.type === 'rich_text_section' ? '' : '| '}${visible(node.elements).replaceAll('\n', '\n  | ')}`;
    default:
      return [node.text, node.fields, node.elements, node.accessory]
        .map((part) =>
          Array.isArray(part) && node.type !== 'rich_text' && node.type !== 'rich_text_list'
            ? part.map(visible).join(' / ')
            : visible(part),
        )
        .join('');
  }
}

function style(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  return Object.keys(value)
    .map((name) => `(${name})`)
    .join('');
}

/** Asserts that Slack would take a message, within our margins. */
export function expectPostable({ text, blocks }: Message): void {
  expect(messageProblems(blocks, undefined)).toEqual([]);
  requireValidMessage(blocks, undefined);
  expect(text).not.toBe('');
  expect(text.length).toBeLessThanOrEqual(3_000);
  expect(blocks.length).toBeLessThanOrEqual(LIMITS.message.blocks);
  expect(textLength(blocks)).toBeLessThanOrEqual(LIMITS.message.chars);
}

/** Asserts that Slack would open a view, within our margins. */
export function expectOpenable(view: View): void {
  expect(viewProblems(view)).toEqual([]);
  expect(view.blocks.length).toBeLessThanOrEqual(LIMITS.view.blocks);
  expect(JSON.stringify(view).length).toBeLessThan(200_000);
}
