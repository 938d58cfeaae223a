import { interactive, walkBlocks } from '../blocks.ts';
import { PersonError } from '../errors.ts';
import { type Dict, dict, isDict, text } from '../json.ts';
import { optionsOf } from '../view-state.ts';

/** One thing that can be clicked: a button, or an entry of a menu, with the label a person reads. */
export type Target = { block: Dict; element: Dict; label: string; value: string; option?: Dict };

export type Wanted = { label?: string; action_id?: string; block_id?: string; value?: string; option?: string };

/** Everything clickable in these blocks, top to bottom. */
export function targetsIn(blocks: Dict[]): Target[] {
  return walkBlocks(blocks).flatMap(({ block }) =>
    interactive(block).flatMap((element) => targetsOf(element).map((target) => ({ ...target, block }))),
  );
}

/** The one target that fits everything wanted; an error names the labels there are. */
export function chooseTarget(blocks: Dict[], wanted: Wanted): Target {
  const targets = targetsIn(blocks);
  const fitting = targets.filter(
    ({ block, element, label, value }) =>
      (wanted.action_id === undefined || element.action_id === wanted.action_id) &&
      (wanted.block_id === undefined || block.block_id === wanted.block_id) &&
      (wanted.label === undefined || label === wanted.label) &&
      (wanted.value === undefined || value === wanted.value) &&
      (wanted.option === undefined || label === wanted.option || value === wanted.option),
  );
  const [target] = fitting;
  if (!target) {
    const labels = targets.map(({ label, element }) => `"${label}" (${text(element.action_id)})`);
    const there = labels.length > 0 ? `There are: ${labels.join(', ')}.` : 'There is nothing to click.';
    throw new PersonError('action_not_found', `Nothing fits ${JSON.stringify(wanted)}. ${there}`);
  }
  if (fitting.length > 1) {
    const choices = fitting.map(({ block, element, value, label }) =>
      JSON.stringify({ label, action_id: element.action_id, block_id: block.block_id, value }),
    );
    throw new PersonError('ambiguous', `Several fit ${JSON.stringify(wanted)}: ${choices.join(', ')}.`);
  }
  return target;
}

function targetsOf(element: Dict): Omit<Target, 'block'>[] {
  const options = optionsOf(element);
  if (options.length > 0) {
    return options.map((option) => ({ element, label: labelOf(option), value: text(option.value), option }));
  }
  if (element.type === 'feedback_buttons') {
    return [element.positive_button, element.negative_button]
      .filter(isDict)
      .map((button) => ({ element, label: labelOf(button), value: text(button.value) }));
  }
  return [{ element, label: labelOf(element), value: text(element.value) }];
}

function labelOf(thing: Dict): string {
  return text(dict(thing.text ?? thing.placeholder).text);
}
