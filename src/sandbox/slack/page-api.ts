import type { ServerResponse } from 'node:http';
import { PersonError } from './errors.ts';
import { type Dict, dict, dicts, optionalText, text } from './json.ts';
import { type Container, requireMessage, useElement } from './people/action.ts';
import { runCommand } from './people/command.ts';
import { closeByPerson, requireTopModal, submitModal } from './people/submit.ts';
import { openHome, say } from './people/talk.ts';
import type { Site } from './site.ts';
import type { Person, Workspace } from './types.ts';
import { mergedValues } from './view-state.ts';
import { homeOf, modalStack, viewObject } from './views.ts';
import { channelsOf, directChannel, isVisibleTo, messagesIn, requireChannel, requirePerson } from './workspace.ts';

const VALUE_FIELDS = /^(value|rich_text_value|files|selected_\w+)$/;

/** Everything that the page shows to one person. */
export function pageState(workspace: Workspace, user: string): Dict {
  const me = requirePerson(workspace, user);
  directChannel(workspace, me.id);
  const channels = channelsOf(workspace, me.id);
  const home = homeOf(workspace, me.id);
  const seen = (id: string) => messagesIn(workspace, id).filter((message) => isVisibleTo(message, me.id));
  return {
    seq: workspace.seq,
    team: { id: workspace.team.id, name: workspace.team.name },
    me: me.id,
    people: workspace.people.map(({ id, name, real_name, role, title }) => ({ id, name, real_name, role, title })),
    channels: channels.map(({ id, name, kind }) => ({
      id,
      name: kind === 'im' ? workspace.app.name : name,
      kind,
    })),
    usergroups: workspace.groups.map(({ id, handle, name }) => ({ id, handle, name })),
    bot: { user_id: workspace.app.botUser, name: workspace.app.name },
    commands: workspace.commands,
    messages: Object.fromEntries(channels.map(({ id }) => [id, seen(id)])),
    home: home ? viewObject(workspace, home) : null,
    modals: modalStack(workspace, me.id).map((view) => viewObject(workspace, view)),
  };
}

/** Tells the page by server-sent events that it should fetch the state again. */
export function streamChanges(workspace: Workspace, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const tell = (seq: number) => {
    response.write(`data: ${JSON.stringify({ seq })}\n\n`);
  };
  tell(workspace.seq);
  workspace.watchers.add(tell);
  response.on('close', () => workspace.watchers.delete(tell));
}

/** What a person does in the page, by the last part of the path; gives what is answered beside `ok`. */
export async function pageAction(site: Site, what: string, body: Dict): Promise<Dict> {
  const { workspace } = site;
  const person = requirePerson(workspace, text(body.user));
  switch (what) {
    case 'command':
      await runCommand(site, person, requireChannel(workspace, person, text(body.channel)), text(body.text));
      return {};
    case 'message': {
      const channel = requireChannel(workspace, person, text(body.channel));
      return { ts: say(site, person, channel, text(body.text), optionalText(body.thread_ts)).ts };
    }
    case 'action':
      await useElement(site, person, containerOf(site, person, dict(body.container)), useOf(body));
      return {};
    case 'submit': {
      const view = requireTopModal(site, person, text(body.view_id));
      const blocks = dicts(view.definition.blocks);
      const values = mergedValues(blocks, view.values, dict(body.state).values);
      return { ...(await submitModal(site, person, view, values)) };
    }
    case 'close':
      await closeByPerson(site, person, requireTopModal(site, person, text(body.view_id)));
      return {};
    case 'home':
      openHome(site, person);
      return {};
    default:
      throw new PersonError('not_found', `The page cannot do "${what}".`);
  }
}

function useOf(body: Dict) {
  const action = dict(body.action);
  const chosen = Object.fromEntries(Object.entries(action).filter(([field]) => VALUE_FIELDS.test(field)));
  return {
    blockId: text(action.block_id),
    actionId: text(action.action_id),
    chosen,
    state: dict(body.state).values,
  };
}

function containerOf(site: Site, person: Person, container: Dict): Container {
  if (container.type !== 'view') {
    const channel = requireChannel(site.workspace, person, text(container.channel));
    return { message: requireMessage(site, person, channel.id, text(container.ts)) };
  }
  const home = homeOf(site.workspace, person.id);
  if (home && home.id === container.view_id) return { view: home };
  return { view: requireTopModal(site, person, text(container.view_id)) };
}
