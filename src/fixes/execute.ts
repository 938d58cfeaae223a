import type { Session } from '../aws/session.ts';
import type { Change } from '../check/plan.ts';
import { planHash } from '../check/plan.ts';
import type { PartKey } from '../snapshot/types.ts';
import { decisionsOn, lapseDecisions } from '../store/approvals.ts';
import { documentWritten, holdDocuments, releaseDocuments } from '../store/documents.ts';
import { findFix, reviseFix, saveProgress, transition } from '../store/fixes.ts';
import { LEASE_MS, RENEW_EVERY_MS, renewLease, takeLease } from '../store/leases.ts';
import type { Tx } from '../store/store.ts';
import { makeCall, standingOf } from './apply-change.ts';
import type { FixesContext } from './context.ts';
import { policiesOf } from './decide.ts';
import { documentsOf, fenceFor, resultHash } from './fence.ts';
import { type ChangeProgress, type FixView, type Progress, viewOf } from './fix.ts';
import { mayApprove } from './policy.ts';
import { planAgain, toFixPlan } from './propose.ts';
import { verify } from './verify.ts';

/** How long a plan waits for the documents another one is writing. */
const DOCUMENTS_WAIT_MS = 5 * 60_000;

/**
 * Carries an approved fix out, or takes up one whose process died: AWS is read before each change, so that a change
 * already made is skipped and nothing is made twice. Safe to call any number of times.
 */
export async function applyFix(context: FixesContext, fixId: string): Promise<void> {
  let fix = await current(context, fixId);
  if (fix?.state === 'approved') {
    if (!(await prepare(context, fix))) return;
  } else if (!(await takeUp(context, fixId))) return;
  const stop = keepLease(context, fixId);
  try {
    fix = await current(context, fixId);
    if (fix?.state === 'applying') {
      await runChanges(context, fix);
      fix = await current(context, fixId);
    }
    if (fix?.state === 'verifying') await verify(context, fix);
  } finally {
    stop();
    await releaseDocuments(context.store.query, fixId);
  }
}

