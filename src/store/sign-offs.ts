import type { Approval, Db, Fix, SignOff } from './database.ts';
import type { Tx } from './store.ts';

/** Who has signed off what was done in an emergency, in order. */
export function signOffsOf(db: Db, fix: string): Promise<SignOff[]> {
  return db.selectFrom('signOffs').selectAll().where('fix', '=', fix).orderBy('at').orderBy('user').execute();
}

/** Records one sign-off. False: this person has signed it off already. */
export async function recordSignOff(tx: Tx, fix: string, user: string): Promise<boolean> {
  const row = await tx.query
    .insertInto('signOffs')
    .values({ fix, user, at: tx.at })
    .onConflict((conflict) => conflict.columns(['fix', 'user']).doNothing())
    .returning('fix')
    .executeTakeFirst();
  return row !== undefined;
}

/** Closes the follow-up of an emergency. False: it is closed already. */
export async function closeEmergency(tx: Tx, fix: string): Promise<boolean> {
  const row = await tx.query
    .updateTable('fixes')
    .set({ signedOffAt: tx.at })
    .where('id', '=', fix)
    .where('breakGlass', '=', true)
    .where('signedOffAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Notes that one person alone approved a fix. */
export async function markEmergency(tx: Tx, fix: string): Promise<void> {
  await tx.query.updateTable('fixes').set({ breakGlass: true, signedOffAt: null }).where('id', '=', fix).execute();
}

/** The approval did not stand and nothing ran: what comes next is decided like anything else. */
export async function unmarkEmergency(tx: Tx, fix: string): Promise<void> {
  await tx.query.updateTable('fixes').set({ breakGlass: false }).where('id', '=', fix).execute();
}

/** Fixes done in an emergency that nobody has signed off, the oldest first. */
export function unsignedEmergencies(db: Db): Promise<Fix[]> {
  return db
    .selectFrom('fixes')
    .selectAll()
    .where('breakGlass', '=', true)
    .where('signedOffAt', 'is', null)
    .where('approvedAt', 'is not', null)
    .orderBy('approvedAt')
    .orderBy('id')
    .execute();
}

/** The last approval of a fix by one person alone, whether it still counts or not. */
export async function emergencyApproval(db: Db, fix: string): Promise<Approval | undefined> {
  const approvals = await db
    .selectFrom('approvals')
    .selectAll()
    .where('fix', '=', fix)
    .where('decision', '=', 'approve')
    .orderBy('at', 'desc')
    .execute();
  return approvals.find(isEmergency);
}

/** Was this approval meant to suffice alone? */
export function isEmergency({ seen }: Pick<Approval, 'seen'>): boolean {
  return typeof seen === 'object' && seen !== null && 'emergency' in seen && seen.emergency === true;
}
