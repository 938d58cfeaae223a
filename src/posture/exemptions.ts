import type { Finding } from '../check/finding.ts';
import type { Config } from '../config/config.ts';
import { matchesGlob } from '../config/glob.ts';

/**
 * Findings with the exemptions of the configuration applied: an accepted failure is `exempt`, says until when and why,
 * and keeps its evidence. Only failures can be accepted; what is unknown stays unknown (decision 35).
 */
export function applyExemptions(
  findings: readonly Finding[],
  exemptions: Config['exemptions'],
  environmentsOf: (account: string) => readonly string[],
  takenAt: string,
): Finding[] {
  const today = takenAt.slice(0, 10);
  return findings.map((finding) => {
    if (finding.verdict !== 'fail') return finding;
    const exemption = exemptions.find(
      ({ check, resource, account, environment, end }) =>
        end >= today &&
        matchesGlob(finding.check, check) &&
        (resource === undefined ||
          matchesGlob(finding.resource, resource) ||
          shortName(finding.resource) === resource) &&
        (account === undefined || finding.account === account) &&
        (environment === undefined || environmentsOf(finding.account).includes(environment)),
    );
    if (exemption === undefined) return finding;
    return exempted(finding, { until: exemption.end, reason: exemption.reason });
  });
}

/** A failure that somebody accepted: it keeps its evidence, and nothing is offered to mend it. */
export function exempted(finding: Finding, { until, reason }: { until: string; reason: string }): Finding {
  const { risk: _risk, people: _people, ...rest } = finding;
  return { ...rest, verdict: 'exempt', fix: 'none', exemption: { until, reason, underlying: finding.verdict } };
}

function shortName(resource: string): string {
  return resource.split(/[:/]/).at(-1) ?? resource;
}
