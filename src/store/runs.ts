import type { Db, Run, RunTable } from './database.ts';
import { newRunId } from './ids.ts';
import { toJson } from './json.ts';
import { LEASE_MS } from './leases.ts';
import type { Tx } from './store.ts';

export interface RunRequest {
  target: string;
  trigger: RunTable['trigger'];
  /** Slack user id. */
  requestedBy?: string;
}

/** Makes a run and queues its job, or gives the one that is queued or running for the same target already. */
export async function requestRun(
  tx: Tx,
  { target, trigger, requestedBy }: RunRequest,
): Promise<{ run: Run; shared: boolean }> {
  for (;;) {
    const run = await tx.query
      .insertInto('runs')
      .values({
        id: newRunId(),
        target,
        trigger,
        requestedBy: requestedBy ?? null,
        state: 'queued',
        createdAt: tx.at,
        counts: 'null',
        changed: [],
      })
      .onConflict((conflict) => conflict.column('target').where('state', 'in', ['queued', 'running']).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (run !== undefined) {
      await tx.enqueue('run', { runId: run.id });
      return { run, shared: false };
    }
    // Gone again when it ended between the two statements: then the insert succeeds.
    const open = await openRun(tx.query, target);
    if (open !== undefined) return { run: open, shared: true };
  }
}

function openRun(db: Db, target: string): Promise<Run | undefined> {
  return db
    .selectFrom('runs')
    .selectAll()
    .where('target', '=', target)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
}

/** Begins a queued run, or takes up one whose process died. Undefined: another process has it, or it has ended. */
export function startRun(db: Db, { id, owner, at }: { id: string; owner: string; at: Date }): Promise<Run | undefined> {
  return db
    .updateTable('runs')
    .set((value) => ({
      state: 'running',
      owner,
      leaseUntil: new Date(at.getTime() + LEASE_MS),
      startedAt: value.fn.coalesce('startedAt', value.val(at)),
    }))
    .where('id', '=', id)
    .where((where) =>
      where.or([
        where('state', '=', 'queued'),
        where.and([
          where('state', '=', 'running'),
          where.or([where('owner', '=', owner), where('leaseUntil', '<=', at)]),
        ]),
      ]),
    )
    .returningAll()
    .executeTakeFirst();
}

export interface RunOutcome {
  counts: object;
  score: number;
  complete: boolean;
  /** AWS calls made. */
  calls: number;
}

/** Ends a run; the findings that changed are those recorded under it. False: this process no longer holds it. */
export async function finishRun(
  tx: Tx,
  { id, owner }: { id: string; owner: string },
  outcome: RunOutcome,
): Promise<boolean> {
  const changed = await tx.query
    .selectFrom('findingChanges')
    .select('finding')
    .where('run', '=', id)
    .orderBy('finding')
    .execute();
  const { counts, score, complete, calls } = outcome;
  return end(tx, id, owner, {
    ...{ state: 'done', score, complete, calls },
    counts: toJson(counts),
    changed: changed.map(({ finding }) => finding),
  });
}

/** Ends a run that could not be carried out. `error` is for people. False: this process no longer holds it. */
export function failRun(tx: Tx, { id, owner }: { id: string; owner: string }, error: string): Promise<boolean> {
  return end(tx, id, owner, { state: 'failed', error });
}

interface RunEnd {
  state: 'done' | 'failed';
  score?: number;
  complete?: boolean;
  calls?: number;
  counts?: string;
  changed?: string[];
  error?: string;
}

async function end(tx: Tx, id: string, owner: string, patch: RunEnd): Promise<boolean> {
  const row = await tx.query
    .updateTable('runs')
    .set({ ...patch, finishedAt: tx.at, owner: null, leaseUntil: null })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where('owner', '=', owner)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export function findRun(db: Db, id: string): Promise<Run | undefined> {
  return db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The latest finished runs, newest first, of one target or of all. */
export function latestRuns(db: Db, { target, limit }: { target?: string; limit: number }): Promise<Run[]> {
  let query = db.selectFrom('runs').selectAll().where('state', '=', 'done').orderBy('finishedAt', 'desc').limit(limit);
  if (target !== undefined) query = query.where('target', '=', target);
  return query.execute();
}

/** The finished run of the same target before a finished one. */
export function runBefore(db: Db, { target, finishedAt }: Run): Promise<Run | undefined> {
  return db
    .selectFrom('runs')
    .selectAll()
    .where('state', '=', 'done')
    .where('target', '=', target)
    .where('finishedAt', '<', finishedAt)
    .orderBy('finishedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
}
