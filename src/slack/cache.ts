/** Answers of Slack that are kept for a while; asking twice at once asks Slack once. Failures are not kept. */
export interface Cache<T> {
  get(key: string, load: () => Promise<T>): Promise<T>;
  /** Forgets an answer that is older than this, in milliseconds. */
  forget(key: string, olderThan?: number): void;
}

export function createCache<T>({ ttlMs, now }: { ttlMs: number; now: () => Date }): Cache<T> {
  const kept = new Map<string, { at: number; answer: Promise<T> }>();
  const age = (key: string) => now().getTime() - (kept.get(key)?.at ?? Number.NEGATIVE_INFINITY);
  return {
    get(key, load) {
      const known = kept.get(key);
      if (known !== undefined && age(key) < ttlMs) return known.answer;
      const answer = load();
      kept.set(key, { at: now().getTime(), answer });
      answer.catch(() => {
        if (kept.get(key)?.answer === answer) kept.delete(key);
      });
      return answer;
    },
    forget(key, olderThan = -1) {
      if (age(key) > olderThan) kept.delete(key);
    },
  };
}
