import { styleText } from 'node:util';
import type { Catalogue } from '../posture/catalogue.ts';
import { membersOf, type Pack } from '../posture/packs/pack.ts';
import type { ControlReport, PackReport } from '../posture/packs/report.ts';
import { printable, type Screen } from './terminal.ts';
import { wrap } from './wrap.ts';

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

const COLOUR = { pass: 'green', fail: 'red', unknown: 'yellow', exempt: 'gray', 'not-applicable': 'gray' } as const;

/** What an auditor asks of one standard: each control with its verdict, and what failing ones rest on. */
export function packReportText(
  target: string,
  report: PackReport,
  { interactive, columns }: Pick<Screen, 'interactive' | 'columns'>,
): string {
  const { title, controls, passed, failed } = report;
  const width = Math.max(...controls.map(({ control }) => control.length));
  const indent = ' '.repeat(width + 12);
  const fold = (text: string, hanging: string) => wrap(text, columns ?? Number.POSITIVE_INFINITY, hanging);
  const lines = [
    title,
    `${printable(target)}: ${passed} of ${controls.length} controls pass, ${failed} fail`,
    '',
    ...controls.flatMap(({ control, title: what, verdict, evidence }) => {
      const word = WORDS[verdict].padEnd(8);
      const shown = interactive ? styleText(COLOUR[verdict], word) : word;
      const [first = '', ...rest] = fold(`${control.padEnd(width)}  ${word}  ${what}`, indent);
      const why = verdict === 'pass' || verdict === 'not-applicable' ? [] : evidence;
      return [
        first.replace(word, () => shown),
        ...rest,
        ...why.flatMap((each) => [
          ...fold(`${indent}${printable(each.resource)}`, indent),
          ...fold(`${indent}  ${each.check}: ${printable(each.reason ?? '')}`, `${indent}  `),
        ]),
      ];
    }),
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
