import type { AcceptedRisk, StoredFinding } from '../../store/database.ts';
import { findingsById } from '../../store/findings.ts';
import { setVerdict } from '../../store/set-verdict.ts';
import type { Tx } from '../../store/store.ts';
import { exempted } from '../exemptions.ts';
import { fromStored } from '../stored-finding.ts';

/** The stored finding follows the decision at once; the next run judges for itself. */
export async function storeExempt(tx: Tx, risk: AcceptedRisk, row: StoredFinding, by: string | null): Promise<void> {
  const { finding, offer } = fromStored(row);
  const data = { finding: exempted(finding, risk), ...(offer === undefined ? {} : { offer }) };
  await setVerdict(tx, row, { to: 'exempt', data, target: `risk:${risk.id}`, by });
}

/** What a risk had made exempt fails again. What can be done about it is planned by the next run. */
export async function storeFailing(tx: Tx, risk: AcceptedRisk, by: string | null): Promise<void> {
  const [row] = await findingsById(tx.query, [risk.finding]);
  if (row?.verdict !== 'exempt') return;
  const { exemption, ...finding } = fromStored(row).finding;
  // The same finding may be accepted in the file as well.
  if (exemption?.until !== risk.until || exemption.reason !== risk.reason) return;
  const reason = 'Its risk is no longer accepted. Check again for what can be done.';
  const offer = { kind: 'blocked', by: 'risk', reason };
  const data = { finding: { ...finding, verdict: exemption.underlying }, offer };
  await setVerdict(tx, row, { to: exemption.underlying, data, target: `risk:${risk.id}`, by });
}
