import { type RunSummary, runDetail } from '../../posture/summary.ts';
import type { Run } from '../../store/database.ts';
import { changesOfRun, findingsById } from '../../store/findings.ts';
import { findRun, runBefore } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { runMessage } from '../blocks/run.ts';
import type { Rendered } from './render.ts';

/** The message of a run: its progress, then its result. */
export async function renderRun({ store }: { store: Store }, id: string): Promise<Rendered | undefined> {
  const run = await findRun(store.query, id);
  if (run === undefined) return undefined;
  return {
    message: runMessage(run, runDetail(run.counts), await sinceLast(store, run)),
    fleeting: run.state === 'queued' || run.state === 'running',
  };
}

/**
 * What fails now and did not at the run before, and the other way round: fixes between the two count, whoever read their
 * outcome first. What cannot be read any more is not mended, and what comes into sight again is not new.
 */
async function sinceLast(store: Store, run: Run): Promise<{ new: number; mended: number }> {
  const now = failingIn(run);
  const earlier = run.state === 'done' ? await runBefore(store.query, run) : undefined;
  if (earlier === undefined) return { new: now.size, mended: 0 };
  const before = failingIn(earlier);
  const gone = [...before].filter((finding) => !now.has(finding));
  const known = new Map((await findingsById(store.query, gone)).map(({ id, verdict }) => [id, verdict]));
  const mended = gone.filter((finding) => !STILL_OPEN.has(known.get(finding) ?? 'gone')).length;
  if (earlier.complete !== false) return { new: [...now].filter((finding) => !before.has(finding)).length, mended };
  const changes = await changesOfRun(store.query, run.id);
  return { new: changes.filter(({ from, to }) => to === 'fail' && from !== 'unknown').length, mended };
}

/** Verdicts of what did not come up as failing and yet is not mended. */
const STILL_OPEN: ReadonlySet<string> = new Set(['fail', 'unknown', 'exempt']);

function failingIn({ counts }: Run): Set<string> {
  const detail = runDetail(counts);
  const failing: RunSummary['failing'] = detail !== undefined && 'summary' in detail ? detail.summary.failing : [];
  return new Set(failing.flatMap(({ findings }) => findings));
}
