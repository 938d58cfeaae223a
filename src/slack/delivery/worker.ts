import { channelsWaiting, repairMessages } from '../../store/messages.ts';
import type { Store } from '../../store/store.ts';
import { type DeliveryContext, deliver } from './deliver.ts';
import { UNSURE } from './reconcile.ts';

/** How often channels are looked for in which something waits although no job will come. */
const LOOK_EVERY_MS = 10_000;

/** Delivers from now on; gives what ends it. */
export async function startDelivery(context: DeliveryContext): Promise<() => void> {
  const { store, logger } = context;
  await releaseClaims(store);
  await store.work('message.deliver', ({ channel }) => deliver(context, channel));
  await look(context);
  const timer = setInterval(() => {
    look(context).catch((error: unknown) => logger.error({ err: error }, 'looking for waiting messages failed'));
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

async function look({ store, now, logger }: DeliveryContext): Promise<void> {
  const repaired = await store.transaction(repairMessages);
  if (repaired > 0) logger.info({ messages: repaired }, 'trying again to say what Slack refused');
  for (const channel of await channelsWaiting(store.query, now())) await store.enqueue('message.deliver', { channel });
}

/**
 * On PGlite no other process can be at work, so what is claimed at the start was claimed by one that died. It is free at
 * once instead of after 30 s, but whether it was posted is not known.
 */
async function releaseClaims(store: Store): Promise<void> {
  if (store.kind !== 'pglite') return;
  await store.query
    .updateTable('messages')
    .set({ claimedUntil: null, error: `${UNSURE}the process ended meanwhile` })
    .where('claimedUntil', 'is not', null)
    .execute();
}
