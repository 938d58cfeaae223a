import { z } from 'zod';
import type { Finding, Severity, Verdict } from '../check/finding.ts';
import type { Snapshot } from '../snapshot/types.ts';
import { consequences } from './causes.ts';
import { worstFirst } from './evaluate.ts';
import type { PackReport } from './packs/report.ts';
import type { Score } from './score.ts';

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const satisfies readonly Severity[];

/** One account as a report lists it. */
export interface AccountLine {
  id: string;
  name: string;
  inScope: boolean;
  status: 'scanned' | 'partly' | 'unreachable';
  reason?: string;
}

/** A check that fails somewhere, with its findings, the worst first. */
export interface FailingCheck {
  check: string;
  title: string;
  severity: Severity;
  findings: string[];
  /** How many of them nobody wants to hear of for a while. */
  snoozed?: number;
  /** Id of the check that must be mended first, where every finding of this one follows from it. */
  follows?: string;
}

/** What a finished run keeps beside its findings: enough for its message, never the findings themselves. */
export interface RunSummary {
  accounts: AccountLine[];
  verdicts: { [verdict in Verdict]: number };
  /** Failing findings by severity. */
  failures: { [severity in Severity]: number };
  score: number;
  accepted: number;
  /** Score of the run before, where there was one. */
  before?: number;
  raise: { check: string; points: number }[];
  failing: FailingCheck[];
  /** Permissions that were missing, with the number of findings each leaves unknown. */
  missing: { permission: string; findings: number }[];
  /** What was found to differ from what AWS lists, as sentences. */
  notes: string[];
  /** Milliseconds. */
  took: number;
  /** Reports that were asked for with this run, by pack. */
  packs?: { [pack: string]: PackReport };
}

export interface RunProgress {
  done: number;
  total: number;
  phase: string;
}

/** The `counts` column of a run: progress while it runs, then its summary. */
export type RunDetail = { progress: RunProgress } | { summary: RunSummary };

const detail = z.union([
  z.object({ summary: z.looseObject({ score: z.number(), failing: z.array(z.looseObject({ check: z.string() })) }) }),
  z.object({ progress: z.object({ done: z.number(), total: z.number(), phase: z.string() }) }),
]);

/** Reads the `counts` column. */
export function runDetail(counts: unknown): RunDetail | undefined {
  const parsed = detail.safeParse(counts);
  return parsed.success ? (parsed.data as unknown as RunDetail) : undefined;
}

/** Does nobody want to hear of any of its findings? They count all the same. */
export function isSnoozed({ findings, snoozed = 0 }: FailingCheck): boolean {
  return findings.length > 0 && snoozed >= findings.length;
}

export function summarise(
  findings: readonly Finding[],
  snapshot: Pick<Snapshot, 'accounts'>,
  score: Score,
  {
    notes,
    took,
    before,
    snoozed = new Set(),
  }: { notes: readonly string[]; took: number; before?: number; snoozed?: ReadonlySet<string> },
): RunSummary {
  const verdicts = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0, exempt: 0 };
  const failures = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { verdict, severity } of findings) {
    verdicts[verdict] += 1;
    if (verdict === 'fail') failures[severity] += 1;
  }
  const failing = new Map<string, FailingCheck>();
  for (const finding of findings.filter(({ verdict }) => verdict === 'fail').sort(worstFirst)) {
    const { check, title, severity, id } = finding;
    const known = failing.get(check);
    if (known === undefined) failing.set(check, { check, title, severity, findings: [id] });
    else known.findings.push(id);
  }
  const following = consequences(findings);
  for (const check of failing.values()) {
    const asleep = check.findings.filter((id) => snoozed.has(id)).length;
    if (asleep > 0) check.snoozed = asleep;
    const [cause] = check.findings.flatMap((id) => following.get(id) ?? []);
    if (cause !== undefined && check.findings.every((id) => following.has(id))) check.follows = cause;
  }
  const missing = new Map<string, number>();
  for (const permission of findings.flatMap(({ verdict, missingPermissions }) =>
    verdict === 'unknown' ? missingPermissions : [],
  )) {
    missing.set(permission, (missing.get(permission) ?? 0) + 1);
  }
  return {
    accounts: Object.values(snapshot.accounts).map(({ id, name, inScope, status, reason }) => ({
      id,
      name,
      inScope,
      status,
      ...(reason === undefined ? {} : { reason }),
    })),
    verdicts,
    failures,
    score: score.raw,
    accepted: score.accepted,
    ...(before === undefined ? {} : { before }),
    raise: score.raise.filter(({ points }) => points > 0).slice(0, 3),
    failing: [...failing.values()],
    missing: [...missing]
      .map(([permission, count]) => ({ permission, findings: count }))
      .sort((a, b) => b.findings - a.findings),
    notes: [...notes],
    took,
  };
}
