import type { Finding } from '../check/finding.ts';
import type { Config } from '../config/config.ts';
import { describeError, errorId } from '../ops/error.ts';
import type { Logger } from '../ops/logger.ts';
import type { Snapshot } from '../snapshot/types.ts';
import { openRisks } from '../store/accepted-risks.ts';
import type { Run } from '../store/database.ts';
import { toJson } from '../store/json.ts';
import { RENEW_EVERY_MS, renewLease } from '../store/leases.ts';
import { failRun, finishRun, latestRuns, requestRun, startRun } from '../store/runs.ts';
import { saveResults } from '../store/save-findings.ts';
import { snoozesOn } from '../store/snoozes.ts';
import type { Store, Tx } from '../store/store.ts';
import { endRisk } from './accepted-risks/end.ts';
import { asleepOf } from './accepted-risks/snoozed.ts';
import type { Catalogue } from './catalogue.ts';
import { findPack } from './packs/packs.ts';
import { type PackReport, packReport, shortened } from './packs/report.ts';
import { type Scan, scan } from './scan.ts';
import { keepSnapshot } from './snapshots.ts';
import { toResult } from './stored-finding.ts';
import { isSnoozed, type RunProgress, type RunSummary, runDetail, summarise } from './summary.ts';
import { findTarget, type ReaderAws } from './target.ts';

/** How often progress is written, and so said, at most. */
const PROGRESS_EVERY_MS = 1_500;
/** The trails are swept for in every region on the first run and then once in this time. */
const SWEEP_EVERY_MS = 24 * 3_600_000;
/** Check messages in the thread of one run; the rest is one click away (decision 58). */
export const MOST_CHECK_MESSAGES = 15;

export interface RunsContext {
  aws: ReaderAws;
  store: Store;
  config: Config;
  /** The same, where exemptions count only once they have settled (decision 38). */
  inForce(): Promise<Config>;
  catalogue: Catalogue;
  logger: Logger;
  /** Unique to this process and its start. */
  owner: string;
  /** What can be done about the findings of a scan, by finding id; the room of fixes, wired by the composition root. */
  propose(scan: { target: string; snapshot: Snapshot; findings: readonly Finding[] }): Promise<Map<string, object>>;
}

export interface Posture {
  /** Asks for a run and says so in the channel. Two who ask for the same target share one. */
  request(ask: {
    target: string;
    channel: string;
    user?: string;
    trigger: Run['trigger'];
    /** Id of the pack to report on as well; the environment's own by default. */
    pack?: string;
  }): Promise<{ run: Run; shared: boolean }>;
  /** Job: carries a run out. */
  execute(runId: string): Promise<void>;
  latest(target?: string, limit?: number): Promise<Run[]>;
}

export function createPosture(context: RunsContext): Posture {
  const { store, config } = context;
  return {
    request: ({ target, channel, user, trigger, pack = config.environments[target]?.pack }) =>
      store.transaction(async (tx) => {
        const requested = await requestRun(tx, {
          target,
          trigger,
          ...(user === undefined ? {} : { requestedBy: user }),
        });
        const { id } = requested.run;
        // A run that is shared is said again in the channel it was asked from, under a key of its own there.
        const threadKey = runKey(id, channel);
        await tx.say({ key: threadKey, channel, subject: { kind: 'run', id } });
        if (pack !== undefined) {
          const subject = { kind: 'pack', id: packSubject(id, pack) };
          await tx.say({ key: `pack:${packSubject(id, pack)}:${channel}`, channel, threadKey, subject });
        }
        return requested;
      }),
    execute: (runId) => execute(context, runId),
    latest: (target, limit = 10) => latestRuns(store.query, { limit, ...(target === undefined ? {} : { target }) }),
  };
}

/** Key of the message of a run in a channel. */
export function runKey(run: string, channel: string): string {
  return `run:${run}:${channel}`;
}

/** What the message of a pack's report is about: `<run>/<pack>`. */
export function packSubject(run: string, pack: string): string {
  return `${run}/${pack}`;
}

/** Key of the message of one failing check in the thread of a run. */
export function checkKey(run: string, check: string, channel: string): string {
  return `check:${run}:${check}:${channel}`;
}

async function execute(context: RunsContext, runId: string): Promise<void> {
  const { store, owner, logger } = context;
  const run = await startRun(store.query, { id: runId, owner, at: store.now() });
  if (run === undefined) return;
  const timer = setInterval(() => {
    renewLease(store.query, 'runs', { id: runId, owner, at: store.now() }).catch((error: unknown) =>
      logger.warn({ err: error, run: runId }, 'could not renew the lease of a run'),
    );
  }, RENEW_EVERY_MS);
  timer.unref();
  try {
    await evaluate(context, run);
  } catch (error) {
    const id = errorId();
    logger.error({ err: error, errorId: id, run: runId }, 'a run failed');
    await store.transaction(async (tx) => {
      await failRun(tx, { id: runId, owner }, `${describeError(error)} (error ${id})`);
      await sayRun(tx, runId);
      await packReports(tx, runId, context.catalogue, []);
    });
  } finally {
    clearInterval(timer);
  }
}

