/** Token buckets with AWS's quotas: one per account, region and API class, as large as a second's worth. */
export interface Throttle {
  /** Takes one token; false when the call is over the quota. */
  admits(key: string, perSecond: number): boolean;
}

/** `clock` in milliseconds; it need not be the time of day. */
export function createThrottle(clock: () => number): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    admits(key, perSecond) {
      const at = clock();
      const size = Math.max(1, perSecond);
      const bucket = buckets.get(key) ?? { tokens: size, at };
      const tokens = Math.min(size, bucket.tokens + ((at - bucket.at) / 1000) * perSecond);
      const admitted = tokens >= 1;
      buckets.set(key, { tokens: admitted ? tokens - 1 : tokens, at });
      return admitted;
    },
  };
}
