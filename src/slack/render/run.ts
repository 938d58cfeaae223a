import { runDetail } from '../../posture/summary.ts';
import { changesOfRun } from '../../store/findings.ts';
import { findRun } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { runMessage } from '../blocks/run.ts';
import type { Rendered } from './render.ts';

/** The message of a run: its progress, then its result. */
export async function renderRun({ store }: { store: Store }, id: string): Promise<Rendered | undefined> {
  const run = await findRun(store.query, id);
  if (run === undefined) return undefined;
  const changes = run.state === 'done' ? await changesOfRun(store.query, id) : [];
  const isNew = changes.filter(({ to }) => to === 'fail').length;
  const mended = changes.filter(({ from, to }) => from === 'fail' && (to === 'pass' || to === null)).length;
  return {
    message: runMessage(run, runDetail(run.counts), { new: isNew, mended }),
    fleeting: run.state === 'queued' || run.state === 'running',
  };
}
