import type { Finding } from '../../check/finding.ts';
import type { Snooze } from '../../store/database.ts';
import { worseThan } from './fingerprint.ts';

/** Ids of the failing findings that nobody wants to hear of now: what got worse since is not among them. */
export function asleepOf(findings: readonly Finding[], snoozes: readonly Snooze[]): Set<string> {
  const byFinding = new Map(snoozes.map((snooze) => [snooze.finding, snooze]));
  return new Set(
    findings.flatMap((finding) => {
      const snooze = finding.verdict === 'fail' ? byFinding.get(finding.id) : undefined;
      return snooze === undefined || worseThan(snooze, finding) !== undefined ? [] : [finding.id];
    }),
  );
}
