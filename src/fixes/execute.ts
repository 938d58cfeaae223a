import { randomUUID } from 'node:crypto';
import type { Session } from '../aws/session.ts';
import type { Change } from '../check/plan.ts';
import type { Snapshot } from '../snapshot/types.ts';
import { findFix, saveProgress, transition } from '../store/fixes.ts';
import { RENEW_EVERY_MS, renewLease, takeLease } from '../store/leases.ts';
import { announceNow, fixSubject } from './announce.ts';
import { makeCall, type Standing, standingOf } from './apply-change.ts';
import type { FixesContext } from './context.ts';
import { leaveDocuments, noteWritten } from './documents.ts';
import { finish } from './finish.ts';
import { type ChangeProgress, type FixView, type Progress, viewOf } from './fix.ts';
import { freezeFor, placeOf } from './freeze.ts';
import { isAsApproved, prepare } from './prepare.ts';
import { rollBack } from './roll-back.ts';
import { sessionsOf } from './sessions.ts';
import { targetsOfLast } from './targets.ts';
import { verify } from './verify.ts';

/** What a step starts from may take a while to be readable after the step before it. */
const SETTLING_MS = 30_000;
const FIRST_WAIT_MS = 1_000;
/** A call whose answer was lost, and that has not been carried out, is made this often. */
const MOST_TRIES = 3;

/**
 * Carries an approved fix out, or takes up one whose process died: AWS is read before each change, so that a change
 * already made is skipped and nothing is made twice. Safe to call any number of times: each call holds the fix under a
 * name of its own, so that two in one process stay apart too.
 */
export async function applyFix(shared: FixesContext, fixId: string): Promise<void> {
  const context = { ...shared, owner: `${shared.owner}/${randomUUID()}` };
  const { store, owner } = context;
  const approved = await current(context, fixId);
  const ours =
    approved?.state === 'approved'
      ? await prepare(context, approved)
      : await takeLease(store.query, 'fixes', { id: fixId, owner, at: store.now() });
  if (!ours) return;
  const stop = keepLease(context, fixId);
  try {
    await carryOn(context, fixId);
  } finally {
    stop();
    await leaveDocuments(context, fixId);
  }
}

async function carryOn(context: FixesContext, fixId: string): Promise<void> {
  const fix = await current(context, fixId);
  if (fix === undefined) return;
  const { changes, rollingBack } = fix.progress;
  if (!isAsApproved(fix)) {
    const any = changes.some(({ state }) => state === 'done');
    const reason = 'The stored plan is not the one that was approved, so nothing more was done. Look at the audit log.';
    return finish(context, fix, any ? 'partly-applied' : 'failed', changes, reason);
  }
  if (rollingBack !== undefined) return rollBack(context, fix, changes, rollingBack);
  if (fix.state === 'applying') await runChanges(context, fix);
  const after = fix.state === 'applying' ? await current(context, fixId) : fix;
  if (after?.state === 'verifying') await verify(context, after);
}

