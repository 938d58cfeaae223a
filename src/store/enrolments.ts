import type { Db, Enrolment } from './database.ts';
import type { Tx } from './store.ts';

export function findEnrolment(db: Db, user: string): Promise<Enrolment | undefined> {
  return db.selectFrom('enrolments').selectAll().where('user', '=', user).executeTakeFirst();
}

/** A person's row, which nobody else can change until the transaction ends. */
export function lockEnrolment(tx: Tx, user: string): Promise<Enrolment | undefined> {
  return tx.query.selectFrom('enrolments').selectAll().where('user', '=', user).forUpdate().executeTakeFirst();
}

/** Keeps an encrypted secret that waits for its first right code; the one in use stays in use until then. */
export async function keepNextSecret(tx: Tx, user: string, nextSecret: string): Promise<void> {
  await tx.query
    .insertInto('enrolments')
    .values({ user, secret: null, nextSecret, nextAt: tx.at, confirmedAt: null, lockedUntil: null })
    .onConflict((conflict) => conflict.column('user').doUpdateSet({ nextSecret, nextAt: tx.at }))
    .execute();
}

/** Puts the waiting secret into use with the code that proved it. False: it is no longer that one. */
export async function confirmSecret(tx: Tx, user: string, nextSecret: string, step: number): Promise<boolean> {
  const row = await tx.query
    .updateTable('enrolments')
    .set({
      secret: nextSecret,
      nextSecret: null,
      nextAt: null,
      confirmedAt: tx.at,
      lastStep: step,
      failures: 0,
      lockedUntil: null,
    })
    .where('user', '=', user)
    .where('nextSecret', '=', nextSecret)
    .returning('user')
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes the code of a time step. False: it, or a later one, was taken already, whichever replica did. */
export async function takeStep(tx: Tx, user: string, step: number): Promise<boolean> {
  const row = await tx.query
    .updateTable('enrolments')
    .set({ lastStep: step, failures: 0, lockedUntil: null })
    .where('user', '=', user)
    .where('lastStep', '<', step)
    .returning('user')
    .executeTakeFirst();
  return row !== undefined;
}

/** Counts a wrong code; with `lockedUntil` the count starts over after that. */
export async function countFailure(tx: Tx, user: string, failures: number, lockedUntil: Date | null): Promise<void> {
  await tx.query.updateTable('enrolments').set({ failures, lockedUntil }).where('user', '=', user).execute();
}

/** Forgets a person's codes. False: there were none. */
export async function removeEnrolment(tx: Tx, user: string): Promise<boolean> {
  const row = await tx.query.deleteFrom('enrolments').where('user', '=', user).returning('user').executeTakeFirst();
  return row !== undefined;
}
