import type { Rate } from './rates.ts';

export interface Limiter {
  /** Resolves when a call of this class may be sent in `scope` (account and region). First come, first served. */
  take(scope: string, rate: Rate): Promise<void>;
  /** AWS throttled a call: half the rate for the next ten seconds, then stepwise back. */
  throttled(scope: string, rate: Rate): void;
}

interface Bucket {
  tokens: number;
  at: number;
  /** 1 or a half, a quarter, an eighth of the rate. */
  share: number;
  throttledAt: number;
}

const RECOVERY_MS = 10_000;
const SMALLEST_SHARE = 1 / 8;
/** Calls arrive less evenly than they were sent; a little less than the quota keeps AWS's own bucket from running dry. */
const MARGIN = 0.95;

/** Token buckets for all accounts. `clock` in milliseconds, monotonic. */
export function createLimiter({
  clock,
  sleep,
}: {
  clock: () => number;
  sleep: (ms: number) => Promise<unknown>;
}): Limiter {
  const buckets = new Map<string, Bucket>();

  function bucketOf(scope: string, rate: Rate): Bucket {
    const key = `${scope}/${rate.class}`;
    const at = clock();
    let bucket = buckets.get(key);
    if (!bucket) {
      bucket = { tokens: burst(rate), at, share: 1, throttledAt: at };
      buckets.set(key, bucket);
    }
    while (bucket.share < 1 && at - bucket.throttledAt >= RECOVERY_MS) {
      bucket.share *= 2;
      bucket.throttledAt += RECOVERY_MS;
    }
    bucket.tokens = Math.min(burst(rate), bucket.tokens + ((at - bucket.at) / 1000) * perSecond(bucket, rate));
    bucket.at = at;
    return bucket;
  }

  return {
    async take(scope, rate) {
      const bucket = bucketOf(scope, rate);
      // Going below zero is a place in the queue.
      bucket.tokens -= 1;
      if (bucket.tokens < 0) await sleep((-bucket.tokens / perSecond(bucket, rate)) * 1000);
    },
    throttled(scope, rate) {
      const bucket = bucketOf(scope, rate);
      const now = clock();
      // Calls sent together are throttled together: that is one sign, not many.
      if (bucket.share < 1 && now - bucket.throttledAt < 1_000) return;
      bucket.share = Math.max(SMALLEST_SHARE, bucket.share / 2);
      bucket.throttledAt = now;
    },
  };
}

const burst = (rate: Rate) => Math.max(1, Math.floor(rate.perSecond * 0.9));

const perSecond = (bucket: Bucket, rate: Rate) => rate.perSecond * MARGIN * bucket.share;
