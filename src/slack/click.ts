import { z } from 'zod';
import type { Message } from './blocks/message.ts';

/** Where a button was pressed. */
export type ClickPlace =
  | { kind: 'message'; channel: string; ts: string; threadTs: string | undefined }
  | { kind: 'modal'; viewId: string; metadata: string }
  | { kind: 'home' };

/** A button that somebody pressed, or an entry of a menu. Its value is opaque; what it means is read from the database. */
export interface Click {
  user: string;
  value: string;
  /** Opens one modal within three seconds. */
  triggerId: string;
  place: ClickPlace;
  /** Says something to this person alone, beside the message; not in modals and Home. */
  whisper(message: Message): Promise<void>;
  /** Puts something else in the place of the message with the button, past all that waits to be said. */
  replace(message: Message): Promise<void>;
}

/** How the person, and the message they clicked in, are answered. */
export interface Answering {
  whisper(message: Message, threadTs: string | undefined): Promise<void>;
  replace(message: Message): Promise<void>;
}

const shape = z.object({
  user: z.object({ id: z.string() }),
  trigger_id: z.string(),
  actions: z
    .array(
      z
        .object({ value: z.string().optional(), selected_option: z.object({ value: z.string() }).nullish() })
        .transform(({ value, selected_option: chosen }) => ({ value: value ?? chosen?.value ?? '' })),
    )
    .min(1),
  channel: z.object({ id: z.string() }).optional(),
  container: z.object({ message_ts: z.string().optional(), thread_ts: z.string().optional() }).default({}),
  view: z.object({ id: z.string(), type: z.string(), private_metadata: z.string().default('') }).optional(),
});

/** Reads what Slack says of a click. */
export function readClick(body: unknown, { whisper, replace }: Answering): Click {
  const { user, trigger_id, actions, channel, container, view } = shape.parse(body);
  const { message_ts: ts, thread_ts: threadTs } = container;
  const place: ClickPlace =
    channel !== undefined && ts !== undefined
      ? { kind: 'message', channel: channel.id, ts, threadTs }
      : view?.type === 'modal'
        ? { kind: 'modal', viewId: view.id, metadata: view.private_metadata }
        : { kind: 'home' };
  return {
    user: user.id,
    value: actions[0]?.value ?? '',
    triggerId: trigger_id,
    place,
    whisper: (message) => whisper(message, threadTs),
    replace,
  };
}
