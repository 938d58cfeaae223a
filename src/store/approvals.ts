import type { Approval, Db } from './database.ts';
import type { FixRevision } from './fixes.ts';
import { toJson } from './json.ts';
import type { Tx } from './store.ts';

export interface Decision {
  fix: string;
  revision: number;
  /** Slack user id. */
  user: string;
  decision: 'approve' | 'reject';
  reason?: string;
  /** The same person asked for it. */
  selfInitiated: boolean;
  /** What made the person an approver: groups, verified e-mail. */
  seen?: object;
  /** What was proven beside the click. */
  stepUp?: 'alias' | 'code';
}

/** Records a decision. False: this person has already decided on this revision; the first word stands. */
export async function recordDecision(tx: Tx, { reason, seen, stepUp, ...decision }: Decision): Promise<boolean> {
  const row = await tx.query
    .insertInto('approvals')
    .values({ ...decision, reason: reason ?? null, seen: toJson(seen), stepUp: stepUp ?? null, at: tx.at })
    .onConflict((conflict) => conflict.columns(['fix', 'revision', 'user']).where('lapsedAt', 'is', null).doNothing())
    .returning('fix')
    .executeTakeFirst();
  return row !== undefined;
}

/** The decisions on one revision that count, oldest first. */
export function decisionsOn(db: Db, { id, revision }: FixRevision): Promise<Approval[]> {
  return db
    .selectFrom('approvals')
    .selectAll()
    .where('fix', '=', id)
    .where('revision', '=', revision)
    .where('lapsedAt', 'is', null)
    .orderBy('at')
    .orderBy('user')
    .execute();
}

/** Lets decisions lapse whose makers, looked at again right before execution, may no longer decide. */
export async function lapseDecisions(tx: Tx, { id, revision }: FixRevision, users: readonly string[]): Promise<void> {
  if (users.length === 0) return;
  await tx.query
    .updateTable('approvals')
    .set({ lapsedAt: tx.at })
    .where('fix', '=', id)
    .where('revision', '=', revision)
    .where('user', 'in', users)
    .where('lapsedAt', 'is', null)
    .execute();
}
