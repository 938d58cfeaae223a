/** Bounds what runs at once, per lane (account and region) and over all lanes. */
export interface Limiter {
  /** Runs `work` as soon as its lane and the whole have room; first come, first served within a lane. */
  run<T>(lane: string, work: () => Promise<T>): Promise<T>;
  /** AWS throttled this lane: half as much at once there, and a tenth less over all, until calls succeed again. */
  slowDown(lane: string): void;
}

/** Successes in a row after which a lowered bound rises by one. */
const PATIENCE = 20;
const SMALLEST_TOTAL = 8;

interface Bound {
  running: number;
  limit: number;
  successes: number;
}

interface Lane extends Bound {
  queue: (() => void)[];
}

export function createLimiter({ perLane = 8, total = 64 }: { perLane?: number; total?: number } = {}): Limiter {
  const lanes = new Map<string, Lane>();
  /** Lanes with work waiting and room for it, in the order in which they became so. */
  const ready = new Set<Lane>();
  const whole: Bound = { running: 0, limit: total, successes: 0 };

  function laneOf(name: string): Lane {
    const known = lanes.get(name);
    if (known !== undefined) return known;
    const lane: Lane = { running: 0, limit: perLane, successes: 0, queue: [] };
    lanes.set(name, lane);
    return lane;
  }

  function startWaiting(): void {
    for (const lane of ready) {
      if (whole.running >= whole.limit) return;
      const start = lane.queue.shift();
      ready.delete(lane);
      if (start === undefined) continue;
      lane.running += 1;
      whole.running += 1;
      if (lane.queue.length > 0 && lane.running < lane.limit) ready.add(lane);
      start();
    }
  }

  function finish(lane: Lane): void {
    lane.running -= 1;
    whole.running -= 1;
    recover(lane, perLane);
    recover(whole, total);
    if (lane.queue.length > 0 && lane.running < lane.limit) ready.add(lane);
    startWaiting();
  }

  return {
    async run(name, work) {
      const lane = laneOf(name);
      await new Promise<void>((resolve) => {
        lane.queue.push(resolve);
        if (lane.running < lane.limit) ready.add(lane);
        startWaiting();
      });
      try {
        return await work();
      } finally {
        finish(lane);
      }
    },
    slowDown(name) {
      const lane = laneOf(name);
      lane.limit = Math.max(1, Math.floor(lane.limit / 2));
      lane.successes = 0;
      whole.limit = Math.max(Math.min(SMALLEST_TOTAL, total), Math.floor(whole.limit * 0.9));
      whole.successes = 0;
    },
  };
}

function recover(bound: Bound, full: number): void {
  if (bound.limit >= full) return;
  bound.successes += 1;
  if (bound.successes < PATIENCE) return;
  bound.successes = 0;
  bound.limit += 1;
}
