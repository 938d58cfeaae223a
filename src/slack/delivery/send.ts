import type { WebClient } from '@slack/web-api';
import type { Message } from '../../store/database.ts';
import type { Message as Content } from '../blocks/message.ts';
import { SlackUnavailable } from '../errors.ts';
import { EVENT_TYPE } from './reconcile.ts';

/** Where a message goes: the channel by its id, the time stamp of its thread's first message, its own if it has one. */
export interface Place {
  channel: string;
  rootTs: string | undefined;
  ts: string | undefined;
}

/** Posts a message, or updates the posted one. Gives its time stamp; what one person alone sees has none. */
export async function send(
  web: WebClient,
  { key, user }: Pick<Message, 'key' | 'user'>,
  { channel, rootTs, ts }: Place,
  { text, blocks }: Content,
): Promise<string | null> {
  const thread = rootTs === undefined ? {} : { thread_ts: rootTs };
  if (user !== null) {
    await web.chat.postEphemeral({ channel, user, text, blocks, ...thread });
    return null;
  }
  if (ts !== undefined) {
    await web.chat.update({ channel, ts, text, blocks });
    return ts;
  }
  const posted = await web.chat.postMessage({
    channel,
    text,
    blocks,
    ...thread,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: EVENT_TYPE, event_payload: { key } },
  });
  if (posted.ts === undefined) throw new SlackUnavailable('Slack posted a message without saying where', { what: key });
  return posted.ts;
}
