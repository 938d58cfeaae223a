import { runDetail } from '../../posture/summary.ts';
import { findRun } from '../../store/runs.ts';
import { checkMessage, MOST_ENTRIES } from '../blocks/check.ts';
import type { SlackContext } from '../context.ts';
import { entriesOf } from '../entries.ts';
import type { Rendered } from './render.ts';

type CheckContext = Pick<SlackContext, 'store' | 'fixes' | 'catalogue'>;

/** The message of one failing check of a run; `id` is `<run>/<check>`. */
export async function renderCheck(context: CheckContext, id: string): Promise<Rendered | undefined> {
  const { run: runId, check: checkId } = splitCheckSubject(id);
  const run = await findRun(context.store.query, runId);
  const detail = runDetail(run?.counts);
  const check = context.catalogue.get(checkId);
  if (run === undefined || check === undefined || detail === undefined || !('summary' in detail)) return undefined;
  const failing = detail.summary.failing.find((each) => each.check === checkId);
  if (failing === undefined) return undefined;
  const { title, severity, findings } = failing;
  const asleep = new Set((await context.fixes().risks.snoozes(findings)).map(({ finding }) => finding));
  const shown = [...findings].sort((a, b) => Number(asleep.has(a)) - Number(asleep.has(b))).slice(0, MOST_ENTRIES);
  const entries = await entriesOf(context, shown);
  const { rationale, controls } = check;
  return {
    message: checkMessage({
      run,
      check: { id: checkId, title, severity, rationale, controls },
      entries,
      more: Math.max(0, findings.length - MOST_ENTRIES),
      snoozed: [...asleep].filter((id) => !shown.includes(id)).length,
      together: findings.length < 2 ? 0 : (await context.fixes().batchable(findings)).length,
    }),
    fleeting: false,
  };
}

/** `<run>/<resource>/<name>`: ids of checks hold a slash themselves. */
export function splitCheckSubject(id: string): { run: string; check: string } {
  const at = id.indexOf('/');
  return at < 0 ? { run: id, check: '' } : { run: id.slice(0, at), check: id.slice(at + 1) };
}
