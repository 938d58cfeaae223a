import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { anchorInKey } from '../fixes/audit/anchors.ts';
import type { AuditAnchor } from '../store/verify-audit.ts';
import { EVENT_TYPE } from './delivery/reconcile.ts';

/** 200 messages a page; the newest thousand, some weeks, are looked at. */
const MOST_PAGES = 5;

const page = z.object({
  messages: z.array(
    z.looseObject({
      bot_id: z.string().optional(),
      metadata: z.looseObject({ event_type: z.string(), event_payload: z.looseObject({}) }).optional(),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/**
 * The anchors of the audit log that our own messages in a channel carry. All of them count, not the last alone: whoever
 * writes the database can have another one said, but not unsay what stands there. Rejects where Slack refuses.
 */
export async function postedAnchors(
  web: WebClient,
  { channel, botId }: { channel: string; botId: string },
): Promise<AuditAnchor[]> {
  const anchors: AuditAnchor[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const range = { channel, limit: 200, include_all_metadata: true, ...(cursor ? { cursor } : {}) };
    const answer = page.parse(await web.conversations.history(range));
    for (const { bot_id, metadata } of answer.messages) {
      // Anybody's app may give its messages the same metadata.
      if (bot_id !== botId || metadata?.event_type !== EVENT_TYPE) continue;
      const { key } = metadata.event_payload;
      const anchor = typeof key === 'string' ? anchorInKey(key) : undefined;
      if (anchor !== undefined) anchors.push(anchor);
    }
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) break;
  }
  return anchors;
}
