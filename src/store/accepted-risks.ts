import type { Insertable } from 'kysely';
import type { AcceptedRisk, AcceptedRiskTable, Db, RiskState } from './database.ts';
import { newRiskId } from './ids.ts';
import { toJson, toText } from './json.ts';
import type { Tx } from './store.ts';

/** States in which a finding has one at most. */
export const OPEN_RISKS = ['pending', 'active'] as const satisfies readonly RiskState[];

type Made = 'id' | 'evidence' | 'state' | 'requestedAt' | 'approvals';
export type NewRisk = Omit<
  Insertable<AcceptedRiskTable>,
  Made | 'acceptedAt' | 'endedAt' | 'endedBy' | 'endedReason'
> & { evidence: object };

/** Asks for a risk to be accepted: `pending`. Undefined: somebody has asked for this finding already. */
export function createRisk(tx: Tx, { evidence, ...risk }: NewRisk): Promise<AcceptedRisk | undefined> {
  return tx.query
    .insertInto('acceptedRisks')
    .values({
      ...risk,
      id: newRiskId(),
      evidence: toJson(evidence),
      reason: toText(risk.reason),
      state: 'pending',
      requestedAt: tx.at,
      approvals: '[]',
    })
    .onConflict((conflict) =>
      conflict
        .column('finding')
        .where('state', 'in', [...OPEN_RISKS])
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
}

export function findRisk(db: Db, id: string): Promise<AcceptedRisk | undefined> {
  return db.selectFrom('acceptedRisks').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The row, which nobody else moves until the transaction ends. */
export function lockRisk(tx: Tx, id: string): Promise<AcceptedRisk | undefined> {
  return tx.query.selectFrom('acceptedRisks').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** What is asked for or holds, for these findings or for all; the soonest end first. */
export function openRisks(db: Db, findings?: readonly string[]): Promise<AcceptedRisk[]> {
  if (findings?.length === 0) return Promise.resolve([]);
  let query = db
    .selectFrom('acceptedRisks')
    .selectAll()
    .where('state', 'in', [...OPEN_RISKS])
    .orderBy('until')
    .orderBy('id');
  if (findings !== undefined) query = query.where('finding', 'in', findings);
  return query.execute();
}

export interface RiskPatch {
  approvals?: readonly object[];
  acceptedAt?: Date;
  endedAt?: Date;
  endedBy?: string;
  endedReason?: string;
}

/** Moves a risk on, if it is in this state still. Undefined: somebody else was faster. */
export function moveRisk(
  tx: Tx,
  id: string,
  from: RiskState,
  to: RiskState,
  { approvals, endedReason, ...patch }: RiskPatch = {},
): Promise<AcceptedRisk | undefined> {
  return tx.query
    .updateTable('acceptedRisks')
    .set({
      ...{ ...patch, state: to },
      ...(approvals === undefined ? {} : { approvals: toJson(approvals) }),
      ...(endedReason === undefined ? {} : { endedReason: toText(endedReason) }),
    })
    .where('id', '=', id)
    .where('state', '=', from)
    .returningAll()
    .executeTakeFirst();
}
