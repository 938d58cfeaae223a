import { allBlocks, findElement } from '../blocks.ts';
import { deliverInteraction } from '../delivery/deliver.ts';
import { PersonError } from '../errors.ts';
import { type Dict, dicts } from '../json.ts';
import { createResponseUrl } from '../response-url.ts';
import type { Site } from '../site.ts';
import { createTrigger } from '../triggers.ts';
import type { Message, Person, StateValues, StoredView } from '../types.ts';
import { initialValues, mergedValues, setValue, valueField } from '../view-state.ts';
import { viewObject } from '../views.ts';
import { messageObject } from '../web-api/chat.ts';
import { changed, findMessage, isVisibleTo, nextTs } from '../workspace.ts';
import { interactionBase, nameForApp, unanswered } from './payload.ts';

export type Container = { message: Message } | { view: StoredView };

/** Which element was used, and what was chosen with it (`selected_option` and the like; a button needs nothing). */
export type Use = { blockId: string; actionId: string; chosen: Dict; state?: unknown };

/** The message as this person sees it, or an error that they do not see it. */
export function requireMessage(site: Site, person: Person, channelId: string, ts: string): Message {
  const message = findMessage(site.workspace, channelId, ts);
  if (message && isVisibleTo(message, person.id)) return message;
  throw new PersonError('message_not_found', `${person.real_name} sees no message ${ts} in ${channelId}.`);
}

/** A person presses a button or chooses from a menu; resolves once the app has acknowledged. */
export async function useElement(site: Site, person: Person, container: Container, use: Use): Promise<void> {
  const blocks = blocksOf(container);
  const found = findElement(blocks, use.blockId, use.actionId);
  if (!found) {
    throw new PersonError('action_not_found', `There is no element ${use.actionId} in block ${use.blockId}.`);
  }
  const { block, element } = found;
  const values = mergedValues(blocks, valuesOf(site, container, person), use.state);
  const field = valueField(element);
  if (field !== undefined && use.chosen[field] !== undefined) {
    setValue(values, use.blockId, use.actionId, { type: element.type, [field]: use.chosen[field] });
  }
  keepValues(site, container, person, values);
  // An input tells the app of a change only where it was asked to; a plain section or actions block always does.
  if (block.type === 'input' && block.dispatch_action !== true) return;
  const outcome = await deliverInteraction(site, {
    kind: 'interactive',
    payload: {
      type: 'block_actions',
      ...interactionBase(site, person),
      trigger_id: createTrigger(site.workspace, person.id),
      ...placeOf(site, person, container, values),
      actions: [actionOf(site, use, element)],
    },
  });
  if (!outcome.acked) throw unanswered(site, outcome);
}

function actionOf(site: Site, use: Use, element: Dict): Dict {
  const button = typeof element.value === 'string' ? { value: element.value } : {};
  const { text, style, placeholder, type } = element;
  return {
    ...Object.fromEntries(Object.entries({ text, style, placeholder }).filter(([, value]) => value !== undefined)),
    ...use.chosen,
    ...button,
    type,
    block_id: use.blockId,
    action_id: use.actionId,
    action_ts: nextTs(site.workspace),
  };
}

function placeOf(site: Site, person: Person, container: Container, values: StateValues): Dict {
  const { workspace } = site;
  if ('view' in container) {
    const { view } = container;
    return { container: { type: 'view', view_id: view.id }, view: viewObject(workspace, view) };
  }
  const { message } = container;
  const channel = workspace.channels.find(({ id }) => id === message.channel);
  const ephemeral = message.ephemeral_to !== undefined;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: ephemeral,
      ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
    },
    channel: { id: message.channel, name: channel ? nameForApp(channel) : '' },
    // Slack keeps no ephemeral message and so cannot send it back.
    ...(ephemeral ? {} : { message: messageObject(workspace, message, false) }),
    state: { values },
    response_url: site.url + createResponseUrl(workspace, person.id, message.channel, message.ts),
  };
}

export function blocksOf(container: Container): Dict[] {
  return 'view' in container ? dicts(container.view.definition.blocks) : allBlocks(container.message);
}

/** What this person has entered so far. */
export function valuesOf(site: Site, container: Container, person: Person): StateValues {
  if ('view' in container) return container.view.values;
  return (
    site.workspace.messageState.get(stateKey(container.message, person)) ?? initialValues(allBlocks(container.message))
  );
}

function keepValues(site: Site, container: Container, person: Person, values: StateValues): void {
  if ('view' in container) container.view.values = values;
  else site.workspace.messageState.set(stateKey(container.message, person), values);
  changed(site.workspace);
}

function stateKey(message: Message, person: Person): string {
  return `${message.channel} ${message.ts} ${person.id}`;
}
