import type { Finding } from '../check/finding.ts';

/**
 * Failing findings that are there only because another one is: an alarm cannot work on a trail that is stopped. Reports
 * show the cause and count what follows from it, so that one fault is one line. By finding id, the id of the check
 * that is the cause; it fails itself, for the same account or by the same trail.
 */
export function consequences(findings: readonly Finding[]): ReadonlyMap<string, string> {
  const failing = findings.filter(({ verdict }) => verdict === 'fail');
  const byCheck = Map.groupBy(failing, ({ check }) => check);
  return new Map(
    failing.flatMap((finding) => {
      const { id, check, cause } = finding;
      if (cause === undefined || cause === check) return [];
      const there = (byCheck.get(cause) ?? []).some((other) => shares(finding, other));
      return there ? [[id, cause] as const] : [];
    }),
  );
}

function shares(one: Finding, other: Finding): boolean {
  const from = one.inheritedFrom;
  return (
    one.account === other.account || (from !== undefined && (from === other.inheritedFrom || from === other.resource))
  );
}
