import { SlackError } from '../errors.ts';
import { type Dict, optionalText } from '../json.ts';
import type { Channel, Message } from '../types.ts';
import { directChannel, messagesIn } from '../workspace.ts';
import { type Call, channelArgument, flag, type Method, paged, required, requireMembership } from './call.ts';
import { messageObject } from './chat.ts';

export const open: Method = ({ site, args }) => {
  const { workspace } = site;
  const users = required(args, 'users').split(',');
  const [user] = users;
  if (users.length > 1) throw new SlackError('method_not_supported_for_channel_type');
  if (!workspace.people.some(({ id }) => id === user)) throw new SlackError('user_not_found');
  const known = workspace.channels.some((channel) => channel.kind === 'im' && channel.members[0] === user);
  const channel = directChannel(workspace, user ?? '');
  return { ...(known ? { no_op: true, already_open: true } : {}), channel: { id: channel.id } };
};

export const info: Method = (call) => ({ channel: channelObject(call, channelArgument(call)) });

export const members: Method = (call) => {
  const channel = channelArgument(call);
  const { page, next } = paged(call.args, channel.members, 100, 1000);
  return { members: page, response_metadata: { next_cursor: next } };
};

export const listAll: Method = (call) => {
  const types = (optionalText(call.args.types) ?? 'public_channel').split(',').map((type) => type.trim());
  const bot = call.site.workspace.app.botUser;
  const seen = call.site.workspace.channels.filter(
    (channel) => types.includes(typeOf(channel)) && (!channel.is_private || channel.members.includes(bot)),
  );
  const { page, next } = paged(call.args, seen, 100, 1000);
  return { channels: page.map((channel) => channelObject(call, channel)), response_metadata: { next_cursor: next } };
};

/** Newest first, without replies and without what only one person sees. */
export const history: Method = (call) => {
  const channel = channelArgument(call);
  requireMembership(call, channel);
  const roots = lasting(call, channel).filter((message) => message.thread_ts === undefined);
  return answered(call, roots.reverse());
};

/** The root first, then its replies, oldest first. */
export const replies: Method = (call) => {
  const channel = channelArgument(call);
  requireMembership(call, channel);
  const ts = required(call.args, 'ts');
  const all = lasting(call, channel);
  const root = all.find((message) => message.ts === ts);
  if (!root) throw new SlackError('thread_not_found');
  const thread = all.filter((message) => message.ts === ts || message.thread_ts === ts);
  return answered(call, thread, (message) => message.ts === ts);
};

function answered(call: Call, messages: Message[], always: (message: Message) => boolean = () => false): Dict {
  const { args, site } = call;
  const oldest = Number(optionalText(args.oldest) ?? 0);
  const latest = Number(optionalText(args.latest) ?? Number.POSITIVE_INFINITY);
  const inclusive = flag(args, 'inclusive');
  const inTime = messages.filter((message) => {
    const at = Number(message.ts);
    return always(message) || (inclusive ? at >= oldest && at <= latest : at > oldest && at < latest);
  });
  const { page, next } = paged(args, inTime, 100, 999);
  const withMetadata = flag(args, 'include_all_metadata');
  return {
    messages: page.map((message) => messageObject(site.workspace, message, withMetadata)),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}

function lasting({ site }: Call, channel: Channel): Message[] {
  return messagesIn(site.workspace, channel.id).filter((message) => message.ephemeral_to === undefined);
}

function typeOf(channel: Channel): string {
  if (channel.kind === 'im') return 'im';
  return channel.is_private ? 'private_channel' : 'public_channel';
}

function channelObject({ site }: Call, channel: Channel): Dict {
  const { botUser } = site.workspace.app;
  if (channel.kind === 'im') {
    return { id: channel.id, is_im: true, user: channel.members[0], is_archived: false, created: 1_700_000_000 };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.is_private,
    is_group: channel.is_private,
    is_im: false,
    is_mpim: false,
    is_private: channel.is_private,
    is_archived: false,
    is_general: channel.name === 'general',
    is_shared: false,
    is_ext_shared: false,
    is_member: channel.members.includes(botUser),
    created: 1_700_000_000,
    num_members: channel.members.length,
  };
}
