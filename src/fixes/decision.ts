import { findFix } from '../store/fixes.ts';
import type { Tx } from '../store/store.ts';
import type { FixesContext } from './context.ts';
import { type FixView, viewOf } from './fix.ts';
import type { Field, Proof } from './step-up/prove.ts';

/** What became of somebody's decision; `message` is for that person, `field` what they have to give, or to give again. */
export type Decided = { ok: true; fix: FixView } | { ok: false; message: string; fix?: FixView; field?: Field };

export interface Decision {
  fixId: string;
  /** The revision that the button or modal showed; a decision never counts for another plan (decision 30). */
  revision: number;
  user: string;
  reason?: string;
  /** What was given beside the click, where the policy asks for it. */
  proof?: Proof;
}

/** Runs one decision on the locked row, and makes every copy follow when it counted. */
export function decide<Other extends string = never>(
  context: FixesContext,
  { id }: FixView,
  revision: number,
  work: (tx: Tx, current: FixView) => Promise<Decided | Other>,
): Promise<Decided | Other> {
  return context.store.transaction(async (tx) => {
    const row = await tx.query.selectFrom('fixes').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (row === undefined) return gone();
    const current = viewOf(row);
    if (current.revision !== revision) {
      return refuse(
        'This plan is out of date: what it was made from has changed. Look at the new plan first.',
        current,
      );
    }
    const expired = current.expiresAt !== undefined && current.expiresAt <= tx.at;
    if (expired && current.state === 'pending')
      return refuse('The time for a decision has passed. Request it again.', current);
    const decided = await work(tx, current);
    if (typeof decided !== 'string' && decided.ok) await context.announce(tx, decided.fix);
    return decided;
  });
}

export async function load({ store }: FixesContext, id: string): Promise<FixView | undefined> {
  const row = await findFix(store.query, id);
  return row === undefined ? undefined : viewOf(row);
}

export async function reload(tx: Tx, id: string): Promise<Decided> {
  const row = await findFix(tx.query, id);
  return row === undefined ? gone() : { ok: true, fix: viewOf(row) };
}

export function gone(): Decided {
  return { ok: false, message: 'This fix is no longer there. Run the check again.' };
}

export function refuse(message: string, fix: FixView, field?: Field): Decided {
  return { ok: false, message, fix, ...(field === undefined ? {} : { field }) };
}
