import { randomBytes } from 'node:crypto';
import { APP, CHANNELS, COMMANDS, GROUPS, PEOPLE, TEAM } from './demo.ts';
import { PersonError } from './errors.ts';
import type { Channel, Message, Person, Workspace } from './types.ts';

/** A fresh workspace with the demo's people and channels. `now` gives milliseconds since 1970. */
export function createWorkspace(now: () => number): Workspace {
  return {
    team: TEAM,
    app: APP,
    now,
    people: PEOPLE.map((person) => ({ ...person })),
    channels: CHANNELS.map((channel) => ({ ...channel, members: [...channel.members] })),
    groups: GROUPS.map((group) => ({ ...group, users: [...group.users] })),
    commands: COMMANDS.map((command) => ({ ...command })),
    messages: new Map(),
    messageState: new Map(),
    views: new Map(),
    modals: new Map(),
    homes: new Map(),
    files: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    seq: 0,
    watchers: new Set(),
    lastTs: 0,
    lastId: 0,
  };
}

export function changed(workspace: Workspace): void {
  workspace.seq += 1;
  for (const watcher of workspace.watchers) watcher(workspace.seq);
}

/** Slack's message time stamps are unique in a channel and ordered: seconds, a point, six digits. */
export function nextTs(workspace: Workspace): string {
  const micros = Math.max(workspace.now() * 1000, workspace.lastTs + 1);
  workspace.lastTs = micros;
  return `${Math.floor(micros / 1e6)}.${String(Math.floor(micros % 1e6)).padStart(6, '0')}`;
}

export function nextId(workspace: Workspace, prefix: string): string {
  workspace.lastId += 1;
  return `${prefix}${workspace.lastId.toString(36).toUpperCase().padStart(5, '0')}${randomBytes(3).toString('hex').toUpperCase()}`;
}

export function findPerson(workspace: Workspace, idOrRole: string): Person | undefined {
  return workspace.people.find((person) => person.id === idOrRole || person.role === idOrRole);
}

export function requirePerson(workspace: Workspace, idOrRole: string): Person {
  const person = findPerson(workspace, idOrRole);
  if (person) return person;
  const known = workspace.people.map(({ role, id }) => `${role} (${id})`).join(', ');
  throw new PersonError('user_not_found', `Nobody here is "${idOrRole}". There are: ${known}.`);
}

/** Finds a channel by id or by name, with or without `#`. */
export function findChannel(workspace: Workspace, idOrName: string): Channel | undefined {
  const name = idOrName.replace(/^#/, '');
  return workspace.channels.find(
    (channel) => channel.id === idOrName || (channel.kind === 'channel' && channel.name === name),
  );
}

/** The channel, if the person can see it. A person's id or `dm` means their direct messages with the bot. */
export function requireChannel(workspace: Workspace, person: Person, idOrName: string): Channel {
  const direct = idOrName === 'dm' || idOrName === person.id;
  const channel = direct ? directChannel(workspace, person.id) : findChannel(workspace, idOrName);
  if (channel?.members.includes(person.id)) return channel;
  const seen = channelsOf(workspace, person.id).map(({ name, id }) => `#${name} (${id})`);
  throw new PersonError(
    'channel_not_found',
    `${person.real_name} sees no channel "${idOrName}". They see: ${seen.join(', ')}.`,
  );
}

export function channelsOf(workspace: Workspace, user: string): Channel[] {
  return workspace.channels.filter((channel) => channel.members.includes(user));
}

/** The direct message channel between a person and the bot, made when it is first needed. */
export function directChannel(workspace: Workspace, user: string): Channel {
  const known = workspace.channels.find((channel) => channel.kind === 'im' && channel.members[0] === user);
  if (known) return known;
  const channel: Channel = {
    id: `D${user.slice(1)}`,
    name: 'directmessage',
    kind: 'im',
    is_private: true,
    members: [user, workspace.app.botUser],
  };
  workspace.channels.push(channel);
  return channel;
}

export function messagesIn(workspace: Workspace, channel: string): Message[] {
  const known = workspace.messages.get(channel);
  if (known) return known;
  const fresh: Message[] = [];
  workspace.messages.set(channel, fresh);
  return fresh;
}

export function findMessage(workspace: Workspace, channel: string, ts: string): Message | undefined {
  return workspace.messages.get(channel)?.find((message) => message.ts === ts);
}

export function isVisibleTo(message: Message, user: string): boolean {
  return message.ephemeral_to === undefined || message.ephemeral_to === user;
}

/** Adds a message and counts it in its thread; gives the stored one. */
export function addMessage(workspace: Workspace, message: Omit<Message, 'ts'>): Message {
  const stored: Message = { ...message, ts: nextTs(workspace) };
  messagesIn(workspace, message.channel).push(stored);
  if (stored.thread_ts !== undefined && stored.ephemeral_to === undefined) countReply(workspace, stored, 1);
  changed(workspace);
  return stored;
}

/** Removes a message; one with replies stays as a tombstone. */
export function removeMessage(workspace: Workspace, message: Message): void {
  if (message.reply_count) {
    for (const field of ['blocks', 'attachments', 'metadata', 'edited'] as const) delete message[field];
    Object.assign(message, { text: 'This message was deleted.', deleted: true });
    changed(workspace);
    return;
  }
  const messages = messagesIn(workspace, message.channel);
  messages.splice(messages.indexOf(message), 1);
  if (message.thread_ts !== undefined && message.ephemeral_to === undefined) countReply(workspace, message, -1);
  changed(workspace);
}

/** What the app said, as opposed to a person. */
export function botMessage(
  workspace: Workspace,
  channel: string,
  content: Pick<Message, 'text' | 'blocks' | 'attachments' | 'metadata' | 'thread_ts' | 'ephemeral_to'>,
): Message {
  const { botUser, name } = workspace.app;
  return addMessage(workspace, { channel, user: botUser, username: name, is_bot: true, ...content });
}

/** Only this person sees it: what Slackbot says about a command that failed, for example. */
export function slackbotSays(workspace: Workspace, channel: string, user: string, said: string): Message {
  return addMessage(workspace, {
    channel,
    user: 'USLACKBOT',
    username: 'Slackbot',
    is_bot: true,
    text: said,
    ephemeral_to: user,
  });
}

function countReply(workspace: Workspace, reply: Message, by: number): void {
  const root = findMessage(workspace, reply.channel, reply.thread_ts ?? '');
  if (root) root.reply_count = Math.max(0, (root.reply_count ?? 0) + by);
}