async function evaluate(context: RunsContext, run: Run): Promise<void> {
  const { aws, store, config, catalogue, logger, owner } = context;
  const target = await findTarget(run.target, config, aws);
  const [last] = await latestRuns(store.query, { target: run.target, limit: 1 });
  const now = store.now();
  const sweep = last?.finishedAt == null || now.getTime() - last.finishedAt.getTime() > SWEEP_EVERY_MS;
  const progress = createProgress(context, run.id);
  const scanned = await scan({ aws, config: await context.inForce(), catalogue, now: () => store.now() }, target, {
    sweep,
    accepted: () => openRisks(store.query),
    onProgress: progress.report,
  });
  await progress.stop();
  await keepSnapshot(store, run.target, scanned.snapshot);
  const offers = await context.propose(scanned);
  await saveResults(store, {
    run: run.id,
    takenAt: new Date(scanned.snapshot.takenAt),
    findings: scanned.findings.map((finding) => toResult(finding, offers.get(finding.id))),
    covered: coveredBy(scanned, catalogue),
  });
  const before = runDetail(last?.counts);
  const summary = summarise(scanned.findings, scanned.snapshot, scanned.score, {
    notes: scanned.notes,
    snoozed: asleepOf(scanned.findings, await snoozesOn(store.query, store.now())),
    took: scanned.finishedAt.getTime() - scanned.startedAt.getTime(),
    ...(before !== undefined && 'summary' in before ? { before: before.summary.score } : {}),
  });
  await store.transaction(async (tx) => {
    const packs = await packReports(tx, run.id, context.catalogue, scanned.findings);
    const outcome = {
      counts: { summary: { ...summary, packs } },
      score: summary.score,
      complete: scanned.complete,
      calls: scanned.calls,
    };
    if (!(await finishRun(tx, { id: run.id, owner }, outcome))) return;
    const channels = await sayRun(tx, run.id);
    for (const channel of channels) await sayChecks(tx, run.id, channel, summary);
    const threads = channels.map((channel) => ({ channel, threadKey: runKey(run.id, channel) }));
    for (const { risk, reason } of scanned.outgrown) await endRisk(tx, config, risk, { reason, threads });
  });
  logger.info({ run: run.id, target: run.target, calls: scanned.calls, score: summary.score }, 'run finished');
}

/** What was judged without a gap: findings stored for these that did not come up again are gone. */
function coveredBy(scanned: Scan, catalogue: Catalogue): { accounts: string[]; checks: string[] } {
  const accounts = Object.values(scanned.snapshot.accounts).filter(
    ({ inScope, status }) => inScope && status === 'scanned',
  );
  return { accounts: accounts.map(({ id }) => id), checks: [...catalogue.keys()] };
}

/** The reports that were asked for with a run: each has a message that waits for it. */
async function packReports(
  tx: Tx,
  run: string,
  catalogue: Catalogue,
  findings: readonly Finding[],
): Promise<{ [pack: string]: PackReport }> {
  const waiting = await tx.query
    .selectFrom('messages')
    .select(['key', 'channel', 'threadKey', 'subjectId'])
    .where('subjectKind', '=', 'pack')
    .where('subjectId', 'like', `${run}/%`)
    .execute();
  const reports: { [pack: string]: PackReport } = {};
  for (const { key, channel, threadKey, subjectId } of waiting) {
    const id = subjectId.slice(run.length + 1);
    const pack = findPack(id);
    if ('problem' in pack) continue;
    reports[id] ??= shortened(packReport(pack, catalogue, findings));
    const thread = threadKey === null ? {} : { threadKey };
    await tx.say({ key, channel, ...thread, subject: { kind: 'pack', id: subjectId } });
  }
  return reports;
}

/** Says the message of a run anew, wherever it was said. Gives the channels. */
async function sayRun(tx: Tx, id: string): Promise<string[]> {
  const said = await tx.query
    .selectFrom('messages')
    .select(['key', 'channel'])
    .where('subjectKind', '=', 'run')
    .where('subjectId', '=', id)
    .execute();
  for (const { key, channel } of said) await tx.say({ key, channel, subject: { kind: 'run', id } });
  return said.map(({ channel }) => channel);
}

async function sayChecks(tx: Tx, run: string, channel: string, { failing }: RunSummary): Promise<void> {
  const direct = failing.filter((check) => check.follows === undefined && !isSnoozed(check));
  for (const { check } of direct.slice(0, MOST_CHECK_MESSAGES)) {
    await tx.say({
      key: checkKey(run, check, channel),
      channel,
      threadKey: runKey(run, channel),
      subject: { kind: 'check', id: `${run}/${check}` },
    });
  }
}

/** Writes progress now and then, so that the message of the run can show it; never more often than Slack may update. */
function createProgress({ store, owner, logger }: RunsContext, id: string) {
  let latest: RunProgress | undefined;
  let written = Promise.resolve();
  const write = async () => {
    const progress = latest;
    if (progress === undefined) return;
    latest = undefined;
    await store.transaction(async (tx) => {
      const { numUpdatedRows } = await tx.query
        .updateTable('runs')
        .set({ counts: toJson({ progress }) })
        .where('id', '=', id)
        .where('owner', '=', owner)
        .where('state', '=', 'running')
        .executeTakeFirst();
      if (numUpdatedRows > 0n) await sayRun(tx, id);
    });
  };
  const timer = setInterval(() => {
    written = written
      .then(write)
      .catch((error: unknown) => logger.warn({ err: error, run: id }, 'could not write the progress of a run'));
  }, PROGRESS_EVERY_MS);
  return {
    report(progress: RunProgress) {
      latest = progress;
    },
    async stop() {
      clearInterval(timer);
      await written;
    },
  };
}
