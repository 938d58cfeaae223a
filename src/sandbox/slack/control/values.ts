import { interactive, walkBlocks } from '../blocks.ts';
import { PersonError } from '../errors.ts';
import { type Dict, dict, list, text } from '../json.ts';
import type { StateValues, Workspace } from '../types.ts';
import { holdsMany, optionsOf, setValue, valueField } from '../view-state.ts';
import { findChannel, findPerson } from '../workspace.ts';

/**
 * Lays what a script gives (`{block id, label or action id: value}`) over a view's values, in Slack's shape for each
 * element. Options are given by value or label, people by role or id, channels by name or id; lists where many fit.
 */
export function enteredValues(workspace: Workspace, blocks: Dict[], known: StateValues, given: Dict): StateValues {
  const values = structuredClone(known);
  const fields = walkBlocks(blocks).flatMap(({ block }) =>
    interactive(block)
      .filter((element) => valueField(element) !== undefined)
      .map((element) => ({ block, element, names: namesOf(block, element) })),
  );
  for (const [name, value] of Object.entries(given)) {
    const field = fields.find(({ names }) => names.includes(name));
    if (!field) {
      const there = fields.map(({ names }) => names.join(' / ')).join('; ');
      throw new PersonError('input_not_found', `There is no input "${name}". There are: ${there || 'none'}.`);
    }
    const { block, element } = field;
    setValue(values, text(block.block_id), text(element.action_id), stateOf(workspace, element, value));
  }
  return values;
}

/** The state of one element once a person has chosen or typed `value`; `null` clears it. */
export function stateOf(workspace: Workspace, element: Dict, value: unknown): Dict {
  const field = valueField(element) ?? 'value';
  const single = (entry: unknown) => entryOf(workspace, element, entry);
  if (holdsMany(element)) return { type: element.type, [field]: list(value ?? []).map(single) };
  return { type: element.type, [field]: value === null ? null : single(value) };
}

function namesOf(block: Dict, element: Dict): string[] {
  return [block.block_id, dict(block.label).text, element.action_id].map(text).filter((name) => name !== '');
}

function entryOf(workspace: Workspace, element: Dict, value: unknown): unknown {
  const type = text(element.type);
  if (type.includes('users_select')) return findPerson(workspace, String(value))?.id ?? value;
  if (/(conversations|channels)_select/.test(type)) return findChannel(workspace, String(value))?.id ?? value;
  if (type.includes('external_select')) return value;
  if (type === 'datetimepicker' || type === 'rich_text_input') return value;
  const options = optionsOf(element);
  if (options.length === 0) return String(value);
  const option = options.find((each) => each.value === value || dict(each.text).text === value);
  if (option) return option;
  const labels = options.map((each) => `"${text(dict(each.text).text)}" (${text(each.value)})`).join(', ');
  throw new PersonError('option_not_found', `There is no option "${String(value)}". There are: ${labels}.`);
}
