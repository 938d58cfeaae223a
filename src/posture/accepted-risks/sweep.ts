import type { Config } from '../../config/config.ts';
import { lockRisk, openRisks } from '../../store/accepted-risks.ts';
import type { AcceptedRisk } from '../../store/database.ts';
import { findingsById, lockFinding } from '../../store/findings.ts';
import type { Store, Tx } from '../../store/store.ts';
import { fromStored } from '../stored-finding.ts';
import { holdsOn } from './apply.ts';
import { endRisk } from './end.ts';
import { worseThan } from './fingerprint.ts';
import { storeExempt } from './verdict.ts';

/**
 * Brings what is stored in line with the risks that hold: those whose last day is over end, and so do those whose
 * findings got worse; a finding that a run stored as failing while its risk was being accepted becomes exempt.
 */
export async function settleAcceptedRisks(store: Store, config: Config): Promise<void> {
  const active = (await openRisks(store.query)).filter(({ state }) => state === 'active');
  if (active.length === 0) return;
  const ids = active.map(({ finding }) => finding);
  const rows = new Map((await findingsById(store.query, ids)).map((row) => [row.id, row]));
  const today = store.now().toISOString().slice(0, 10);
  for (const risk of active) {
    if (!holdsOn(today)(risk)) {
      const reason = `Its last day was ${risk.until}.`;
      await store.transaction((tx) => endRisk(tx, config, risk, { reason }));
    } else if (rows.get(risk.finding)?.verdict === 'fail') {
      await store.transaction((tx) => settle(tx, config, risk));
    }
  }
}

async function settle(tx: Tx, config: Config, risk: AcceptedRisk): Promise<void> {
  const current = await lockRisk(tx, risk.id);
  const row = await lockFinding(tx, risk.finding);
  if (current?.state !== 'active' || row?.verdict !== 'fail') return;
  const reason = worseThan(risk, fromStored(row).finding);
  if (reason === undefined) await storeExempt(tx, risk, row, null);
  else await endRisk(tx, config, risk, { reason });
}
