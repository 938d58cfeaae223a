import { saveProgress } from '../store/fixes.ts';
import { renewLease } from '../store/leases.ts';
import { makeCall, standingOf } from './apply-change.ts';
import type { FixesContext } from './context.ts';
import { noteWritten } from './documents.ts';
import { finish } from './finish.ts';
import type { ChangeProgress, FixView } from './fix.ts';
import { sessionsOf } from './sessions.ts';
import { targetsOfLast } from './targets.ts';

/**
 * Takes back what was made, newest first, as the approved plan says: only what has an automatic way back, and only what
 * still stands as this fix left it. A process that dies meanwhile is followed by one that goes on here.
 */
export async function rollBack(
  context: FixesContext,
  fix: FixView,
  changes: readonly ChangeProgress[],
  error: string,
): Promise<void> {
  const { store, owner, reading, sleep } = context;
  const { plan, target } = fix.proposal;
  const done = [...changes];
  const made = plan.changes.map((change, at) => ({ change, at })).filter(({ at }) => done[at]?.state === 'done');
  const touched = made.length > 0 || done.some(({ state }) => state === 'undone');
  if (!touched) return finish(context, fix, 'failed', done, error);
  const stored = await reading.latest(target);
  if (stored === undefined) return finish(context, fix, 'partly-applied', done, error);
  const sessions = await sessionsOf(context, fix, stored);
  const save = () =>
    saveProgress(store.query, { id: fix.id, owner, at: store.now() }, { changes: done, rollingBack: error });
  if (!(await save())) return;

  let snapshot = stored;
  let complete = true;
  for (const { change, at } of made.reverse()) {
    snapshot = await reading.refresh(snapshot, targetsOfLast(plan.changes.slice(0, at + 1)));
    const standing = standingOf(change, snapshot);
    const session = sessions.get(change.account);
    if (standing === 'to-do') {
      // It stands as before already: taken back by us before a crash, or by somebody else.
      done[at] = { ...done[at], state: 'undone' };
    } else if (standing === 'done' && change.undo?.automatic === true && session !== undefined) {
      if (!(await renewLease(store.query, 'fixes', { id: fix.id, owner, at: store.now() }))) return;
      const { made: undone } = await makeCall(session, change.undo, done, sleep);
      if (undone.state === 'done') {
        const { requestId } = undone;
        done[at] = { ...done[at], state: 'undone', ...(requestId === undefined ? {} : { requestId }) };
        await noteWritten(context, { target: change.target, result: change.expect });
      } else complete = false;
    } else complete = false;
    if (!(await save())) return;
  }
  await finish(context, fix, complete ? 'rolled-back' : 'partly-applied', done, error);
}
