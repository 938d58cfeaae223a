import type { Finding } from '../../check/finding.ts';
import type { AcceptedRisk } from '../../store/database.ts';
import { exempted } from '../exemptions.ts';
import { worseThan } from './fingerprint.ts';

/** A risk that was accepted, and why that no longer holds. */
export interface Outgrown {
  risk: AcceptedRisk;
  reason: string;
}

/**
 * Findings with the risks that people accepted in Slack: a failure whose evidence is the accepted one is `exempt`. One
 * that got worse fails again, and its risk is `outgrown`. What the file accepts is not asked for here any more.
 */
export function applyAcceptedRisks(
  findings: readonly Finding[],
  risks: readonly AcceptedRisk[],
  takenAt: string,
): { findings: Finding[]; outgrown: Outgrown[] } {
  const today = takenAt.slice(0, 10);
  const byFinding = new Map(risks.filter(holdsOn(today)).map((risk) => [risk.finding, risk]));
  const outgrown: Outgrown[] = [];
  const applied = findings.map((finding) => {
    const risk = finding.verdict === 'fail' ? byFinding.get(finding.id) : undefined;
    if (risk === undefined) return finding;
    const reason = worseThan(risk, finding);
    if (reason === undefined) return exempted(finding, risk);
    outgrown.push({ risk, reason });
    return finding;
  });
  return { findings: applied, outgrown };
}

/** Does an accepted risk hold on this day (ISO date, UTC)? Its end is the last day on which it does. */
export function holdsOn(today: string) {
  return ({ state, until }: Pick<AcceptedRisk, 'state' | 'until'>): boolean => state === 'active' && until >= today;
}
