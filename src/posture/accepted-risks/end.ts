import type { Config } from '../../config/config.ts';
import { moveRisk } from '../../store/accepted-risks.ts';
import type { AcceptedRisk } from '../../store/database.ts';
import type { Tx } from '../../store/store.ts';
import { sayEnded, sayRisk } from './say.ts';
import { storeFailing } from './verdict.ts';

/**
 * `active -> ended`: its last day is over, or the evidence got worse. The finding fails again and it is said, with who
 * owned the risk. False: somebody else ended it.
 */
export async function endRisk(
  tx: Tx,
  config: Pick<Config, 'environments' | 'slack'>,
  { id }: AcceptedRisk,
  { reason, threads = [] }: { reason: string; threads?: readonly { channel: string; threadKey: string }[] },
): Promise<boolean> {
  const risk = await moveRisk(tx, id, 'active', 'ended', { endedAt: tx.at, endedReason: reason });
  if (risk === undefined) return false;
  const { finding, check, account, resource, owner, until } = risk;
  const data = { finding, check, account, resource, owner, until, reason };
  tx.audit({ actor: 'trail-check', action: 'risk.ended', subject: { kind: 'risk', id }, data });
  await storeFailing(tx, risk, null);
  await sayRisk(tx, risk);
  await sayEnded(tx, config, risk, threads);
  return true;
}
