import {
  beginReign,
  configurationsSeen,
  findConfiguration,
  lockConfigurations,
  type SeenConfiguration,
  settle,
  touchConfiguration,
} from '../store/configurations.ts';
import { messagesAbout } from '../store/messages.ts';
import type { Tx } from '../store/store.ts';
import { changesBetween, type Deciding, decidingHash, decidingOf, readDeciding } from './configuration-summary.ts';
import type { FixesContext } from './context.ts';

const MINUTE_MS = 60_000;
/** How long the stricter of an old and a new configuration applies (decision 38). */
export const SETTLING_MS = 24 * 60 * MINUTE_MS;
/** A process says so often that it runs under its configuration, and is taken for gone after a few times in silence. */
const TOUCH_EVERY_MS = MINUTE_MS / 2;
const ALIVE_MS = 3 * MINUTE_MS;

type Noting = Pick<FixesContext, 'store' | 'config' | 'logger'>;

/** A configuration that is heard beside our own. */
export interface Earlier {
  hash: string;
  deciding: Deciding;
  /** Until then; absent: as long as a process runs under it. */
  until?: Date;
}

/**
 * At start: compares this configuration with the last one seen, and announces what it changes. Of several processes that
 * start at once the first one does.
 */
export async function noteConfiguration({ store, config, logger }: Noting): Promise<void> {
  const deciding = decidingOf(config);
  const hash = decidingHash(deciding);
  const changes = await store.transaction(async (tx) => {
    await lockConfigurations(tx);
    const seen = await configurationsSeen(tx.query);
    const own = seen.find((each) => each.hash === hash);
    const [latest] = seen;
    if (own !== undefined && (latest?.hash === hash || isAlive(own, tx.at))) {
      await touchConfiguration(tx.query, hash, tx.at);
      return [];
    }
    const before = latest === undefined ? undefined : await findConfiguration(tx.query, latest.hash);
    const changed = before === undefined ? [] : changesBetween(readDeciding(before.summary), deciding);
    await beginReign(tx, { hash, summary: deciding, changes: changed });
    const action = before === undefined ? 'configuration.first' : 'configuration.changed';
    const data = before === undefined ? {} : { before: before.hash, changes: changed };
    tx.audit({ actor: 'trail-check', action, subject: subjectOf(hash), data });
    if (before === undefined) return [];
    const channel = noticeChannel(config);
    if (channel !== undefined) {
      const key = `configuration:${hash}:${tx.at.getTime()}`;
      await tx.say({ key, channel, subject: subjectOf(hash) });
    }
    // The one before may still show a button.
    await sayAgain(tx, before.hash);
    return changed;
  });
  if (changes.length > 0) logger.warn({ changes }, 'the configuration decides otherwise than the one before it');
}

/** Now and then: says that a process runs under this configuration, and ends what had its time. */
export async function keepConfiguration({ store, config }: Noting): Promise<void> {
  const now = store.now();
  const hash = decidingHash(decidingOf(config));
  const seen = await configurationsSeen(store.query);
  const own = seen.find((each) => each.hash === hash);
  if (own !== undefined && now.getTime() - own.seenAt.getTime() >= TOUCH_EVERY_MS) {
    await touchConfiguration(store.query, hash, now);
  }
  const over = (each: SeenConfiguration) => each.confirmedAt !== null || endOf(each) <= now;
  if (!seen.some((each) => each.settledAt === null && over(each))) return;
  await store.transaction(async (tx) => {
    for (const ended of await settle(tx, new Date(tx.at.getTime() - SETTLING_MS))) await sayAgain(tx, ended);
  });
}

/**
 * The configurations whose word counts beside ours: what was in force in the day before ours began, for a day or until two
 * confirm ours; and what other processes run under now.
 */
export async function earlierInForce({ store, config }: Pick<FixesContext, 'store' | 'config'>): Promise<Earlier[]> {
  const seen = await configurationsSeen(store.query);
  if (seen.length === 0) return [];
  const now = store.now();
  const hash = decidingHash(decidingOf(config));
  const heard = heardBeside(hash, seen, now);
  const found = await Promise.all(
    heard.map(async ({ hash: other, until }): Promise<Earlier[]> => {
      const stored = await findConfiguration(store.query, other);
      if (stored === undefined) return [];
      return [{ hash: other, deciding: readDeciding(stored.summary), ...(until === undefined ? {} : { until }) }];
    }),
  );
  return found.flat();
}

/** Which of the configurations seen are heard beside one of them, and until when. */
export function heardBeside(
  hash: string,
  seen: readonly SeenConfiguration[],
  now: Date,
): { hash: string; until?: Date }[] {
  // A configuration that nobody noted yet begins at this moment.
  const own = seen.find((each) => each.hash === hash) ?? { since: now, confirmedAt: null };
  const others = seen.filter((each) => each.hash !== hash);
  const until = new Date(own.since.getTime() + SETTLING_MS);
  const settling = own.confirmedAt === null && now < until;
  const before = others.filter(({ since }) => since <= own.since);
  const last = Math.max(...before.map(({ seenAt }) => seenAt.getTime()));
  return others.flatMap((other): { hash: string; until?: Date }[] => {
    const earlier = other.since <= own.since;
    const recent = other.seenAt.getTime() >= Math.min(last, own.since.getTime() - SETTLING_MS);
    if (settling && earlier && recent) return [{ hash: other.hash, until }];
    // Confirmed, it need not listen to what is on its way out.
    return isAlive(other, now) && !(earlier && own.confirmedAt !== null) ? [{ hash: other.hash }] : [];
  });
}

/** Where changes of the configuration, and policies that nobody can satisfy, are told. */
export function noticeChannel({ audit, slack }: FixesContext['config']): string | undefined {
  return audit.channel ?? slack.channel;
}

export function subjectOf(hash: string): { kind: string; id: string } {
  return { kind: 'configuration', id: hash };
}

/** Says everything that was said about a configuration as it is now. */
export async function sayAgain(tx: Tx, hash: string): Promise<void> {
  for (const { key, channel } of await messagesAbout(tx.query, subjectOf(hash))) {
    await tx.say({ key, channel, subject: subjectOf(hash) });
  }
}

export function endOf({ since }: Pick<SeenConfiguration, 'since'>): Date {
  return new Date(since.getTime() + SETTLING_MS);
}

function isAlive({ seenAt }: Pick<SeenConfiguration, 'seenAt'>, now: Date): boolean {
  return now.getTime() - seenAt.getTime() < ALIVE_MS;
}
