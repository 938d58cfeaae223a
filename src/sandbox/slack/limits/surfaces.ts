import { walkBlocks } from '../blocks.ts';
import { SlackError } from '../errors.ts';
import { type Dict, dicts, isDict } from '../json.ts';
import { BLOCK } from './blocks.ts';
import { plainText } from './compositions.ts';
import { all, array, boolean, type Check, type Checking, object, oneOf, type Problem, rule, string } from './schema.ts';
import { checkTotals, MESSAGE_TEXT_LIMIT, textLength } from './totals.ts';

const COMMON = { private_metadata: string(3000, 0), callback_id: string(255, 0), external_id: string(255, 0) };

const MODAL = all(
  object(
    { type: oneOf('modal'), title: plainText(24), blocks: array(BLOCK, 100, 0) },
    {
      ...COMMON,
      submit: plainText(24),
      close: plainText(24),
      clear_on_close: boolean,
      notify_on_close: boolean,
      submit_disabled: boolean,
    },
  ),
  rule((view) =>
    view.submit === undefined && walkBlocks(dicts(view.blocks)).some(({ block }) => block.type === 'input')
      ? 'missing required field: submit'
      : undefined,
  ),
);

const HOME = object({ type: oneOf('home'), blocks: array(BLOCK, 100, 0) }, COMMON);

const MESSAGE_BLOCKS = array(BLOCK, 50, 0);

/** What is wrong with the blocks of a message, its attachments included. */
export function messageProblems(blocks: unknown, attachments: unknown): Problem[] {
  const checking: Checking = { surface: 'message', problems: [] };
  if (blocks !== undefined) MESSAGE_BLOCKS(blocks, '/blocks', checking);
  checkTotals(dicts(blocks), '/blocks', checking);
  if (attachments !== undefined) array(attachment, 100, 0)(attachments, '/attachments', checking);
  return checking.problems;
}

/** What is wrong with a view as an app gives it. */
export function viewProblems(view: unknown): Problem[] {
  const surface = isDict(view) && view.type === 'home' ? 'home' : 'modal';
  const checking: Checking = { surface, problems: [] };
  (surface === 'home' ? HOME : MODAL)(view, '/view', checking);
  if (isDict(view)) checkTotals(dicts(view.blocks), '/view/blocks', checking);
  return checking.problems;
}

/** Throws `invalid_blocks` or `msg_blocks_too_long` as `chat.postMessage` answers them. */
export function requireValidMessage(blocks: unknown, attachments: unknown, countText = true): void {
  const problems = messageProblems(blocks, attachments);
  if (problems.length > 0) throw new SlackError('invalid_blocks', inWords(problems));
  if (dicts(blocks).filter((block) => block.type === 'table').length > 1)
    throw new SlackError('only_one_table_allowed');
  const total = textLength(blocks) + dicts(attachments).reduce((sum, each) => sum + textLength(each.blocks), 0);
  if (countText && total > MESSAGE_TEXT_LIMIT) throw new SlackError('msg_blocks_too_long');
}

/** Throws `view_too_large` (250 KB) or `invalid_arguments` as `views.open` answers them. */
export function requireValidView(view: unknown): Dict {
  if (JSON.stringify(view ?? null).length > 250_000) throw new SlackError('view_too_large');
  const problems = viewProblems(view);
  if (problems.length > 0 || !isDict(view)) throw new SlackError('invalid_arguments', inWords(problems));
  return view;
}

function inWords(problems: Problem[]): Dict {
  const errors = problems.map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`);
  return { errors, response_metadata: { messages: errors.map((error) => `[ERROR] ${error}`) } };
}

const attachment: Check = (value, pointer, checking) => {
  if (!isDict(value)) return object({})(value, pointer, checking);
  if (value.blocks === undefined) return;
  MESSAGE_BLOCKS(value.blocks, `${pointer}/blocks`, checking);
  checkTotals(dicts(value.blocks), `${pointer}/blocks`, checking);
};
