import { deliverEvent } from '../delivery/deliver.ts';
import { PersonError } from '../errors.ts';
import type { Site } from '../site.ts';
import type { Channel, Message, Person } from '../types.ts';
import { homeOf, viewObject } from '../views.ts';
import { addMessage, directChannel, findMessage, nextTs } from '../workspace.ts';
import { escapeTyped } from './payload.ts';

/** A person writes a message; the app hears of it where its bot is a member. */
export function say(site: Site, person: Person, channel: Channel, typed: string, threadTs?: string): Message {
  const { workspace } = site;
  if (threadTs !== undefined && !findMessage(workspace, channel.id, threadTs)) {
    throw new PersonError('thread_not_found', `There is no message ${threadTs} in ${channel.id} to reply to.`);
  }
  // A mention keeps its angle brackets: the client has already turned `@trail-check` into an id.
  const text = escapeTyped(typed).replaceAll(`@${workspace.app.name}`, `<@${workspace.app.botUser}>`);
  const message = addMessage(workspace, {
    channel: channel.id,
    user: person.id,
    username: person.name,
    is_bot: false,
    text,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  });
  if (!channel.members.includes(workspace.app.botUser)) return message;
  const event = {
    user: person.id,
    ts: message.ts,
    text,
    team: workspace.team.id,
    channel: channel.id,
    event_ts: message.ts,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  };
  const channelType = channel.kind === 'im' ? 'im' : channel.is_private ? 'group' : 'channel';
  deliverEvent(site, { type: 'message', channel_type: channelType, ...event });
  if (text.includes(`<@${workspace.app.botUser}>`) && channel.kind !== 'im') {
    deliverEvent(site, { type: 'app_mention', ...event });
  }
  return message;
}

/** A person opens the app's Home tab. */
export function openHome(site: Site, person: Person): void {
  const { workspace } = site;
  const home = homeOf(workspace, person.id);
  deliverEvent(site, {
    type: 'app_home_opened',
    user: person.id,
    channel: directChannel(workspace, person.id).id,
    tab: 'home',
    event_ts: nextTs(workspace),
    ...(home ? { view: viewObject(workspace, home) } : {}),
  });
}
