import { findPack } from '../../posture/packs/packs.ts';
import { runDetail } from '../../posture/summary.ts';
import { findRun } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { packMessage } from '../blocks/pack.ts';
import type { Rendered } from './render.ts';

/** The report of one pack on a run; `id` is `<run>/<pack>`. */
export async function renderPack({ store }: { store: Store }, id: string): Promise<Rendered | undefined> {
  const [runId = '', packId = ''] = id.split('/');
  const run = await findRun(store.query, runId);
  const pack = findPack(packId);
  if (run === undefined || 'problem' in pack) return undefined;
  const detail = runDetail(run.counts);
  const report = detail !== undefined && 'summary' in detail ? detail.summary.packs?.[packId] : undefined;
  return {
    message: packMessage(run, pack.title, report),
    fleeting: run.state === 'queued' || run.state === 'running',
  };
}
