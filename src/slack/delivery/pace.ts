/** Between two updates of one message; Slack takes 50 a minute in all (tier 3). */
const UPDATE_EVERY_MS = 1_200;
/** The same for what is only on its way, so that results and decisions find room. */
const FLEETING_EVERY_MS = 3_000;
const FLEETING_A_MINUTE = 25;
/** Slack takes one post a second in a channel, and short bursts. */
const POSTS = { most: 3, within: 3_300 };
const MINUTE_MS = 60_000;

export interface Sending {
  kind: 'post' | 'update';
  key: string;
  channel: string;
  fleeting: boolean;
}

/** How fast this process speaks. What other processes say is not known here: Slack's Retry-After covers it. */
export interface Pace {
  /** Milliseconds until this may be sent; 0 is now. */
  wait(sending: Sending): number;
  sent(sending: Sending): void;
  /** Slack asked to wait this many milliseconds. */
  limited(sending: Pick<Sending, 'kind' | 'channel'>, wait: number): void;
}

export function createPace(now: () => Date): Pace {
  const posts = new Map<string, number[]>();
  const updates = new Map<string, number>();
  let recent: number[] = [];
  const blocked = new Map<string, number>();
  const lane = ({ kind, channel }: Pick<Sending, 'kind' | 'channel'>) => (kind === 'post' ? `post ${channel}` : kind);

  function earliest({ kind, key, channel, fleeting }: Sending): number {
    if (kind === 'post') {
      const [first] = (posts.get(channel) ?? []).slice(-POSTS.most);
      const full = (posts.get(channel)?.length ?? 0) >= POSTS.most;
      return full && first !== undefined ? first + POSTS.within : 0;
    }
    const last = updates.get(key) ?? 0;
    if (!fleeting) return last + UPDATE_EVERY_MS;
    const [oldest] = recent.slice(-FLEETING_A_MINUTE);
    const crowded = recent.length >= FLEETING_A_MINUTE && oldest !== undefined ? oldest + MINUTE_MS : 0;
    return Math.max(last + FLEETING_EVERY_MS, crowded);
  }

  return {
    wait(sending) {
      const from = Math.max(earliest(sending), blocked.get(lane(sending)) ?? 0);
      return Math.max(0, from - now().getTime());
    },
    sent({ kind, key, channel }) {
      const at = now().getTime();
      if (kind === 'post') {
        posts.set(channel, [...(posts.get(channel) ?? []), at].slice(-POSTS.most));
        return;
      }
      recent = [...recent.filter((each) => each > at - MINUTE_MS), at];
      for (const [other, last] of updates) if (last < at - MINUTE_MS) updates.delete(other);
      updates.set(key, at);
    },
    limited(sending, wait) {
      blocked.set(lane(sending), now().getTime() + wait);
    },
  };
}
