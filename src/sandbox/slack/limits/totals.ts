import { interactive, walkBlocks } from '../blocks.ts';
import { type Dict, dicts, isDict } from '../json.ts';
import { type Checking, report } from './schema.ts';

/** Undocumented; measured by users between 12,000 and 13,200 visible characters (slackapi/bolt-js#2509). */
export const MESSAGE_TEXT_LIMIT = 13_200;
const MARKDOWN_LIMIT = 12_000;
const TABLE_LIMIT = 10_000;
const CHARTS_LIMIT = 2;

/** Every visible character of these blocks. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + textLength(entry), 0);
  if (!isDict(value)) return 0;
  return Object.entries(value).reduce((sum, [field, content]) => {
    const shown = typeof content === 'string' && (field === 'text' || field === 'title' || field === 'caption');
    return sum + (shown ? content.length : textLength(content));
  }, 0);
}

/** What Slack counts over a whole payload: unique ids, one focus, and the characters of markdown and of tables. */
export function checkTotals(blocks: Dict[], pointer: string, checking: Checking): void {
  const blockIds = new Set<unknown>();
  let focused = 0;
  for (const { block, path } of walkBlocks(blocks, pointer)) {
    if (block.block_id !== undefined) {
      if (blockIds.has(block.block_id)) {
        report(checking, `${path}/block_id`, 'duplicate', `\`block_id\` already in use: ${String(block.block_id)}`);
      }
      blockIds.add(block.block_id);
    }
    const actionIds = new Set<unknown>();
    for (const element of interactive(block)) {
      if (element.focus_on_load === true) focused += 1;
      if (element.action_id === undefined) continue;
      if (actionIds.has(element.action_id)) {
        report(checking, path, 'duplicate', `\`action_id\` already in use: ${String(element.action_id)}`);
      }
      actionIds.add(element.action_id);
    }
  }
  if (focused > 1) report(checking, pointer, 'broken_rule', 'only one element may have focus_on_load');
  if (blocks.filter((block) => block.type === 'data_visualization').length > CHARTS_LIMIT) {
    report(checking, pointer, 'too_many_items', `no more than ${CHARTS_LIMIT} data_visualization blocks allowed`);
  }
  limit(blocks, ['markdown'], MARKDOWN_LIMIT, pointer, checking);
  limit(blocks, ['table', 'data_table'], TABLE_LIMIT, pointer, checking);
}

function limit(blocks: Dict[], types: string[], max: number, pointer: string, checking: Checking): void {
  const counted = dicts(blocks).filter((block) => types.includes(String(block.type)));
  if (textLength(counted) > max) {
    report(checking, pointer, 'too_long', `${types.join(' and ')} must be less than ${max + 1} characters together`);
  }
}
