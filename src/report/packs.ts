import type { Catalogue } from '../posture/catalogue.ts';
import { membersOf, type Pack } from '../posture/packs/pack.ts';
import type { ControlReport, PackReport } from '../posture/packs/report.ts';
import { printable } from './terminal.ts';

/** Every pack with the number of its checks, a line each. */
export function packsText(packs: Iterable<Pack>, catalogue: Catalogue): string {
  const rows = [...packs].map((pack) => ({ ...pack, checks: membersOf(pack, catalogue).length }));
  const width = Math.max(...rows.map(({ id }) => id.length));
  return rows
    .map(({ id, title, checks }) => `${id.padEnd(width)}  ${String(checks).padStart(3)} checks  ${title}\n`)
    .join('');
}

/** The controls of a pack, each with its checks, and what it leaves to others. */
export function packText({ title, controls, notCovered }: PackReport): string {
  const width = Math.max(...controls.map(({ control }) => control.length));
  const lines = [
    title,
    '',
    ...controls.flatMap(({ control, title: what, checks }) => [
      `${control.padEnd(width)}  ${what}`,
      `${' '.repeat(width)}    ${checks.join(', ')}`,
    ]),
    ...leftOut({ notCovered }),
  ];
  return `${lines.join('\n')}\n`;
}

const WORDS: { readonly [verdict in ControlReport['verdict']]: string } = {
  pass: 'PASS',
  fail: 'FAIL',
  unknown: 'UNKNOWN',
  exempt: 'ACCEPTED',
  'not-applicable': 'N/A',
};

/** What an auditor asks of one standard: each control with its verdict, and what failing ones rest on. */
export function packReportText(target: string, report: PackReport): string {
  const { title, controls, passed, failed } = report;
  const width = Math.max(...controls.map(({ control }) => control.length));
  const indent = ' '.repeat(width + 12);
  const lines = [
    `${title}`,
    `${target}: ${passed} of ${controls.length} controls pass, ${failed} fail`,
    '',
    ...controls.flatMap(({ control, title: what, verdict, evidence }) => [
      `${control.padEnd(width)}  ${WORDS[verdict].padEnd(8)}  ${what}`,
      ...(verdict === 'pass' || verdict === 'not-applicable' ? [] : evidence).flatMap((each) => [
        `${indent}${printable(each.resource)}`,
        `${indent}${each.check}: ${printable(each.reason ?? '')}`,
      ]),
    ]),
    ...leftOut(report),
  ];
  return `${lines.join('\n')}\n`;
}

function leftOut({ notCovered }: Pick<PackReport, 'notCovered'>): string[] {
  if (notCovered.length === 0) return [];
  const bySection = Map.groupBy(notCovered, ({ section }) => section);
  return [
    '',
    'Not covered by CloudTrail posture:',
    ...[...bySection].flatMap(([section, controls]) => [
      `  ${section}`,
      ...controls.map(({ control, title }) => `    ${control}  ${title}`),
    ]),
  ];
}
