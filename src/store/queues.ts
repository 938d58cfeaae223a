import { z } from 'zod';

/** What a job of each queue carries: ids, never content; the truth is read from the tables when the job runs. */
export interface QueueData {
  /** One evaluation of a target. */
  run: { runId: string };
  'fix.apply': { fixId: string };
  /** A look at what shows only some time after a fix: log files and digests that come through. */
  'fix.follow-up': { fixId: string };
  /** Something is to be said or said anew in a channel. */
  'message.deliver': { channel: string };
}

export type QueueName = keyof QueueData;

interface QueueDeclaration<Data> {
  data: z.ZodType<Data>;
  /** A job that takes longer is given up and tried again. */
  expireInSeconds: number;
  retryLimit: number;
  /** First delay; it doubles with each try. */
  retryDelay: number;
  retryDelayMax: number;
  /** A job whose process stopped showing signs of life for this long is tried again. */
  heartbeatSeconds?: number;
  /** Workers of one process; each asks the database once a second even when idle, and takes two jobs at a time. */
  concurrency: number;
}

/** Jobs that were tried in vain end here, with their last error. */
export const DEAD_LETTERS = 'dead-letter';

export const QUEUES: { readonly [Q in QueueName]: QueueDeclaration<QueueData[Q]> } = {
  run: {
    data: z.object({ runId: z.string() }),
    expireInSeconds: 2 * 3600,
    retryLimit: 3,
    retryDelay: 2,
    retryDelayMax: 60,
    heartbeatSeconds: 30,
    concurrency: 2,
  },
  'fix.apply': {
    data: z.object({ fixId: z.string() }),
    expireInSeconds: 3600,
    retryLimit: 3,
    retryDelay: 1,
    retryDelayMax: 30,
    heartbeatSeconds: 30,
    concurrency: 4,
  },
  'fix.follow-up': {
    data: z.object({ fixId: z.string() }),
    expireInSeconds: 600,
    retryLimit: 8,
    retryDelay: 10,
    retryDelayMax: 600,
    heartbeatSeconds: 30,
    concurrency: 1,
  },
  'message.deliver': {
    data: z.object({ channel: z.string() }),
    expireInSeconds: 300,
    retryLimit: 8,
    retryDelay: 1,
    retryDelayMax: 120,
    concurrency: 3,
  },
};

export const QUEUE_NAMES: readonly QueueName[] = ['run', 'fix.apply', 'fix.follow-up', 'message.deliver'];
