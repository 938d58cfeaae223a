import { messagesAbout } from '../store/messages.ts';
import type { Tx } from '../store/store.ts';
import { environmentsOf } from './break-glass.ts';
import type { FixesContext } from './context.ts';
import type { FixView } from './fix.ts';

type Config = Pick<FixesContext, 'config'>;

/** Says for everybody to see that the glass was broken: in the audit channel, and where the fix is told. */
export async function sayEmergency({ config }: Config, tx: Tx, fix: FixView): Promise<void> {
  const { id, proposal } = fix;
  const { origin } = proposal;
  const subject = { kind: 'emergency', id };
  for (const channel of channelsFor({ config }, fix)) {
    await tx.say({ key: `emergency:${id}:${channel}`, channel, subject });
  }
  if (origin?.threadKey !== undefined) {
    const { channel, threadKey } = origin;
    await tx.say({ key: `emergency:${id}:thread`, channel, threadKey, subject });
  }
}

/** Says that the time for signatures is over, as a message of its own: an update of the first would reach nobody. */
export async function sayOverdue({ config }: Config, tx: Tx, fix: FixView): Promise<void> {
  const subject = { kind: 'emergency-overdue', id: fix.id };
  for (const channel of channelsFor({ config }, fix)) {
    await tx.say({ key: `emergency-overdue:${fix.id}:${channel}`, channel, subject });
  }
}

/** Every copy of these messages follows. */
export async function followEmergency(tx: Tx, id: string): Promise<void> {
  for (const kind of ['emergency', 'emergency-overdue']) {
    for (const { key, channel, threadKey } of await messagesAbout(tx.query, { kind, id })) {
      const thread = threadKey === null ? {} : { threadKey };
      await tx.say({ key, channel, ...thread, subject: { kind, id } });
    }
  }
}

/** The audit channel; without one, the channels of the environments it is about, or the usual one. */
function channelsFor({ config }: Config, fix: FixView): Set<string> {
  if (config.audit.channel !== undefined) return new Set([config.audit.channel]);
  const usual = config.slack.channel ?? fix.proposal.origin?.channel;
  const channels = environmentsOf(fix).map((name) => config.environments[name]?.channels?.[0] ?? usual);
  return new Set(channels.filter((channel) => channel !== undefined));
}
