const MINUTE_MS = 60_000;

/**
 * Calls a minute for each method. Tier 1 is written "1+" by Slack; ten, because an app may open ten sockets.
 * "Special" methods take hundreds a minute. Tiers from slackapi's table of methods.
 */
const TIERS = { 1: 10, 2: 20, 3: 50, 4: 100, special: 600 };
type Tier = keyof typeof TIERS;

export const METHOD_TIERS: Record<string, Tier> = {
  'apps.connections.open': 1,
  'auth.test': 'special',
  'blocks.validate': 'special',
  'chat.delete': 3,
  'chat.getPermalink': 'special',
  'chat.postEphemeral': 4,
  'chat.postMessage': 'special',
  'chat.update': 3,
  'conversations.history': 3,
  'conversations.info': 3,
  'conversations.list': 2,
  'conversations.members': 4,
  'conversations.open': 3,
  'conversations.replies': 3,
  'files.completeUploadExternal': 4,
  'files.getUploadURLExternal': 4,
  'reactions.add': 3,
  'usergroups.list': 2,
  'usergroups.users.list': 2,
  'users.info': 4,
  'users.list': 2,
  'users.lookupByEmail': 3,
  'views.open': 4,
  'views.publish': 4,
  'views.push': 4,
  'views.update': 4,
};

/** One message a second in a channel; short bursts pass. */
const CHANNEL_BURST = 5;
const CHANNEL_INTERVAL_MS = 1000;

export type RateLimiter = { calls: Map<string, number[]>; channels: Map<string, { left: number; at: number }> };

export function createRateLimiter(): RateLimiter {
  return { calls: new Map(), channels: new Map() };
}

/** Counts the call and gives `undefined`, or the seconds after which it may be tried again. */
export function overLimit(
  limiter: RateLimiter,
  method: string,
  channel: string | undefined,
  now: number,
): number | undefined {
  const allowed = TIERS[METHOD_TIERS[method] ?? 3];
  const recent = (limiter.calls.get(method) ?? []).filter((at) => at > now - MINUTE_MS);
  limiter.calls.set(method, recent);
  const [oldest] = recent;
  if (recent.length >= allowed && oldest !== undefined) {
    return Math.max(1, Math.ceil((oldest + MINUTE_MS - now) / 1000));
  }
  if (method === 'chat.postMessage' && channel !== undefined && !takeFromBucket(limiter, channel, now)) return 1;
  recent.push(now);
  return undefined;
}

function takeFromBucket(limiter: RateLimiter, channel: string, now: number): boolean {
  const bucket = limiter.channels.get(channel) ?? { left: CHANNEL_BURST, at: now };
  const left = Math.min(CHANNEL_BURST, bucket.left + (now - bucket.at) / CHANNEL_INTERVAL_MS);
  const granted = left >= 1;
  limiter.channels.set(channel, { left: granted ? left - 1 : left, at: now });
  return granted;
}
