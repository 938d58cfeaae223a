import { PersonError } from '../errors.ts';
import { type Dict, dict, dicts, optionalText, text } from '../json.ts';
import { blocksOf, type Container, requireMessage, useElement, valuesOf } from '../people/action.ts';
import { closeByPerson, requireTopModal, submitModal } from '../people/submit.ts';
import type { Site } from '../site.ts';
import type { Person, StoredView } from '../types.ts';
import { holdsMany, valueField } from '../view-state.ts';
import { homeOf, topModal } from '../views.ts';
import { channelsOf, directChannel, findMessage, requireChannel } from '../workspace.ts';
import { chooseTarget, type Target, type Wanted } from './targets.ts';
import { stateOf } from './values.ts';

/** Presses what the body names in the message `ts`, or without `ts` in the person's open modal or Home tab. */
export async function click(site: Site, person: Person, body: Dict): Promise<Dict> {
  const wanted = wantedOf(body);
  const container = containerOf(site, person, body);
  if ('view' in container && wanted.label !== undefined && wanted.action_id === undefined) {
    const done = await pressFrame(site, person, container.view, wanted.label);
    if (done) return done;
  }
  // Menus of people, channels or dates have no entries to look through: the value is what is chosen.
  const free = freeChoice(site, container, body, wanted);
  const target = free?.target ?? chooseTarget(blocksOf(container), wanted);
  await useElement(site, person, container, {
    blockId: text(target.block.block_id),
    actionId: text(target.element.action_id),
    chosen: free?.chosen ?? chosenBy(site, container, person, target),
  });
  return {};
}

/** Submit and close are part of the modal's frame, not of its blocks. */
async function pressFrame(site: Site, person: Person, view: StoredView, label: string): Promise<Dict | undefined> {
  if (view.type !== 'modal') return undefined;
  if (dict(view.definition.submit).text === label) return { ...(await submitModal(site, person, view, view.values)) };
  if (dict(view.definition.close).text !== label) return undefined;
  await closeByPerson(site, person, view);
  return {};
}

function freeChoice(
  site: Site,
  container: Container,
  body: Dict,
  wanted: Wanted,
): { target: Target; chosen: Dict } | undefined {
  const given = body.option ?? body.value;
  if (wanted.action_id === undefined || given === undefined) return undefined;
  const { action_id, block_id } = wanted;
  const target = chooseFirst(blocksOf(container), { action_id, ...(block_id === undefined ? {} : { block_id }) });
  const field = target && valueField(target.element);
  if (!target || field === undefined || (target.option && !Array.isArray(given))) return undefined;
  return { target, chosen: { [field]: stateOf(site.workspace, target.element, given)[field] } };
}

function chooseFirst(blocks: Dict[], wanted: Wanted): Target | undefined {
  try {
    return chooseTarget(blocks, wanted);
  } catch (error) {
    if (error instanceof PersonError) return undefined;
    throw error;
  }
}

function chosenBy(site: Site, container: Container, person: Person, target: Target): Dict {
  const { element, option, block } = target;
  if (!option) return element.type === 'feedback_buttons' ? { value: target.value } : {};
  if (!holdsMany(element)) return { selected_option: option };
  const known = valuesOf(site, container, person)[text(block.block_id)]?.[text(element.action_id)];
  const selected = dicts(known?.selected_options);
  const without = selected.filter((each) => each.value !== option.value);
  return { selected_options: without.length < selected.length ? without : [...selected, option] };
}

function containerOf(site: Site, person: Person, body: Dict): Container {
  const { workspace } = site;
  const ts = optionalText(body.ts);
  if (ts === undefined) {
    const view = topModal(workspace, person.id) ?? homeOf(workspace, person.id);
    return { view: view ?? requireTopModal(site, person) };
  }
  const named = optionalText(body.channel);
  directChannel(workspace, person.id);
  const seen = named === undefined ? channelsOf(workspace, person.id) : [requireChannel(workspace, person, named)];
  const channel = seen.find(({ id }) => findMessage(workspace, id, ts)) ?? seen[0];
  return { message: requireMessage(site, person, channel?.id ?? '', ts) };
}

function wantedOf(body: Dict): Wanted {
  const wanted: Wanted = {};
  for (const field of ['label', 'action_id', 'block_id', 'value', 'option'] as const) {
    const given = optionalText(body[field]);
    if (given !== undefined) wanted[field] = given;
  }
  if (Object.keys(wanted).length === 0) {
    throw new PersonError('invalid_arguments', 'Say what to click: "label", "action_id", "option" or "value".');
  }
  return wanted;
}
