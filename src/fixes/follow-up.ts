import type { Snapshot } from '../snapshot/types.ts';
import { lockFix, transition } from '../store/fixes.ts';
import type { Tx } from '../store/store.ts';
import { findingNow } from './again.ts';
import { announceNow, fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import { load } from './decision.ts';
import { deliveryOf } from './delivery.ts';
import { type FixView, type Progress, viewOf } from './fix.ts';
import { afterSuccess } from './success.ts';
import { partsOf } from './targets.ts';
import { concernedWith, tell } from './tell.ts';
import { settled } from './verify.ts';

/** How long after a fix its slower guards are looked at: CloudTrail writes digests once an hour. */
const BOUND_MS = 2 * 3_600_000;
/** Log files come every five minutes or so. */
const FIRST_LOOK_MS = 5 * 60_000;
const MOST_WAIT_MS = 30 * 60_000;

/** Queues the first look at the slower guards of a fix that has just been read back; nothing where there are none. */
export async function watchOn(tx: Tx, fixId: string): Promise<void> {
  await tx.enqueue('fix.follow-up', { fixId }, { startAfter: new Date(tx.at.getTime() + FIRST_LOOK_MS) });
}

/**
 * Job: looks whether log files and digests came through since a fix, and whether a success that did not show at once does
 * now. A new delivery error reopens the fix, and so does silence for two hours. Looks again until it knows, or until the
 * time is over; each look is a job, so that a process that dies loses nothing.
 */
export async function followUp(context: FixesContext, fixId: string): Promise<void> {
  const { reading, store, catalogue } = context;
  const fix = await load(context, fixId);
  if (fix === undefined || !isOpen(fix)) return;
  const { plan, target, finding } = fix.proposal;
  const stored = await reading.latest(target);
  if (stored === undefined || !catalogue.has(finding.check)) return;
  const keys = partsOf(plan, stored);
  const snapshot = await reading.refresh(stored, keys);
  await reading.keep(snapshot, keys);
  const passes = settled(fix, findingNow(context, finding, snapshot), snapshot);
  await store.transaction((tx) => conclude(context, tx, fix.id, { snapshot, passes }));
}

/** Is there anything left to be known about it? */
function isOpen({ state, progress }: FixView): boolean {
  return state === 'unconfirmed' || (state === 'fixed' && progress.delivery === 'watched');
}

async function conclude(
  context: FixesContext,
  tx: Tx,
  id: string,
  { snapshot, passes }: { snapshot: Snapshot; passes: boolean },
): Promise<void> {
  const row = await lockFix(tx, id);
  const fix = row === undefined ? undefined : viewOf(row);
  if (fix === undefined || !isOpen(fix)) return;
  const since = new Date(fix.progress.verifyingSince ?? fix.row.updatedAt);
  const elapsed = tx.at.getTime() - since.getTime();
  const over = elapsed >= BOUND_MS;
  const seen = fix.progress.delivery === 'watched' ? deliveryOf(fix.proposal, snapshot, since) : undefined;
  const entry = { actor: 'trail-check', subject: fixSubject(fix), planHash: fix.planHash };

  if (seen?.state === 'failed') {
    await reopen(context, tx, fix, 'failed', `${seen.reason} since this ran.`);
    return;
  }
  if (seen?.state === 'silent' && over) {
    await reopen(context, tx, fix, 'silent', `${seen.reason} in the two hours since this ran, and AWS names no error.`);
    return;
  }
  const confirmed = seen?.state === 'confirmed';
  const progress: Progress = { ...fix.progress, ...(confirmed ? { delivery: 'confirmed' } : {}) };
  if (confirmed)
    tx.audit({ ...entry, action: 'fix.delivery-confirmed', data: { trails: fix.proposal.plan.watchDelivery } });
  const late = fix.state === 'unconfirmed' && passes && fix.progress.delivery !== 'failed';
  if (late) {
    await transition(tx, id, 'unconfirmed', 'fixed', { progress, error: null });
    tx.audit({ ...entry, action: 'fix.fixed', data: { verdict: 'pass', late: true } });
    await afterSuccess(context, tx, fix);
  } else if (confirmed) {
    await keep(tx, id, progress);
  }
  if (late || confirmed) await announceNow(context, tx, id);
  const known = (late || fix.state === 'fixed') && progress.delivery !== 'watched';
  if (known || over) return;
  const wait = Math.min(MOST_WAIT_MS, Math.max(FIRST_LOOK_MS, elapsed));
  await tx.enqueue('fix.follow-up', { fixId: id }, { startAfter: new Date(tx.at.getTime() + wait) });
}

/** `fixed -> unconfirmed`, and those who asked for it and approved it are told. */
async function reopen(
  context: FixesContext,
  tx: Tx,
  fix: FixView,
  delivery: 'failed' | 'silent',
  error: string,
): Promise<void> {
  const progress: Progress = { ...fix.progress, delivery };
  if (fix.state === 'fixed') await transition(tx, fix.id, 'fixed', 'unconfirmed', { progress, error });
  else {
    await keep(tx, fix.id, progress);
    await tx.query.updateTable('fixes').set({ error }).where('id', '=', fix.id).execute();
  }
  tx.audit({
    actor: 'trail-check',
    action: `fix.delivery-${delivery}`,
    subject: fixSubject(fix),
    planHash: fix.planHash,
    data: { reason: error, was: fix.state },
  });
  const people = await concernedWith(tx, fix.row);
  await tell(tx, fix.row, 'reopened', { reason: error, people });
  await announceNow(context, tx, fix.id);
}

async function keep(tx: Tx, id: string, progress: Progress): Promise<void> {
  await tx.query
    .updateTable('fixes')
    .set({ progress: JSON.stringify(progress) })
    .where('id', '=', id)
    .execute();
}
