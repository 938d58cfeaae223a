import type { Finding } from '../check/finding.ts';
import { settleAcceptedRisks } from '../posture/accepted-risks/sweep.ts';
import { fromStored } from '../posture/stored-finding.ts';
import { findRisk, lockRisk, openRisks } from '../store/accepted-risks.ts';
import type { AcceptedRisk, Snooze } from '../store/database.ts';
import { findingsById } from '../store/findings.ts';
import { snoozesOn } from '../store/snoozes.ts';
import { noLongerTheSame, type RiskDecided, type RiskPowers } from './accepted-risk.ts';
import type { FixesContext } from './context.ts';
import { approveRisk, closeIfOver, type RiskDecision, rejectRisk, withdrawRisk } from './decide-risk.ts';
import { type RiskRequest, type RiskRequested, requestRisk, riskPowersOf } from './request-risk.ts';
import { type Snoozed, snooze, sweepSnoozes, wake } from './snooze.ts';

/** Risks that people accept for a time, and findings that nobody wants to hear of for a while (decision 35). */
export interface AcceptedRisks {
  find(id: string): Promise<AcceptedRisk | undefined>;
  /** What is asked for or holds, for these findings or for all; the soonest end first. */
  open(findings?: readonly string[]): Promise<AcceptedRisk[]>;
  powers(finding: Finding, user: string): Promise<RiskPowers>;
  request(ask: RiskRequest): Promise<RiskRequested>;
  approve(decision: RiskDecision): Promise<RiskDecided>;
  reject(decision: RiskDecision): Promise<RiskDecided>;
  withdraw(decision: RiskDecision): Promise<RiskDecided>;
  snooze(ask: Parameters<typeof snooze>[1]): Promise<Snoozed>;
  wake(ask: Parameters<typeof wake>[1]): ReturnType<typeof wake>;
  snoozes(findings?: readonly string[]): Promise<Snooze[]>;
  /** Ends what is over: requests that nobody decided on, risks, snoozes. */
  sweep(): Promise<void>;
}

export function createAcceptedRisks(context: FixesContext): AcceptedRisks {
  const { store } = context;
  return {
    find: (id) => findRisk(store.query, id),
    open: (findings) => openRisks(store.query, findings),
    powers: (finding, user) => riskPowersOf(context, finding, user),
    request: (ask) => requestRisk(context, ask),
    approve: (decision) => approveRisk(context, decision),
    reject: (decision) => rejectRisk(context, decision),
    withdraw: (decision) => withdrawRisk(context, decision),
    snooze: (ask) => snooze(context, ask),
    wake: (ask) => wake(context, ask),
    snoozes: (findings) => snoozesOn(store.query, store.now(), findings),
    async sweep() {
      await sweepRequests(context);
      await settleAcceptedRisks(store, context.config);
      await sweepSnoozes(context);
    },
  };
}

/** Requests that can no longer be approved lose their buttons without anybody having to press one. */
async function sweepRequests({ store }: FixesContext): Promise<void> {
  const pending = (await openRisks(store.query)).filter(({ state }) => state === 'pending');
  const rows = new Map(
    (
      await findingsById(
        store.query,
        pending.map(({ finding }) => finding),
      )
    ).map((row) => [row.id, fromStored(row)]),
  );
  const now = store.now();
  for (const risk of pending) {
    const changed = noLongerTheSame(risk, rows.get(risk.finding)?.finding) !== undefined;
    if (!changed && risk.expiresAt > now && risk.until >= now.toISOString().slice(0, 10)) continue;
    await store.transaction(async (tx) => {
      const current = await lockRisk(tx, risk.id);
      if (current?.state === 'pending') await closeIfOver(tx, current);
    });
  }
}
