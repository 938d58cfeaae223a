import type { Config, ExemptionConfig } from '../config/config.ts';
import { environmentsConcerned } from '../posture/accepted-risks/environments.ts';
import type { AcceptedRisk, Snooze, StoredFinding } from '../store/database.ts';
import { findingsById } from '../store/findings.ts';
import type { Store } from '../store/store.ts';
import type { AcceptedRisks } from './accepted-risks.ts';

export interface ExemptionsAsk {
  /** Absent: all that may be seen. */
  environment: string | undefined;
  /** Environments that the person may see. */
  visible: readonly string[];
  /** May the person see all of these (environments, or an account that is in none)? */
  mayAll(targets: readonly string[]): Promise<boolean>;
}

/**
 * Accepted risks, of Slack and of the configuration, and snoozes that a person may see: of what several environments
 * share they must be allowed to see each.
 */
export async function exemptionsFor(
  { store, config, risks }: { store: Pick<Store, 'query' | 'now'>; config: Config; risks: AcceptedRisks },
  { environment, visible, mayAll }: ExemptionsAsk,
): Promise<{
  risks: AcceptedRisk[];
  filed: ExemptionConfig[];
  snoozes: (Snooze & Pick<StoredFinding, 'title' | 'account' | 'region' | 'resource'>)[];
}> {
  const maySee = async (environments: readonly string[], account: string) => {
    if (environments.length === 0) return environment === undefined && mayAll([account]);
    if (environment !== undefined && !environments.includes(environment)) return false;
    return environment === undefined ? environments.every((name) => visible.includes(name)) : mayAll(environments);
  };
  const [open, asleep] = await Promise.all([risks.open(), risks.snoozes()]);
  const shown: AcceptedRisk[] = [];
  for (const risk of open) if (await maySee(risk.environments, risk.account)) shown.push(risk);
  const rows = await findingsById(
    store.query,
    asleep.map(({ finding }) => finding),
  );
  const findings = new Map(rows.map((row) => [row.id, row]));
  const snoozes: (Snooze & Pick<StoredFinding, 'title' | 'account' | 'region' | 'resource'>)[] = [];
  for (const snooze of asleep) {
    const row = findings.get(snooze.finding);
    if (row === undefined) continue;
    const { title, account, region, resource } = row;
    const concerned = await environmentsConcerned(store, config, account);
    if (await maySee(concerned, account)) snoozes.push({ ...snooze, title, account, region, resource });
  }
  const today = store.now().toISOString().slice(0, 10);
  const filed: ExemptionConfig[] = [];
  for (const exemption of config.exemptions.filter(({ end }) => end >= today)) {
    const { environment: named, account } = exemption;
    const concerned =
      named !== undefined ? [named] : account === undefined ? [] : await environmentsConcerned(store, config, account);
    // One for a pattern of resources may concern any environment: it is shown to who may see all of them.
    const all = concerned.length === 0 ? Object.keys(config.environments) : concerned;
    if (environment !== undefined && !all.includes(environment)) continue;
    if (environment === undefined ? all.every((name) => visible.includes(name)) : await mayAll(all))
      filed.push(exemption);
  }
  return { risks: shown, filed, snoozes };
}
