import type { Finding, Verdict } from '../../check/finding.ts';
import type { Catalogue } from '../catalogue.ts';
import { byNumber, controlsIn, membersOf, type Pack } from './pack.ts';

export interface ControlReport {
  /** Its number in the standard. */
  control: string;
  /** Known where the section is listed in full; else the titles of the checks say it. */
  title: string;
  verdict: Verdict;
  checks: string[];
  /** How many findings have each verdict. */
  findings: { [verdict in Verdict]: number };
  /** The findings that decide the verdict, as far as they fit a report: resource and reason. */
  evidence: { finding: string; check: string; account: string; resource: string; verdict: Verdict; reason?: string }[];
}

export interface PackReport {
  pack: string;
  title: string;
  /** In the standard's own numbering. */
  controls: ControlReport[];
  /** Controls of its sections that CloudTrail posture says nothing about. */
  notCovered: { section: string; control: string; title: string }[];
  passed: number;
  failed: number;
}

/** How grave a verdict is: the gravest finding decides a control. */
const GRAVEST: readonly Verdict[] = ['fail', 'unknown', 'exempt', 'pass', 'not-applicable'];

/**
 * What a standard's auditor asks: each control with its verdict and what it rests on, and which controls of the
 * section nobody here looked at. `findings` may hold more than the pack's; what was not read is `unknown`.
 */
export function packReport(pack: Pack, catalogue: Catalogue, findings: readonly Finding[]): PackReport {
  const titles = new Map(pack.sections.flatMap(({ controls }) => Object.entries(controls)));
  const byControl = Map.groupBy(
    membersOf(pack, catalogue).flatMap((check) => controlsIn(pack, check).map((control) => ({ control, check }))),
    ({ control }) => control,
  );
  const byCheck = Map.groupBy(
    findings.map((finding) => takenBy(pack, finding)),
    ({ check }) => check,
  );
  const controls = [...byControl]
    .map(([control, members]): ControlReport => {
      const checks = members.map(({ check }) => check);
      const judged = checks.flatMap(({ id }) => byCheck.get(id) ?? []);
      const verdict = GRAVEST.find((each) => judged.some((finding) => finding.verdict === each)) ?? 'unknown';
      const title = titles.get(control) ?? checks.map((check) => check.title).join('; ');
      return {
        control,
        title,
        verdict,
        checks: checks.map(({ id }) => id),
        findings: counted(judged),
        evidence: judged.filter((finding) => finding.verdict === verdict).map(evidenceOf),
      };
    })
    .sort((one, other) => byNumber(one.control, other.control));
  return {
    pack: pack.id,
    title: pack.title,
    controls,
    notCovered: pack.sections.flatMap(({ name, controls: all }) =>
      Object.entries(all).flatMap(([control, title]) =>
        covers(byControl, control) ? [] : [{ section: name, control, title }],
      ),
    ),
    passed: controls.filter(({ verdict }) => verdict === 'pass').length,
    failed: controls.filter(({ verdict }) => verdict === 'fail').length,
  };
}

const MOST_EVIDENCE = 3;

/** The report as a run keeps it: of each control, the first findings that decide it. */
export function shortened(report: PackReport): PackReport {
  const cut = (control: ControlReport) => ({ ...control, evidence: control.evidence.slice(0, MOST_EVIDENCE) });
  return { ...report, controls: report.controls.map(cut) };
}

/** `AU-6(3)` is an enhancement of AU-6: a control is looked at where one of its parts is. */
function covers(byControl: ReadonlyMap<string, unknown>, control: string): boolean {
  return [...byControl.keys()].some((known) => known === control || known.startsWith(`${control}(`));
}

/** A finding as this standard takes it: where nothing may stand in for a control, a substitute fails. */
export function takenBy(pack: Pack, finding: Finding): Finding {
  const { substitute } = finding.evidence;
  if (pack.substitutes || finding.verdict !== 'pass' || typeof substitute !== 'string') return finding;
  return { ...finding, verdict: 'fail', reason: `${substitute} does not stand in for it in ${pack.title}.` };
}

function counted(findings: readonly Finding[]): ControlReport['findings'] {
  const counts = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0, exempt: 0 };
  for (const { verdict } of findings) counts[verdict] += 1;
  return counts;
}

function evidenceOf({ id, check, account, resource, verdict, reason }: Finding): ControlReport['evidence'][number] {
  return { finding: id, check, account, resource, verdict, ...(reason === undefined ? {} : { reason }) };
}
