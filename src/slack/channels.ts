import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { createCache } from './cache.ts';
import { SlackUnavailable, slackCode } from './errors.ts';

const TTL_MS = 60_000;

export interface Channel {
  id: string;
  /** Empty for direct messages. */
  name: string;
  /** With people of other workspaces. */
  shared: boolean;
}

export interface Channels {
  /** What Slack knows of a channel; undefined when the bot cannot see it. */
  info(id: string): Promise<Channel | undefined>;
  /** The id of `#name`; an id is given back as it is. Throws when there is none that the bot can see. */
  id(channel: string): Promise<string>;
}

const channel = z.object({
  id: z.string(),
  name: z.string().default(''),
  is_ext_shared: z.boolean().default(false),
  is_pending_ext_shared: z.boolean().default(false),
});

export function createChannels(web: WebClient, now: () => Date): Channels {
  const known = createCache<Channel | undefined>({ ttlMs: TTL_MS, now });
  const ids = createCache<string>({ ttlMs: 3_600_000, now });
  return {
    info: (id) => known.get(id, () => ask(web, id)),
    id: (wanted) =>
      wanted.startsWith('#') ? ids.get(wanted, () => find(web, wanted.slice(1))) : Promise.resolve(wanted),
  };
}

async function ask(web: WebClient, id: string): Promise<Channel | undefined> {
  try {
    const found = channel.parse((await web.conversations.info({ channel: id })).channel);
    return { id: found.id, name: found.name, shared: found.is_ext_shared || found.is_pending_ext_shared };
  } catch (error) {
    if (slackCode(error) === 'channel_not_found') return undefined;
    throw error;
  }
}

async function find(web: WebClient, name: string): Promise<string> {
  let cursor = '';
  do {
    const answer = await web.conversations.list({
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: 1000,
      ...(cursor === '' ? {} : { cursor }),
    });
    const found = z.array(channel).parse(answer.channels ?? []);
    const match = found.find((each) => each.name === name);
    if (match !== undefined) return match.id;
    cursor = answer.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  throw new SlackUnavailable(`there is no channel #${name} that the bot can see`, {
    next: `Invite the bot with /invite there, or write the channel's id in the configuration.`,
  });
}
