import type { Config } from '../../config/config.ts';
import { sayChecksAnew } from '../../store/check-messages.ts';
import type { AcceptedRisk } from '../../store/database.ts';
import type { Tx } from '../../store/store.ts';

/** What the message of a risk is about; the other one is that it has ended. */
export const endedSubject = (risk: string): string => `${risk}/ended`;

/** Says a risk anew wherever it shows: its own message, and the checks it is about. */
export async function sayRisk(tx: Tx, { id, channel, threadKey, check }: AcceptedRisk): Promise<void> {
  const thread = threadKey === null ? {} : { threadKey };
  await tx.say({ key: `risk:${id}`, channel, ...thread, subject: { kind: 'risk', id } });
  await sayChecksAnew(tx, [check]);
}

/** Says that a risk has ended where people will see it: in these threads, else in the channels of its environments. */
export async function sayEnded(
  tx: Tx,
  config: Pick<Config, 'environments' | 'slack'>,
  risk: AcceptedRisk,
  threads: readonly { channel: string; threadKey: string }[],
): Promise<void> {
  const places = threads.length > 0 ? threads : channelsOf(config, risk).map((channel) => ({ channel }));
  for (const place of places) {
    const subject = { kind: 'risk', id: endedSubject(risk.id) };
    await tx.say({ key: `risk:${risk.id}:ended:${place.channel}`, ...place, subject });
  }
}

/** The first channel of each environment, the usual one for those without; else where it was asked for. */
function channelsOf(
  { environments, slack }: Pick<Config, 'environments' | 'slack'>,
  { environments: names, channel }: AcceptedRisk,
): string[] {
  const channels = names.map((name) => environments[name]?.channels?.[0] ?? slack.channel ?? channel);
  return channels.length === 0 ? [slack.channel ?? channel] : [...new Set(channels)];
}