/** Renews the lease while the work goes on. */
function keepLease({ store, owner, logger }: FixesContext, id: string): () => void {
  const timer = setInterval(() => {
    renewLease(store.query, 'fixes', { id, owner, at: store.now() }).catch((error: unknown) =>
      logger.warn({ err: error, fix: id }, 'could not renew the lease of a fix'),
    );
  }, RENEW_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function current({ store }: FixesContext, id: string): Promise<FixView | undefined> {
  const row = await findFix(store.query, id);
  return row === undefined ? undefined : viewOf(row);
}

/** Makes the changes one after the other; each begins with a read of what it starts from. */
async function runChanges(context: FixesContext, fix: FixView): Promise<void> {
  const { store, owner, reading } = context;
  const { plan, target } = fix.proposal;
  const done: ChangeProgress[] = [...fix.progress.changes];
  const stored = await reading.latest(target);
  if (stored === undefined)
    return finish(context, fix, 'failed', done, 'The snapshot of this plan is no longer there.');
  const sessions = await sessionsOf(context, fix, stored);
  const save = async (progress: Progress) =>
    (await renewLease(store.query, 'fixes', { id: fix.id, owner, at: store.now() })) &&
    (await saveProgress(store.query, { id: fix.id, owner, at: store.now() }, progress));

  let snapshot = stored;
  for (const [at, change] of plan.changes.entries()) {
    if (done[at] !== undefined) continue;
    const before = await standingBefore(context, plan.changes.slice(0, at + 1), snapshot);
    snapshot = before.snapshot;
    if (before.standing === 'other' || before.standing === 'unreadable') {
      const reason =
        before.standing === 'other'
          ? `${change.resource} changed while the fix ran. Nothing was overwritten.`
          : `${change.resource} could not be read, so nothing was written to it.`;
      done[at] = { state: 'failed', error: reason };
      const any = done.some(({ state }) => state === 'done');
      return finish(context, fix, any ? 'partly-applied' : 'failed', done, reason);
    }
    if (before.standing === 'done') {
      // Made by us before a crash, or by somebody else, whose work an undo leaves alone.
      done[at] = { state: fix.progress.begun === at ? 'done' : 'skipped' };
    } else {
      const frozen = await frozenFor(context, fix);
      if (frozen !== undefined) {
        done[at] = { state: 'failed', error: frozen };
        const any = done.some(({ state }) => state === 'done');
        return finish(context, fix, any ? 'partly-applied' : 'failed', done, frozen);
      }
      const session = sessions.get(change.account);
      if (session === undefined) throw new Error(`No session for account ${change.account}`);
      // Before each write: whoever lost the lease must not write any more.
      if (!(await save({ changes: done, begun: at }))) return;
      const made = await makeChange(context, session, plan.changes.slice(0, at + 1), done, snapshot);
      done[at] = made;
      if (made.state === 'failed') return rollBack(context, fix, done, made.error ?? 'A step failed.');
      await noteWritten(context, change);
    }
    if (!(await save({ changes: done }))) return;
    await store.transaction((tx) => announceNow(context, tx, fix.id));
  }
  await toVerifying(context, fix, done);
}

/** Why nothing more may be called now; a freeze begun anywhere stops every replica before its next call. */
async function frozenFor({ store }: FixesContext, fix: FixView): Promise<string | undefined> {
  // What was approved alone in an emergency ignores freezes (decision 34).
  if (fix.row.breakGlass) return undefined;
  const freeze = await freezeFor(store.query, fix);
  return freeze === undefined
    ? undefined
    : `${placeOf(freeze.environment)} was frozen, so nothing more was done. Check again once the freeze is lifted.`;
}

/** What the state says about the last of these changes; waits where the ones before it may not be readable yet. */
async function standingBefore(
  { reading, sleep }: FixesContext,
  changes: readonly Change[],
  from: Snapshot,
): Promise<{ standing: Standing; snapshot: Snapshot }> {
  let snapshot = from;
  for (let waited = 0, wait = FIRST_WAIT_MS; ; waited += wait, wait *= 2) {
    snapshot = await reading.refresh(snapshot, targetsOfLast(changes));
    const last = changes.at(-1);
    const standing = last === undefined ? 'done' : standingOf(last, snapshot);
    const passing = standing === 'unreadable' || (standing === 'other' && changes.length > 1);
    if (!passing || waited >= SETTLING_MS) return { standing, snapshot };
    await sleep(wait);
  }
}

/**
 * Makes the last of these changes once. Where no answer comes, or AWS refuses, the state decides: what stands as planned
 * was made; what stands as before after a lost answer is tried again.
 */
async function makeChange(
  { reading, sleep }: FixesContext,
  session: Session,
  changes: readonly Change[],
  earlier: readonly ChangeProgress[],
  snapshot: Snapshot,
): Promise<ChangeProgress> {
  const change = changes.at(-1);
  if (change === undefined) return { state: 'skipped' };
  for (let tries = 1; ; tries++) {
    const { made, lost } = await makeCall(session, change, earlier, sleep);
    if (made.state === 'done') return made;
    const standing = standingOf(change, await reading.refresh(snapshot, targetsOfLast(changes)));
    if (standing === 'done') return { state: 'done' };
    if (!lost || standing !== 'to-do' || tries >= MOST_TRIES) return made;
    await sleep(FIRST_WAIT_MS);
  }
}

async function toVerifying(context: FixesContext, fix: FixView, done: ChangeProgress[]): Promise<void> {
  const { store, owner } = context;
  await store.transaction(async (tx) => {
    const progress: Progress = { changes: done, verifyingSince: tx.at.toISOString() };
    if (!(await transition(tx, { id: fix.id, owner }, 'applying', 'verifying', { progress }))) return;
    tx.audit({
      actor: 'trail-check',
      action: 'fix.applied',
      subject: fixSubject(fix),
      planHash: fix.planHash,
      data: { requestIds: done.flatMap(({ requestId }) => requestId ?? []) },
    });
    await announceNow(context, tx, fix.id);
  });
}
