import { interactive, walkBlocks } from '../blocks.ts';
import { deliverInteraction } from '../delivery/deliver.ts';
import type { Outcome } from '../delivery/types.ts';
import { PersonError, SlackError } from '../errors.ts';
import { type Dict, dicts, isDict, optionalText, text } from '../json.ts';
import { requireValidView } from '../limits/surfaces.ts';
import { createResponseUrl } from '../response-url.ts';
import type { Site } from '../site.ts';
import { createTrigger } from '../triggers.ts';
import type { Person, StateValues, StoredView } from '../types.ts';
import { inputErrors } from '../view-state.ts';
import { closeAll, closeModal, modalStack, pushModal, replaceView, topModal, viewObject } from '../views.ts';
import { changed } from '../workspace.ts';
import { interactionBase, unanswered } from './payload.ts';

export type Submitted = { response_action?: string; errors?: Record<string, string> };

const ACTIONS = ['clear', 'update', 'push', 'errors'];

export function requireTopModal(site: Site, person: Person, viewId?: string): StoredView {
  const top = topModal(site.workspace, person.id);
  if (top && (viewId === undefined || top.id === viewId)) return top;
  throw new PersonError('view_not_found', `${person.real_name} has no such modal open.`);
}

/** A person presses the modal's submit button with these values; gives what the app answered. */
export async function submitModal(
  site: Site,
  person: Person,
  view: StoredView,
  values: StateValues,
): Promise<Submitted> {
  const blocks = dicts(view.definition.blocks);
  view.values = values;
  changed(site.workspace);
  const incomplete = inputErrors(blocks, values);
  if (Object.keys(incomplete).length > 0) return { response_action: 'errors', errors: incomplete };
  const outcome = await deliverInteraction(site, {
    kind: 'interactive',
    payload: {
      type: 'view_submission',
      ...interactionBase(site, person),
      trigger_id: createTrigger(site.workspace, person.id),
      view: viewObject(site.workspace, view),
      response_urls: responseUrls(site, person, view),
    },
  });
  return follow(site, view, requireAck(site, outcome));
}

/** A person closes the modal on top; the app hears of it only if it asked to. */
export async function closeByPerson(site: Site, person: Person, view: StoredView): Promise<void> {
  const cleared = view.definition.clear_on_close === true && modalStack(site.workspace, person.id).length > 1;
  if (cleared) closeAll(site.workspace, person.id);
  else closeModal(site.workspace, view);
  if (view.definition.notify_on_close !== true) return;
  const outcome = await deliverInteraction(site, {
    kind: 'interactive',
    payload: {
      type: 'view_closed',
      ...interactionBase(site, person),
      view: viewObject(site.workspace, view),
      is_cleared: cleared,
    },
  });
  requireAck(site, outcome);
}

function requireAck(site: Site, outcome: Outcome): Dict {
  if (!outcome.acked) throw unanswered(site, outcome);
  return isDict(outcome.body) ? outcome.body : {};
}

/** Does to the modal what the app's answer says. An answer Slack cannot use leaves the modal open. */
function follow(site: Site, view: StoredView, answer: Dict): Submitted {
  const { workspace } = site;
  const action = optionalText(answer.response_action);
  if (action === undefined) {
    closeModal(workspace, view);
    return {};
  }
  if (!ACTIONS.includes(action)) throw unusable(`response_action "${action}" is none of: ${ACTIONS.join(', ')}`);
  if (action === 'errors') return { response_action: action, errors: complaints(view, answer) };
  if (action === 'clear') closeAll(workspace, view.user);
  else {
    try {
      const next = requireValidView(answer.view);
      if (action === 'update') replaceView(workspace, view, next);
      else pushModal(workspace, view.user, next);
    } catch (error) {
      if (error instanceof SlackError) throw unusable(`${error.code} ${JSON.stringify(error.extra.errors ?? '')}`);
      throw error;
    }
  }
  return { response_action: action };
}

function complaints(view: StoredView, answer: Dict): Record<string, string> {
  const inputs = walkBlocks(dicts(view.definition.blocks))
    .filter(({ block }) => block.type === 'input')
    .map(({ block }) => text(block.block_id));
  const given = Object.entries(isDict(answer.errors) ? answer.errors : {});
  if (given.length === 0) throw unusable('response_action "errors" without errors');
  for (const [blockId, complaint] of given) {
    if (!inputs.includes(blockId)) throw unusable(`no input block "${blockId}"; there are: ${inputs.join(', ')}`);
    if (typeof complaint !== 'string') throw unusable(`the error of "${blockId}" is no text`);
  }
  return Object.fromEntries(given.map(([blockId, complaint]) => [blockId, String(complaint)]));
}

/** Slack shows the first sentence only; the reason is what its developer needs. */
function unusable(reason: string): PersonError {
  return new PersonError('invalid_ack', `We had some trouble connecting. Try again? (${reason})`);
}

function responseUrls(site: Site, person: Person, view: StoredView): Dict[] {
  return walkBlocks(dicts(view.definition.blocks)).flatMap(({ block }) =>
    interactive(block)
      .filter((element) => element.response_url_enabled === true)
      .flatMap((element) => {
        const value = view.values[text(block.block_id)]?.[text(element.action_id)];
        const channel = optionalText(value?.selected_conversation ?? value?.selected_channel);
        if (channel === undefined) return [];
        const response_url = site.url + createResponseUrl(site.workspace, person.id, channel);
        return [{ block_id: block.block_id, action_id: element.action_id, channel_id: channel, response_url }];
      }),
  );
}
