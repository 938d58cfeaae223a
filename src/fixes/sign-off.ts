import { lockFix } from '../store/fixes.ts';
import {
  closeEmergency,
  emergencyApproval,
  recordSignOff,
  signOffsOf,
  unsignedEmergencies,
} from '../store/sign-offs.ts';
import { claimSlot } from '../store/slots.ts';
import { fixSubject } from './announce.ts';
import { isOverdue } from './break-glass.ts';
import type { FixesContext } from './context.ts';
import { type Decided, gone, load, refuse, reload } from './decision.ts';
import { followEmergency, sayOverdue } from './emergency-messages.ts';
import { type FixView, viewOf } from './fix.ts';
import { peopleOf, samePerson } from './people.ts';
import { mayApprove } from './policy.ts';
import { policiesInForce } from './powers.ts';
import { whoMay } from './refusals.ts';

/** People who sign off what one person did alone. */
export const SIGNATURES = 2;

/** One of the two signatures on what was done in an emergency: by approvers, each another than who broke the glass. */
export async function signOff(
  context: FixesContext,
  { fixId, user }: { fixId: string; user: string },
): Promise<Decided> {
  const { store, directory } = context;
  const fix = await load(context, fixId);
  if (fix === undefined) return gone();
  const policies = await policiesInForce(context, fix);
  if (!(await mayApprove(user, policies, directory))) {
    return refuse(`You may not sign this off. ${whoMay(policies)}`, fix);
  }
  const alone = (await emergencyApproval(store.query, fixId))?.user;
  const known = (await signOffsOf(store.query, fixId)).map((signed) => signed.user);
  const people = await peopleOf(directory, [user, alone, ...known]);
  const signed = await store.transaction(async (tx): Promise<Decided | 'again'> => {
    const row = await lockFix(tx, fixId);
    if (row === undefined) return gone();
    const current = viewOf(row);
    if (!canBeSigned(current)) return refuse(whyNot(current), current);
    if (alone === undefined || samePerson(people, user, alone)) {
      return refuse('You approved it alone, so two others have to sign it off.', current);
    }
    const before = await signOffsOf(tx.query, fixId);
    // Somebody signed meanwhile, who may be the same person under another id: look at them first.
    if (before.some((one) => !known.includes(one.user) && one.user !== user)) return 'again';
    if (before.some((one) => samePerson(people, user, one.user))) {
      return refuse('You have signed it off already: somebody else has to as well.', current);
    }
    await recordSignOff(tx, fixId, user);
    const signatures = before.length + 1;
    const data = { signatures, of: SIGNATURES };
    tx.audit({ actor: user, action: 'fix.signed-off', subject: fixSubject(current), planHash: row.planHash, data });
    if (signatures >= SIGNATURES) await closeEmergency(tx, fixId);
    await followEmergency(tx, fixId);
    return reload(tx, fixId);
  });
  return signed === 'again' ? signOff(context, { fixId, user }) : signed;
}

/** Only what is over can be signed off: before that nobody knows what was done. */
export function canBeSigned({ row, state }: Pick<FixView, 'row' | 'state'>): boolean {
  return row.breakGlass && row.signedOffAt === null && !UNDER_WAY.includes(state);
}

const UNDER_WAY: readonly FixView['state'][] = ['proposed', 'pending', 'approved', 'applying', 'verifying'];

function whyNot({ row }: FixView): string {
  if (!row.breakGlass) return 'Nothing was done alone here, so there is nothing to sign off.';
  return row.signedOffAt === null ? 'It still runs. Sign it off once it is over.' : 'It is signed off already.';
}

/** Says of each emergency once that its time for signatures is over, whichever process looks first. */
export async function overdueSignOffs(context: FixesContext): Promise<void> {
  const { store, owner } = context;
  const now = store.now();
  const late = (await unsignedEmergencies(store.query)).filter((row) => isOverdue(row, now));
  for (const row of late) {
    const fix = viewOf(row);
    const slot = { job: `emergency-overdue:${fix.id}`, slot: row.approvedAt ?? now };
    await store.transaction(async (tx) => {
      if (!(await claimSlot(tx, slot, owner))) return;
      const subject = fixSubject(fix);
      tx.audit({ actor: 'trail-check', action: 'fix.sign-off-overdue', subject, planHash: fix.planHash });
      await sayOverdue(context, tx, fix);
      await followEmergency(tx, fix.id);
    });
  }
}
