import type { FixState } from '../store/fix-states.ts';
import { lockFix, reviseFix, transition } from '../store/fixes.ts';
import type { Tx } from '../store/store.ts';
import { announceNow, fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import { type Proposal, viewOf } from './fix.ts';
import { toFixPlan } from './proposal.ts';
import { concernedWith, tell } from './tell.ts';

/** States in which a fix can still be ended because of what was found; while it runs, it ends by itself. */
const ENDABLE = ['proposed', 'pending', 'approved', 'drifted'] as const satisfies readonly FixState[];

/** Ends a fix for which there is no reason any more, and tells those who asked for it or approved it. */
export async function supersede(
  context: FixesContext,
  tx: Tx,
  id: string,
  reason: string,
  difference?: string[],
): Promise<boolean> {
  const row = await lockFix(tx, id);
  if (row === undefined) return false;
  const progress = difference === undefined ? {} : { progress: { ...viewOf(row).progress, difference } };
  if (!(await transition(tx, id, ENDABLE, 'superseded', { error: reason, ...progress }))) return false;
  const data = { reason, was: row.state, revision: row.revision };
  tx.audit({ actor: 'trail-check', action: 'fix.superseded', subject: fixSubject(row), planHash: row.planHash, data });
  await tell(tx, row, 'superseded', { reason, people: await concernedWith(tx, row) });
  await announceNow(context, tx, id);
  return true;
}

const CHANGED = 'What this plan was made from has changed. Here is the new plan; approvals start over.';

/**
 * Puts a plan that was made anew in the place of the one that is open. Approvals start over; those who asked for the
 * older one or approved it are told why.
 */
export async function revise(
  context: FixesContext,
  tx: Tx,
  id: string,
  proposal: Proposal,
  reason = CHANGED,
): Promise<boolean> {
  const row = await lockFix(tx, id);
  if (row === undefined) return false;
  const people = await concernedWith(tx, row);
  const { origin } = viewOf(row).proposal;
  if (row.state === 'approved') {
    await transition(tx, id, 'approved', 'drifted');
    tx.audit({ actor: 'trail-check', action: 'fix.drifted', subject: fixSubject(row), planHash: row.planHash });
  }
  const next = { ...proposal, ...(origin === undefined ? {} : { origin }) };
  const revised = await reviseFix(tx, row, toFixPlan(next, context));
  if (revised === undefined) return false;
  if (people.length > 0) await tx.query.updateTable('fixes').set({ error: reason }).where('id', '=', id).execute();
  const data = { revision: revised.revision, was: row.state };
  tx.audit({ actor: 'trail-check', action: 'fix.revised', subject: fixSubject(row), planHash: revised.planHash, data });
  await tell(tx, revised, 'changed', { reason, people });
  await announceNow(context, tx, id);
  return true;
}
