import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Logger } from '../../ops/logger.ts';
import type { Message } from '../../store/database.ts';
import { slackCode } from '../errors.ts';

/** What every message of ours carries, so that it is found again after a crash. */
export const EVENT_TYPE = 'trail_check';

/** A claim that a process died with is free again after 30 s; younger messages were not tried by anyone else. */
const MAYBE_TRIED_AFTER_MS = 25_000;
/** Allowed difference between the clocks of Slack and of this machine. */
const SKEW_MS = 10 * 60_000;
const MOST_PAGES = 5;

/** What `error` of a message begins with whose post may have arrived. */
export const UNSURE = 'unsure: ';

/** Could this message stand in Slack already, although we do not know its time stamp? */
export function mayBePosted({ ts, user, error, pendingSince }: Message, now: Date): boolean {
  if (ts !== null || user !== null) return false;
  return error?.startsWith(UNSURE) === true || now.getTime() - pendingSince.getTime() >= MAYBE_TRIED_AFTER_MS;
}

const page = z.object({
  messages: z.array(
    z.looseObject({
      ts: z.string(),
      metadata: z.looseObject({ event_type: z.string(), event_payload: z.looseObject({}) }).optional(),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/**
 * Looks for a message by the key in its metadata, in the channel or in its thread. Undefined: it is not there, or the bot
 * may not look; then it is said again, because twice is better than never.
 */
export async function findPosted(
  { web, logger }: { web: WebClient; logger: Logger },
  message: Message,
  { channel, rootTs }: { channel: string; rootTs: string | undefined },
): Promise<string | undefined> {
  const oldest = String((message.createdAt.getTime() - SKEW_MS) / 1000);
  let cursor: string | undefined;
  try {
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const range = { channel, oldest, limit: 200, include_all_metadata: true, ...(cursor ? { cursor } : {}) };
      const answer = page.parse(
        rootTs === undefined
          ? await web.conversations.history(range)
          : await web.conversations.replies({ ...range, ts: rootTs }),
      );
      const found = answer.messages.find(
        ({ metadata }) => metadata?.event_type === EVENT_TYPE && metadata.event_payload.key === message.key,
      );
      if (found !== undefined) return found.ts;
      cursor = answer.response_metadata?.next_cursor;
      if (!cursor) return undefined;
    }
  } catch (error) {
    const code = slackCode(error);
    if (code === undefined || code === 'ratelimited') throw error;
    logger.warn({ channel, key: message.key, code }, 'could not look whether a message was posted; posting it');
  }
  return undefined;
}
