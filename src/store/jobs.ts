import type { PGlite } from '@electric-sql/pglite';
import { type ConstructorOptions, fromKysely, fromPglite, type JobResult, PgBoss } from 'pg-boss';
import type { Logger } from '../ops/logger.ts';
import type { Db } from './database.ts';
import { StoreMisuse } from './errors.ts';
import { DEAD_LETTERS, QUEUE_NAMES, QUEUES, type QueueData, type QueueName } from './queues.ts';

export interface EnqueueOptions {
  /** Not before this time. */
  startAfter?: Date;
}

/** What a handler is told about the job besides its data. */
export interface JobContext {
  id: string;
  /** 0 on the first try. */
  tries: number;
  /** Aborted when the job took too long or the process stops. */
  signal: AbortSignal;
}

export type JobHandler<Q extends QueueName> = (data: QueueData[Q], job: JobContext) => Promise<void>;

/** The job queue. pg-boss stays behind this: used directly inside a transaction it waits for itself for ever on PGlite. */
export interface Jobs {
  send<Q extends QueueName>(queue: Q, data: QueueData[Q], options?: EnqueueOptions, tx?: Db): Promise<void>;
  work<Q extends QueueName>(queue: Q, handler: JobHandler<Q>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the queue on the database that is open: makes its tables and the declared queues. */
export async function startJobs(on: { pglite: PGlite } | { databaseUrl: string }, logger?: Logger): Promise<Jobs> {
  const boss = new PgBoss({ ...connection(on), ...SETTINGS });
  boss.on('error', (error) => logger?.error({ err: error }, 'job queue error'));
  boss.on('warning', (warning) => logger?.warn({ warning }, 'job queue warning'));
  await boss.start();
  await declareQueues(boss);

  return {
    async send(queue, data, options = {}, tx) {
      const sent = await boss.send(queue, data, {
        ...(options.startAfter === undefined ? {} : { startAfter: options.startAfter }),
        // The plugins of our own tables' names must not touch pg-boss's rows.
        ...(tx === undefined ? {} : { db: fromKysely(tx.withoutPlugins()) }),
      });
      if (sent === null) throw new StoreMisuse('the job was not taken', { what: queue });
    },

    async work(queue, handler) {
      const { concurrency, data: schema } = QUEUES[queue];
      await boss.work(queue, { ...POLLING, localConcurrency: concurrency }, (jobs) =>
        Promise.all(
          jobs.map(async ({ id, data, retryCount, signal }): Promise<JobResult> => {
            try {
              await handler(schema.parse(data), { id, tries: retryCount, signal });
              return { id, status: 'completed' };
            } catch (error) {
              logger?.error({ err: error, queue, job: id, tries: retryCount }, 'job failed');
              return {
                id,
                status: 'failed',
                output: { message: error instanceof Error ? error.message : String(error) },
              };
            }
          }),
        ),
      );
    },

    stop: () => boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS }),
  };
}

const STOP_TIMEOUT_MS = 10_000;

const SETTINGS = {
  useListenNotify: true,
  // Times of the day are claimed by ourselves; pg-boss's own timekeeper is not needed.
  schedule: false,
  superviseIntervalSeconds: 15,
  monitorIntervalSeconds: 15,
} satisfies ConstructorOptions;

// Measured: with these a job is picked up in 4 ms; without `burstWhenBatchFull`, which needs a batch of two or more,
// it is 2 jobs a second, and without the notify interval a lost notification stalls for 30 s.
const POLLING = {
  batchSize: 2,
  burstWhenBatchFull: true,
  perJobResults: true,
  pollingIntervalSeconds: 0.5,
  notifyPollingIntervalSeconds: 1,
} as const;

function connection(on: { pglite: PGlite } | { databaseUrl: string }): ConstructorOptions {
  return 'pglite' in on
    ? { db: fromPglite(on.pglite), backend: 'pglite' }
    : { connectionString: on.databaseUrl, max: 6, application_name: 'trail-check jobs' };
}

async function declareQueues(boss: PgBoss): Promise<void> {
  const there = new Set((await boss.getQueues()).map(({ name }) => name));
  if (!there.has(DEAD_LETTERS)) await boss.createQueue(DEAD_LETTERS, { retryLimit: 0 });
  for (const name of QUEUE_NAMES) {
    const { expireInSeconds, retryLimit, retryDelay, retryDelayMax, heartbeatSeconds } = QUEUES[name];
    const options = {
      notify: true,
      deadLetter: DEAD_LETTERS,
      retryBackoff: true,
      ...{ expireInSeconds, retryLimit, retryDelay, retryDelayMax },
      ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
    };
    if (there.has(name)) await boss.updateQueue(name, options);
    else await boss.createQueue(name, options);
    // Fills pg-boss's memory of the queue: filling it later, inside a transaction, would hang on PGlite.
    await boss.findJobs(name, { key: 'none' });
  }
}
