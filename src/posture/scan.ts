import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Finding } from '../check/finding.ts';
import type { Config } from '../config/config.ts';
import { OWNER_PARTS } from '../snapshot/owner-parts.ts';
import type { Difference } from '../snapshot/sweep.ts';
import { takeSnapshot } from '../snapshot/take.ts';
import type { PartName, Snapshot } from '../snapshot/types.ts';
import type { AcceptedRisk } from '../store/database.ts';
import { applyAcceptedRisks, type Outgrown } from './accepted-risks/apply.ts';
import { type AnyCheck, type Catalogue, partsNeeded } from './catalogue.ts';
import { type EvaluationContext, evaluateChecks, worstFirst } from './evaluate.ts';
import { applyExemptions } from './exemptions.ts';
import { type Score, scoreOf } from './score.ts';
import { estateSettings, settingsFor } from './settings.ts';
import type { RunProgress } from './summary.ts';
import type { ReaderAws, Target } from './target.ts';

/** What a scan works with; it needs no store. */
export interface ScanParts {
  aws: ReaderAws;
  config: Config;
  catalogue: Catalogue;
  now: () => Date;
}

export interface ScanOptions {
  /** Only these checks; all when left out. */
  checks?: readonly AnyCheck[];
  /** Confirm ListTrails in every enabled region: on the first run and then daily. */
  sweep: boolean;
  /** The risks that people accepted in Slack, as they are when the findings are judged. Left out: they are not known here. */
  accepted?: () => Promise<readonly AcceptedRisk[]>;
  onProgress?: (progress: RunProgress) => void;
}

export interface Scan {
  id: string;
  target: string;
  startedAt: Date;
  finishedAt: Date;
  snapshot: Snapshot;
  findings: Finding[];
  score: Score;
  /** AWS calls made. */
  calls: number;
  /** False when something in scope could not be read. */
  complete: boolean;
  notes: string[];
  /** Accepted risks that got worse: their findings fail again. */
  outgrown: Outgrown[];
}

/** Said where accepted risks are not known and something fails. */
const NOT_APPLIED = 'Risks accepted in Slack are not applied here; those of the configuration are.';

/** One evaluation of a target: reads its accounts and what they share, and judges. */
export async function scan(parts: ScanParts, target: Target, options: ScanOptions): Promise<Scan> {
  const { aws, config, catalogue, now } = parts;
  const startedAt = now();
  const checks = options.checks ?? [...catalogue.values()];
  const { snapshot, calls, notes, differences } = await takeSnapshot({
    aws,
    target,
    config,
    parts: [...new Set<PartName>([...partsNeeded(checks), ...OWNER_PARTS])],
    now: startedAt,
    sweep: options.sweep,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  const environmentsOf = (account: string) => snapshot.accounts[account]?.environments ?? [];
  const judged = await judge(checks, {
    snapshot,
    estate: estateSettings(config),
    settingsFor: settingsFor(config, environmentsOf),
  });
  const filed = applyExemptions(judged, config.exemptions, environmentsOf, snapshot.takenAt);
  const accepted = await options.accepted?.();
  const { findings, outgrown } = applyAcceptedRisks(filed, accepted ?? [], snapshot.takenAt);
  const unaware = accepted === undefined && findings.some(({ verdict }) => verdict === 'fail');
  return {
    id: `run-${randomUUID()}`,
    target: target.name,
    startedAt,
    finishedAt: now(),
    snapshot,
    findings,
    score: scoreOf(findings),
    calls,
    complete:
      Object.values(snapshot.accounts).every(({ inScope, status }) => !inScope || status === 'scanned') &&
      findings.every(({ verdict }) => verdict !== 'unknown'),
    notes: [...notes, ...differences.map(describeDifference), ...(unaware ? [NOT_APPLIED] : [])],
    outgrown,
  };
}

/** Where ListTrails and the sweep of all regions disagreed; the sweep's answer was taken. */
function describeDifference(difference: Difference): string {
  return JSON.stringify(difference);
}

/** Check by check, with a turn of the event loop between: a large estate takes a while, and buttons are answered meanwhile. */
async function judge(checks: readonly AnyCheck[], context: EvaluationContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) {
    findings.push(...evaluateChecks([check], context));
    await turn();
  }
  return findings.sort(worstFirst);
}
