import { SlackError } from '../errors.ts';
import { type Dict, isDict, optionalText, text } from '../json.ts';
import { requireValidMessage } from '../limits/surfaces.ts';
import { contentOf } from '../response-url.ts';
import type { Channel, Message, Workspace } from '../types.ts';
import { botMessage, changed, findMessage, nextTs, removeMessage } from '../workspace.ts';
import { type Call, channelArgument, type Method, required, structured } from './call.ts';

const POST_TEXT_LIMIT = 40_000;
const UPDATE_TEXT_LIMIT = 4000;
const METADATA_LIMIT = 8000;

type Content = Pick<Message, 'text' | 'blocks' | 'attachments'>;

export const postMessage: Method = (call) => {
  const channel = channelArgument(call);
  const content = newContent(call, POST_TEXT_LIMIT);
  const metadata = metadataOf(call.args);
  const message = botMessage(call.site.workspace, channel.id, {
    ...content,
    ...threadOf(call, channel),
    ...(metadata ? { metadata } : {}),
  });
  return { channel: channel.id, ts: message.ts, message: messageObject(call.site.workspace, message) };
};

export const postEphemeral: Method = (call) => {
  const { workspace } = call.site;
  const channel = channelArgument(call);
  const user = required(call.args, 'user');
  if (!workspace.people.some(({ id }) => id === user)) throw new SlackError('user_not_found');
  if (!channel.members.includes(user)) throw new SlackError('user_not_in_channel');
  const content = newContent(call, POST_TEXT_LIMIT);
  const message = botMessage(workspace, channel.id, { ...content, ...threadOf(call, channel), ephemeral_to: user });
  return { message_ts: message.ts };
};

/** What is not given stays as it was; an empty list removes blocks or attachments. */
export const update: Method = (call) => {
  const { workspace } = call.site;
  const channel = channelArgument(call);
  const message = ownMessage(call, channel, 'cant_update_message');
  const given = givenContent(call, UPDATE_TEXT_LIMIT);
  if (given.text === undefined && given.blocks === undefined && given.attachments === undefined) {
    throw new SlackError('no_text');
  }
  const metadata = metadataOf(call.args);
  const content = contentOf(workspace, { ...given });
  if (given.text !== undefined) message.text = content.text;
  if (given.blocks !== undefined) replace(message, 'blocks', content.blocks);
  if (given.attachments !== undefined) replace(message, 'attachments', content.attachments);
  if (metadata && Object.keys(metadata).length === 0) delete message.metadata;
  else if (metadata) message.metadata = metadata;
  message.edited = { user: workspace.app.botUser, ts: nextTs(workspace) };
  changed(workspace);
  return { channel: channel.id, ts: message.ts, text: message.text, message: messageObject(workspace, message) };
};

export const remove: Method = (call) => {
  const channel = channelArgument(call);
  const message = ownMessage(call, channel, 'cant_delete_message');
  removeMessage(call.site.workspace, message);
  return { channel: channel.id, ts: message.ts };
};

export const getPermalink: Method = (call) => {
  const { workspace, url } = call.site;
  const channel = channelArgument(call);
  const ts = required(call.args, 'message_ts');
  const message = findMessage(workspace, channel.id, ts);
  if (!message || message.ephemeral_to !== undefined) throw new SlackError('message_not_found');
  const thread = message.thread_ts === undefined ? '' : `?thread_ts=${message.thread_ts}&cid=${channel.id}`;
  return { channel: channel.id, permalink: `${url}/archives/${channel.id}/p${ts.replace('.', '')}${thread}` };
};

/** A message as Slack returns it. `metadata` only where it was asked for. */
export function messageObject(workspace: Workspace, message: Message, withMetadata = true): Dict {
  const { botId, id: appId, name } = workspace.app;
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: workspace.team.id,
    ...(message.is_bot ? { bot_id: botId, app_id: appId, bot_profile: { id: botId, app_id: appId, name } } : {}),
    ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
    ...(message.reply_count ? { thread_ts: message.ts, reply_count: message.reply_count } : {}),
    ...(message.blocks ? { blocks: message.blocks } : {}),
    ...(message.attachments ? { attachments: message.attachments } : {}),
    ...(message.edited ? { edited: message.edited } : {}),
    ...(message.reactions ? { reactions: message.reactions } : {}),
    ...(message.deleted ? { subtype: 'tombstone', hidden: true } : {}),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}

function replace(message: Message, field: 'blocks' | 'attachments', value: Dict[] | undefined): void {
  if (value) message[field] = value;
  else delete message[field];
}

function ownMessage(call: Call, channel: Channel, refusal: string): Message {
  const { workspace } = call.site;
  const message = findMessage(workspace, channel.id, required(call.args, 'ts'));
  if (!message || message.deleted || message.ephemeral_to !== undefined) throw new SlackError('message_not_found');
  if (message.user !== workspace.app.botUser) throw new SlackError(refusal);
  return message;
}

function newContent(call: Call, textLimit: number): Content {
  const given = givenContent(call, textLimit);
  const content = contentOf(call.site.workspace, { ...given });
  if (content.text === '' && !content.blocks && !content.attachments) throw new SlackError('no_text');
  return content;
}

function givenContent({ args }: Call, textLimit: number): { text?: string; blocks?: unknown; attachments?: unknown } {
  const said = args.text === undefined ? undefined : text(args.text);
  if (said !== undefined && said.length > textLimit) throw new SlackError('msg_too_long');
  const blocks = structured(args, 'blocks', 'invalid_blocks_format');
  const attachments = structured(args, 'attachments', 'invalid_attachments');
  requireValidMessage(blocks, attachments);
  return {
    ...(said === undefined ? {} : { text: said }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(attachments === undefined ? {} : { attachments }),
  };
}

function threadOf({ site, args }: Call, channel: Channel): { thread_ts?: string } {
  const ts = optionalText(args.thread_ts);
  if (ts === undefined) return {};
  const root = findMessage(site.workspace, channel.id, ts);
  if (!root || root.ephemeral_to !== undefined) throw new SlackError('thread_not_found');
  if (root.thread_ts !== undefined) throw new SlackError('cannot_reply_to_message');
  return { thread_ts: ts };
}

function metadataOf(args: Dict): Dict | undefined {
  const metadata = structured(args, 'metadata', 'invalid_metadata_format');
  if (metadata === undefined) return undefined;
  if (!isDict(metadata)) throw new SlackError('invalid_metadata_format');
  if (Object.keys(metadata).length === 0) return metadata;
  if (typeof metadata.event_type !== 'string' || !isDict(metadata.event_payload)) {
    throw new SlackError('invalid_metadata_schema');
  }
  if (JSON.stringify(metadata).length > METADATA_LIMIT) throw new SlackError('metadata_too_large');
  return metadata;
}
