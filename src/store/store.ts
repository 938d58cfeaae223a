import { AsyncLocalStorage } from 'node:async_hooks';
import { appendAudit, type NewAuditEntry } from './audit.ts';
import type { Db } from './database.ts';
import { StoreMisuse } from './errors.ts';
import type { EnqueueOptions, JobHandler, Jobs } from './jobs.ts';
import { type Saying, say } from './messages.ts';
import type { QueueData, QueueName } from './queues.ts';

/** Everything that happens together or not at all. */
export interface Tx {
  readonly query: Db;
  /** The one moment at which all of it happens. */
  readonly at: Date;
  enqueue<Q extends QueueName>(queue: Q, data: QueueData[Q], options?: EnqueueOptions): Promise<void>;
  /** Notes an entry; it is chained to the audit log as the last thing before the commit. */
  audit(entry: NewAuditEntry): void;
  /** Says something in Slack, or says it anew: it is rendered from its subject when it is delivered. */
  say(saying: Saying): Promise<void>;
}

export interface Store {
  readonly kind: 'pglite' | 'postgres';
  now(): Date;
  /** For reading, outside of transactions. Inside one use `tx.query`: this would wait for the transaction's end. */
  readonly query: Db;
  /** Commits when `work` resolves, rolls everything back when it throws. They do not nest. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  enqueue<Q extends QueueName>(queue: Q, data: QueueData[Q], options?: EnqueueOptions): Promise<void>;
  /** Works on a queue from now on. A handler that throws is tried again, with growing delays, then goes to the dead letters. */
  work<Q extends QueueName>(queue: Q, handler: JobHandler<Q>): Promise<void>;
  /** Lets running jobs end (10 s at most), then closes the database. */
  close(): Promise<void>;
}

export interface StoreParts {
  kind: Store['kind'];
  db: Db;
  jobs: Jobs;
  now: () => Date;
  /** Key of the HMAC on audit entries. */
  auditKey: string | undefined;
  close: () => Promise<void>;
}

/** Puts database and job queue together behind the one way in. */
export function makeStore({ kind, db, jobs, now, auditKey, close }: StoreParts): Store {
  // PGlite has a single connection: whatever goes past an open transaction waits for it, and it for that. Say so instead.
  const inside = new AsyncLocalStorage<{ open: boolean }>();
  const outsideOnly = (what: string) => {
    if (inside.getStore()?.open === true) {
      throw new StoreMisuse(`store.${what} was used inside a transaction`, { next: `Use what the transaction gives.` });
    }
  };
  let closing: Promise<void> | undefined;

  return {
    kind,
    now,
    get query() {
      outsideOnly('query');
      return db;
    },
    async transaction(work) {
      outsideOnly('transaction');
      const scope = { open: true };
      const run = () =>
        db.transaction().execute(async (query) => {
          const entries: NewAuditEntry[] = [];
          const tx: Tx = {
            query,
            at: now(),
            enqueue: (queue, data, options) => jobs.send(queue, data, options, query),
            audit: (entry) => void entries.push(entry),
            say: (saying) => say(tx, saying),
          };
          const result = await work(tx);
          // Last, because the audit log has one end, which stays locked from here to the commit.
          await appendAudit(tx, entries, auditKey);
          return result;
        });
      try {
        return await inside.run(scope, run);
      } finally {
        // A notification may wake a worker from within the commit, and it would carry this scope along.
        scope.open = false;
      }
    },
    enqueue(queue, data, options) {
      outsideOnly('enqueue');
      return jobs.send(queue, data, options);
    },
    work: (queue, handler) => jobs.work(queue, handler),
    close() {
      closing ??= jobs.stop().finally(close);
      return closing;
    },
  };
}