/** Takes a fix that is under way and whose process let its lease lapse. */
function takeUp({ store, owner }: FixesContext, id: string): Promise<boolean> {
  return takeLease(store.query, 'fixes', { id, owner, at: store.now() });
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

/**
 * `approved -> applying`: the second look. Every approver must still be allowed, the plan made again from what AWS says
 * now must have the same hash, and no other fix may hold the documents.
 */
async function prepare(context: FixesContext, fix: FixView): Promise<boolean> {
  const { store, owner } = context;
  if (fix.expiresAt !== undefined && fix.expiresAt <= store.now()) {
    await move(context, fix, 'expired', {}, 'fix.expired');
    return false;
  }
  const decisions = await decisionsOn(store.query, fix);
  const approvals = decisions.filter(({ decision }) => decision === 'approve');
  const policies = policiesOf(context, fix);
  const allowed = await Promise.all(approvals.map(({ user }) => mayApprove(user, policies, context.directory)));
  const lapsed = approvals.filter((_, at) => allowed[at] !== true).map(({ user }) => user);
  const needed = Math.max(fix.people, ...policies.map(({ people }) => people));
  if (approvals.length - lapsed.length < needed) {
    await store.transaction(async (tx) => {
      if (!(await transition(tx, { id: fix.id, revision: fix.revision }, 'approved', 'pending'))) return;
      await lapseDecisions(tx, fix, lapsed);
      tx.audit({
        actor: 'trail-check',
        action: 'fix.approvals-lapsed',
        subject: subject(fix),
        data: { users: lapsed },
      });
      await announceNow(context, tx, fix.id);
    });
    return false;
  }
  const again = await planAgain(context, fix);
  if (again.kind === 'unreadable') {
    await move(context, fix, 'drifted', { error: again.reason }, 'fix.drifted');
    return false;
  }
  if (again.kind === 'gone') {
    await move(context, fix, 'superseded', { error: again.reason }, 'fix.superseded');
    return false;
  }
  if (planHash(again.proposal.plan) !== fix.planHash) {
    await store.transaction(async (tx) => {
      if (!(await transition(tx, { id: fix.id, revision: fix.revision }, 'approved', 'drifted'))) return;
      tx.audit({ actor: 'trail-check', action: 'fix.drifted', subject: subject(fix), planHash: fix.planHash });
      const origin = fix.proposal.origin;
      await reviseFix(tx, fix, toFixPlan({ ...again.proposal, ...(origin === undefined ? {} : { origin }) }, context));
      const error = 'AWS has changed since this was approved. Nothing ran; here is the new plan.';
      await tx.query.updateTable('fixes').set({ error }).where('id', '=', fix.id).execute();
      await announceNow(context, tx, fix.id);
    });
    return false;
  }
  const documents = documentsOf(fix.proposal.plan);
  for (let waited = 0; ; waited += RENEW_EVERY_MS) {
    const until = new Date(store.now().getTime() + DOCUMENTS_WAIT_MS);
    if (await store.transaction((tx) => holdDocuments(tx, documents, fix.id, until))) break;
    if (waited >= DOCUMENTS_WAIT_MS) throw new Error(`The documents of fix ${fix.id} are held by another fix.`);
    await context.sleep(RENEW_EVERY_MS);
  }
  const started = await store.transaction(async (tx) => {
    const moved = await transition(tx, { id: fix.id, revision: fix.revision }, 'approved', 'applying', {
      owner,
      leaseUntil: new Date(tx.at.getTime() + LEASE_MS),
      progress: { changes: [] } satisfies Progress,
    });
    if (!moved) return false;
    tx.audit({ actor: 'trail-check', action: 'fix.applying', subject: subject(fix), planHash: fix.planHash });
    await announceNow(context, tx, fix.id);
    return true;
  });
  return started;
}

/** Makes the changes one after the other; each begins with a read of what it starts from. */
async function runChanges(context: FixesContext, fix: FixView): Promise<void> {
  const { store, owner, reading } = context;
  const { plan, target } = fix.proposal;
  const done: ChangeProgress[] = [...fix.progress.changes];
  const snapshot = await reading.latest(target);
  if (snapshot === undefined)
    return finish(context, fix, 'failed', done, 'The snapshot of this plan is no longer there.');
  const sessions = await sessionsOf(context, fix, snapshot.partition);

  for (const [at, change] of plan.changes.entries()) {
    const earlier = done[at];
    if (earlier?.state === 'done' || earlier?.state === 'skipped') continue;
    const fresh = await reading.refresh(snapshot, [change.target]);
    const standing = standingOf(change, fresh);
    if (standing === 'other' || standing === 'unreadable') {
      const reason =
        standing === 'other'
          ? `${change.resource} changed while the fix ran. Nothing was overwritten.`
          : `${change.resource} could not be read, so nothing was written to it.`;
      done[at] = { state: 'failed', error: reason };
      const any = done.some(({ state }) => state === 'done');
      return finish(context, fix, any ? 'partly-applied' : 'failed', done, reason);
    }
    if (standing === 'done') {
      done[at] = { state: 'skipped' };
    } else {
      // Before each write: whoever lost the lease must not write any more.
      if (!(await renewLease(store.query, 'fixes', { id: fix.id, owner, at: store.now() }))) return;
      const session = sessions.get(change.account);
      if (session === undefined) throw new Error(`No session for account ${change.account}`);
      done[at] = await makeCall(session, change, done, context.sleep);
    }
    const progress: Progress = { changes: done };
    if (!(await saveProgress(store.query, { id: fix.id, owner, at: store.now() }, progress))) return;
    if (done[at]?.state === 'failed') return rollBack(context, fix, done, sessions);
    await documentWritten(store.query, { document: change.target, hash: resultHash(change), at: store.now() });
    await store.transaction((tx) => announceNow(context, tx, fix.id));
  }
  await store.transaction(async (tx) => {
    const progress: Progress = { changes: done, verifyingSince: tx.at.toISOString() };
    if (!(await transition(tx, { id: fix.id, owner }, 'applying', 'verifying', { progress }))) return;
    tx.audit({
      actor: 'trail-check',
      action: 'fix.applied',
      subject: subject(fix),
      planHash: fix.planHash,
      data: { requestIds: done.flatMap(({ requestId }) => requestId ?? []) },
    });
    await announceNow(context, tx, fix.id);
  });
}

/** The fenced sessions of a fix, one an account. */
export async function sessionsOf(
  context: FixesContext,
  fix: FixView,
  partition: string,
): Promise<Map<string, Session>> {
  const decisions = await decisionsOn(context.store.query, fix);
  const approvers = decisions.filter(({ decision }) => decision === 'approve').map(({ user }) => user);
  const accounts = [...new Set(fix.proposal.plan.changes.map(({ account }) => account))];
  return new Map(
    accounts.map((account) => [account, context.fixer(account, fenceFor(fix, account, { partition, approvers }))]),
  );
}

/**
 * Takes back what was made, newest first, as the approved plan says: only what has an automatic way back, and only what
 * still stands as this fix left it.
 */
export async function rollBack(
  context: FixesContext,
  fix: FixView,
  done: ChangeProgress[],
  sessions: Map<string, Session>,
): Promise<void> {
  const { reading } = context;
  const { plan, target } = fix.proposal;
  const error = done.find(({ state }) => state === 'failed')?.error ?? fix.error ?? 'A step failed.';
  const made = plan.changes.map((change, at) => ({ change, at })).filter(({ at }) => done[at]?.state === 'done');
  if (made.length === 0) return finish(context, fix, 'failed', done, error);
  const snapshot = await reading.latest(target);
  let complete = true;
  for (const { change, at } of made.reverse()) {
    const session = sessions.get(change.account);
    const untouched =
      snapshot !== undefined && standingOf(change, await reading.refresh(snapshot, [change.target])) === 'done';
    const undone =
      change.undo?.automatic === true && session !== undefined && untouched
        ? await makeCall(session, change.undo, done, context.sleep)
        : undefined;
    if (undone?.state === 'done') {
      done[at] = {
        ...done[at],
        state: 'undone',
        ...(undone.requestId === undefined ? {} : { requestId: undone.requestId }),
      };
    } else complete = false;
  }
  await finish(context, fix, complete ? 'rolled-back' : 'partly-applied', done, error);
}

/** Ends a fix that did not work, from `applying` or `verifying`, and says so everywhere. */
export async function finish(
  context: FixesContext,
  fix: FixView,
  state: 'failed' | 'partly-applied' | 'rolled-back',
  changes: ChangeProgress[],
  error: string,
): Promise<void> {
  const { store, owner } = context;
  await store.transaction(async (tx) => {
    const patch = { progress: { ...fix.progress, changes }, error };
    if (!(await transition(tx, { id: fix.id, owner }, ['applying', 'verifying'], state, patch))) return;
    tx.audit({
      actor: 'trail-check',
      action: `fix.${state}`,
      subject: subject(fix),
      planHash: fix.planHash,
      data: { error, requestIds: changes.flatMap(({ requestId }) => requestId ?? []) },
    });
    await announceNow(context, tx, fix.id);
  });
}

async function move(
  context: FixesContext,
  fix: FixView,
  to: 'expired' | 'superseded' | 'drifted',
  patch: { error?: string },
  action: string,
): Promise<void> {
  await context.store.transaction(async (tx) => {
    if (!(await transition(tx, { id: fix.id, revision: fix.revision }, 'approved', to, patch))) return;
    tx.audit({ actor: 'trail-check', action, subject: subject(fix), planHash: fix.planHash, data: patch });
    await announceNow(context, tx, fix.id);
  });
}

/** Announces a fix as it is inside this transaction. */
export async function announceNow(context: FixesContext, tx: Tx, id: string): Promise<void> {
  const row = await findFix(tx.query, id);
  if (row !== undefined) await context.announce(tx, viewOf(row));
}

function subject({ id }: FixView) {
  return { kind: 'fix', id };
}

/** Targets of a plan: what is read again before and after it runs. */
export function targetsOf(changes: readonly Change[]): PartKey[] {
  return [...new Set(changes.map(({ target }) => target))];
}
