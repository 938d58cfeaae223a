import type { Finding, Severity } from '../check/finding.ts';

const WEIGHT: { [severity in Severity]: number } = { critical: 10, high: 5, medium: 2, low: 1, info: 0 };
/** A critical failure caps the score here: a leaking log bucket cannot be made up for elsewhere. */
const CRITICAL_CAP = 59;

export interface Score {
  /** 0 to 100; exempt counts as failed. */
  raw: number;
  /** 0 to 100; exempt counts as passed. */
  accepted: number;
  /** The checks whose failures cost most, most first, with the points they would bring. */
  raise: { check: string; points: number }[];
}

/**
 * 100 × the weighted share of passed findings (decision 5): critical 10, high 5, medium 2, low 1; unknown counts as half
 * failed; not-applicable does not count. With nothing to judge it is 0: no evidence is no credit.
 */
export function scoreOf(findings: readonly Finding[]): Score {
  const raw = weigh(findings, 0);
  const accepted = weigh(findings, 1);
  const failing = [...new Set(findings.filter(({ verdict }) => verdict === 'fail').map(({ check }) => check))];
  const raise = failing
    .map((check) => {
      const mended = findings.map(
        (finding): Finding =>
          finding.check === check && finding.verdict === 'fail' ? { ...finding, verdict: 'pass' } : finding,
      );
      return { check, points: weigh(mended, 0) - raw };
    })
    .sort((a, b) => b.points - a.points || a.check.localeCompare(b.check));
  return { raw, accepted, raise };
}

function weigh(findings: readonly Finding[], exempt: number): number {
  let total = 0;
  let passed = 0;
  for (const { severity, verdict } of findings) {
    if (verdict === 'not-applicable') continue;
    const weight = WEIGHT[severity];
    total += weight;
    passed += weight * { pass: 1, fail: 0, unknown: 0.5, exempt }[verdict];
  }
  if (total === 0) return 0;
  const score = Math.floor((100 * passed) / total);
  const critical = findings.some(
    ({ verdict, severity }) =>
      severity === 'critical' && (verdict === 'fail' || (verdict === 'exempt' && exempt === 0)),
  );
  return critical ? Math.min(score, CRITICAL_CAP) : score;
}
