import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { describeError, errorId } from '../../ops/error.ts';
import type { Message } from '../../store/database.ts';
import { claimMessage, findMessage, messageFailed, messageShown, NOTHING_TO_SHOW } from '../../store/messages.ts';
import type { Message as Content } from '../blocks/message.ts';
import type { Channels } from '../channels.ts';
import type { SlackContext } from '../context.ts';
import { render } from '../render/render.ts';
import { type Failure, failureOf } from './failure.ts';
import type { Pace, Sending } from './pace.ts';
import { findPosted, mayBePosted, UNSURE } from './reconcile.ts';
import { type Place, send } from './send.ts';

export interface DeliveryContext
  extends Pick<SlackContext, 'store' | 'fixes' | 'catalogue' | 'config' | 'logger' | 'now'> {
  web: WebClient;
  channels: Channels;
  pace: Pace;
  /** The process is about to end: no further message is begun. */
  stopped(): boolean;
}

/** A job may take five minutes; the rest of a long queue goes to the next one. */
const TURN_MS = 200_000;
/** What is on its way is looked at again so soon, because its end may be wanted before its turn has come. */
const FLEETING_PUT_OFF_MS = 3_000;
/** Posts wait for their turn in place, so that a thread is told in its order; longer waits are put off. */
const WAIT_IN_PLACE_MS = 3_500;

/** Job: says everything that waits in a channel, one after the other. Another process at work there is left to it. */
export async function deliver(context: DeliveryContext, channel: string): Promise<void> {
  const { store } = context;
  const until = Date.now() + TURN_MS;
  while (!context.stopped()) {
    if (Date.now() > until) return store.enqueue('message.deliver', { channel });
    const message = await store.transaction((tx) => claimMessage(tx, channel));
    if (message === undefined) return;
    await deliverOne(context, message);
  }
}

async function deliverOne(context: DeliveryContext, message: Message): Promise<void> {
  const { store, logger, pace } = context;
  const { key, wantedVersion } = message;
  const rendered = await render(context, { kind: message.subjectKind, id: message.subjectId }).catch(
    (error: unknown) => {
      const id = errorId();
      logger.error({ err: error, errorId: id, key }, 'a message could not be rendered');
      return { error: `it could not be rendered (error ${id})` };
    },
  );
  if (rendered === undefined) return fail(context, message, { kind: 'refused', error: NOTHING_TO_SHOW });
  if ('error' in rendered) return fail(context, message, { kind: 'refused', error: rendered.error });
  try {
    const place = await placeOf(context, message);
    const sending: Sending = {
      kind: place.ts === undefined ? 'post' : 'update',
      key,
      channel: place.channel,
      fleeting: rendered.fleeting,
    };
    const wait = pace.wait(sending);
    if (wait > 0 && (sending.kind === 'update' || wait > WAIT_IN_PLACE_MS))
      return putOff(context, message, sending, wait);
    if (wait > 0) await sleep(wait);
    pace.sent(sending);
    const ts = await sendOrText(context, message, place, sending, rendered.message);
    if (ts !== undefined) await store.transaction((tx) => messageShown(tx, key, { version: wantedVersion, ts }));
  } catch (error) {
    await fail(context, message, failureOf(error));
  }
}

/** Where it goes; asks Slack first when it may stand there already. */
async function placeOf(context: DeliveryContext, message: Message): Promise<Place> {
  const { store, channels, web, logger, now } = context;
  const channel = await channels.id(message.channel);
  const root = message.threadKey === null ? undefined : await findMessage(store.query, message.threadKey);
  const rootTs = root?.ts ?? undefined;
  const ts = mayBePosted(message, now())
    ? await findPosted({ web, logger }, message, { channel, rootTs })
    : (message.ts ?? undefined);
  return { channel, rootTs, ts };
}

/** Sends it, and its text alone if Slack does not take the blocks. Undefined: it was put off. */
async function sendOrText(
  context: DeliveryContext,
  message: Message,
  place: Place,
  sending: Sending,
  content: Content,
): Promise<string | null | undefined> {
  const { web, logger, pace } = context;
  try {
    return await send(web, message, place, content);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'limited') {
      pace.limited(sending, failure.wait);
      await putOff(context, message, sending, failure.wait);
      return undefined;
    }
    if (failure.kind !== 'blocks') throw error;
    const id = errorId();
    logger.error({ err: error, errorId: id, key: message.key }, 'Slack did not take the blocks of a message');
    return send(web, message, place, { text: `${content.text} (error ${id})`, blocks: [] });
  }
}

function putOff({ store, now }: DeliveryContext, { key }: Message, { fleeting }: Sending, wait: number): Promise<void> {
  const retryAt = new Date(now().getTime() + (fleeting ? Math.min(wait, FLEETING_PUT_OFF_MS) : wait));
  return store.transaction((tx) => messageFailed(tx, key, { error: 'waits for its turn', retryAt }));
}

async function fail(context: DeliveryContext, message: Message, failure: Failure): Promise<void> {
  const { store, logger, now } = context;
  const { key, channel, ts, wantedVersion } = message;
  if (failure.kind === 'deleted' && ts !== null) {
    logger.info({ key, channel }, 'a message was deleted, so there is nothing left to update');
    return store.transaction((tx) => messageShown(tx, key, { version: wantedVersion, ts: null }));
  }
  const error = errorOf(failure);
  logger.warn({ key, channel, kind: failure.kind, error }, 'a message could not be delivered');
  const wait = waitAfter(failure, now().getTime() - message.pendingSince.getTime());
  await store.transaction((tx) =>
    messageFailed(tx, key, {
      error: failure.kind === 'unsure' ? `${UNSURE}${error}` : describeError(error),
      ...(wait === undefined ? {} : { retryAt: new Date(now().getTime() + wait) }),
    }),
  );
}

function errorOf(failure: Failure): string {
  if (failure.kind === 'limited') return 'waits for its turn';
  return failure.kind === 'deleted' ? 'the thread was deleted' : failure.error;
}

/** Milliseconds until the next try, growing with the time it has waited; undefined where somebody has to do something first. */
function waitAfter(failure: Failure, waited: number): number | undefined {
  switch (failure.kind) {
    case 'limited':
      return failure.wait;
    case 'unsure':
      return Math.min(60_000, Math.max(1_000, waited));
    case 'locked-out':
      return 60_000;
    default:
      return undefined;
  }
}
