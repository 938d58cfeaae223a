import { randomBytes } from 'node:crypto';
import { type Logger as CronLogger, createTask } from 'node-cron';
import type { Config } from '../config/config.ts';
import type { Logger } from '../ops/logger.ts';
import type { Store } from '../store/store.ts';
import { ABANDONED_AFTER_MS, createTurns } from './turns.ts';

export interface ScheduleOptions {
  config: Pick<Config, 'schedules'>;
  store: Store;
  now: () => Date;
  logger: Logger;
  /**
   * Queues the work of one slot. It may be called twice for one slot if the process dies or it rejects half-way, so it
   * must bear that; it is never called twice otherwise.
   */
  run(slot: Date): Promise<void>;
}

export interface Schedule {
  /** Makes up for a slot missed while nothing ran (6 hours at most), then waits for the next. */
  start(): Promise<void>;
  /** Waits for work that has begun. */
  stop(): Promise<void>;
}

/** Runs `schedules.scan`: each slot once, whatever number of processes share the store. Without it nothing happens. */
export function createSchedule({ config, store, now, logger, run }: ScheduleOptions): Schedule {
  const { scan: expression, timezone } = config.schedules;
  if (expression === undefined) return { start: async () => {}, stop: async () => {} };

  const busy = new Set<Promise<void>>();
  const attempt = (work: () => Promise<void>): Promise<void> => {
    const done = work().catch((error: unknown) => logger.error({ err: error }, 'a scheduled turn failed'));
    busy.add(done);
    return done.finally(() => busy.delete(done));
  };

  const task = createTask(expression, ({ date }) => attempt(() => turns.take(date)), {
    timezone,
    logger: cronLogger(logger),
    suppressMissedWarning: true,
  });
  // node-cron gives up a slot it reaches a second late, as after a pause of the machine. Late is better than not at all.
  task.on('execution:missed', ({ date }) => attempt(() => turns.take(date)));
  const turns = createTurns({
    // A schedule that was changed is a new one: its slots of this morning were not missed.
    job: `scan ${expression} ${timezone}`,
    owner: `${process.pid}-${randomBytes(6).toString('hex')}`,
    matches: (minute) => task.match(minute),
    ...{ store, now, logger, run },
  });
  let timer: NodeJS.Timeout | undefined;

  return {
    async start() {
      await task.start();
      timer = setInterval(() => attempt(turns.takeAbandoned), ABANDONED_AFTER_MS);
      await attempt(turns.catchUp);
      await attempt(turns.takeAbandoned);
      logger.info({ schedule: expression, timezone, next: task.getNextRun() }, 'scans are scheduled');
    },
    async stop() {
      clearInterval(timer);
      await task.destroy();
      await Promise.all(busy);
    },
  };
}

function cronLogger(logger: Logger): CronLogger {
  const error = (level: 'error' | 'debug') => (message: string | Error, cause?: Error) => {
    const err = message instanceof Error ? message : cause;
    logger[level]({ err, says: String(message) }, 'the scheduler reports');
  };
  return {
    info: (says) => logger.info({ says }, 'the scheduler reports'),
    warn: (says) => logger.warn({ says }, 'the scheduler reports'),
    error: error('error'),
    debug: error('debug'),
  };
}
