import { planHash } from '../check/plan.ts';
import { decisionsOn, lapseDecisions } from '../store/approvals.ts';
import { lockFix, transition } from '../store/fixes.ts';
import { LEASE_MS } from '../store/leases.ts';
import { isEmergency, unmarkEmergency } from '../store/sign-offs.ts';
import type { Tx } from '../store/store.ts';
import { type Gone, planAgain } from './again.ts';
import { announceNow, fixSubject } from './announce.ts';
import { emergencyStands } from './break-glass.ts';
import type { FixesContext } from './context.ts';
import { leaveDocuments, takeDocuments } from './documents.ts';
import { followEmergency } from './emergency-messages.ts';
import type { FixView, Progress, Proposal } from './fix.ts';
import { mayRunNow } from './let-run.ts';
import { policiesInForce } from './powers.ts';
import { isProven, stepUpFor } from './step-up/level.ts';
import { revise, supersede } from './supersede.ts';
import { concernedWith, tell } from './tell.ts';
import { wordsThatCount } from './words-that-count.ts';

/**
 * `approved -> applying`: the second look. Every approver must still be allowed, a change window open and no freeze on, no
 * other fix may hold the documents, and the plan made again from what AWS says now must have the same hash. True for the
 * one process that may go on.
 */
export async function prepare(context: FixesContext, fix: FixView): Promise<boolean> {
  if (fix.expiresAt !== undefined && fix.expiresAt <= context.store.now()) {
    await end(context, fix, 'expired');
    return false;
  }
  if (!(await stillApproved(context, fix))) return false;
  if (!(await mayRunNow(context, fix, await policiesInForce(context, fix)))) return false;
  try {
    if (!(await takeDocuments(context, fix))) return false;
    const again = await stillTheSame(context, fix);
    return again !== undefined && (await start(context, fix, again));
  } finally {
    await leaveDocuments(context, fix.id);
  }
}

/** Judges the approvals anew (decision 29); those that fail lapse and the fix waits for others. */
async function stillApproved(context: FixesContext, fix: FixView): Promise<boolean> {
  const { store } = context;
  const decisions = await decisionsOn(store.query, fix);
  const policies = await policiesInForce(context, fix);
  const approvals = decisions.filter(({ decision }) => decision === 'approve');
  // What the workspace says now counts, not what it said when they clicked.
  for (const { user } of approvals) context.directory.forget(user);
  if (fix.row.breakGlass && (await emergencyStands(context, fix, approvals, policies))) return true;
  // What was proven must suffice now, too; a word given in an emergency never counts as one of several.
  const level = stepUpFor(fix, policies);
  const proven = approvals.filter((approval) => isProven(approval.stepUp, level) && !isEmergency(approval));
  const { counting, needed } = await wordsThatCount(context, fix, proven, policies);
  if (counting.length >= needed && !fix.row.breakGlass) return true;
  const lapsed = approvals.map(({ user }) => user).filter((user) => !counting.includes(user));
  await store.transaction(async (tx) => {
    if (!(await transition(tx, { id: fix.id, revision: fix.revision }, 'approved', 'pending'))) return;
    await lapseDecisions(tx, fix, lapsed);
    if (fix.row.breakGlass) {
      await unmarkEmergency(tx, fix.id);
      await followEmergency(tx, fix.id);
    }
    const data = { users: lapsed, needed };
    tx.audit({ actor: 'trail-check', action: 'fix.approvals-lapsed', subject: fixSubject(fix), data });
    await announceNow(context, tx, fix.id);
  });
  return false;
}

/** Is the stored plan the one whose hash was approved? Whoever can write the database must not decide what runs. */
export function isAsApproved({ proposal, planHash: approved }: FixView): boolean {
  return planHash(proposal.plan) === approved;
}

/** The plan as it is made from what AWS says now, if it is the one that was approved. */
async function stillTheSame(context: FixesContext, fix: FixView): Promise<Proposal | undefined> {
  const again = await planAgain(context, fix);
  if (again.kind === 'unreadable') await end(context, fix, 'drifted', again.reason);
  else if (again.kind === 'gone') await stillApprovedThen(context, fix, (tx) => leave(context, tx, fix, again));
  else if (planHash(again.proposal.plan) === fix.planHash && isAsApproved(fix)) return again.proposal;
  else await stillApprovedThen(context, fix, (tx) => revise(context, tx, fix.id, again.proposal, CHANGED));
  return undefined;
}

const CHANGED = 'AWS has changed since this was approved. Nothing ran; here is the new plan.';

/** Does something with a fix that nobody has moved meanwhile. */
async function stillApprovedThen(
  { store }: FixesContext,
  { id, revision }: FixView,
  work: (tx: Tx) => Promise<unknown>,
): Promise<void> {
  await store.transaction(async (tx) => {
    const row = await lockFix(tx, id);
    if (row?.state === 'approved' && row.revision === revision) await work(tx);
  });
}

function leave(context: FixesContext, tx: Tx, { id }: FixView, { reason, difference }: Gone): Promise<boolean> {
  return supersede(context, tx, id, reason, difference);
}

function start(context: FixesContext, fix: FixView, { deliveryErrors }: Proposal): Promise<boolean> {
  const { store, owner } = context;
  // Errors of this moment: only what comes after it counts against the fix.
  const plan = JSON.stringify({ ...fix.proposal, deliveryErrors } satisfies Proposal);
  return store.transaction(async (tx) => {
    const moved = await transition(tx, { id: fix.id, revision: fix.revision }, 'approved', 'applying', {
      owner,
      leaseUntil: new Date(tx.at.getTime() + LEASE_MS),
      progress: { changes: [] } satisfies Progress,
      error: null,
    });
    if (!moved) return false;
    await tx.query.updateTable('fixes').set({ plan }).where('id', '=', fix.id).execute();
    tx.audit({ actor: 'trail-check', action: 'fix.applying', subject: fixSubject(fix), planHash: fix.planHash });
    await announceNow(context, tx, fix.id);
    return true;
  });
}

async function end(context: FixesContext, fix: FixView, to: 'expired' | 'drifted', error?: string): Promise<void> {
  const patch = error === undefined ? {} : { error };
  await stillApprovedThen(context, fix, async (tx) => {
    await transition(tx, fix.id, 'approved', to, patch);
    const action = `fix.${to}`;
    tx.audit({ actor: 'trail-check', action, subject: fixSubject(fix), planHash: fix.planHash, data: patch });
    if (error !== undefined) {
      await tell(tx, fix.row, 'changed', { reason: error, people: await concernedWith(tx, fix.row) });
    }
    await announceNow(context, tx, fix.id);
  });
}
