import { fixesOfFinding } from '../store/fixes.ts';
import { holdsOn, liftHold as removeHold } from '../store/holds.ts';
import { announceNow } from './announce.ts';
import type { FixesContext } from './context.ts';
import { viewOf } from './fix.ts';
import { powersOf } from './powers.ts';
import { whoMay } from './refusals.ts';

/** Why a finding whose fix was undone has none. */
export const ON_HOLD = 'Its fix was undone, and is on hold until somebody lifts that.';

/** What became of lifting a hold; `message` is for who asked. */
export interface Lifted {
  ok: boolean;
  message: string;
}

/** Lets runs propose the fix of a finding again, by anyone who may approve that fix. */
export async function liftHold(context: FixesContext, finding: string, user: string): Promise<Lifted> {
  const { store } = context;
  const [[hold], fixes] = await Promise.all([
    holdsOn(store.query, [finding]),
    fixesOfFinding(store.query, finding).then((rows) => rows.map(viewOf)),
  ]);
  const last = fixes.find(({ kind, state }) => kind === 'fix' && state === 'undone') ?? fixes[0];
  if (hold === undefined || last === undefined) {
    return { ok: false, message: 'There is no hold on this finding any more. Check again to see its fix.' };
  }
  const powers = await powersOf(context, last, user);
  if (!powers.approve) {
    return { ok: false, message: `Only approvers of the fix may lift the hold. ${whoMay(powers.policies)}` };
  }
  return store.transaction(async (tx) => {
    if (!(await removeHold(tx, finding))) {
      return { ok: false, message: 'Somebody else has just lifted it. Check again to see the fix.' };
    }
    const { check, accounts } = last.row;
    const data = { check, accounts, findings: [finding], of: last.id, undoneBy: hold.by, reason: hold.reason };
    tx.audit({ actor: user, action: 'hold.lifted', subject: { kind: 'finding', id: finding }, data });
    await announceNow(context, tx, last.id);
    return { ok: true, message: 'The hold is lifted. Check again to see the fix.' };
  });
}
