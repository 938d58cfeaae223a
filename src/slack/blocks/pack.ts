import type { DataTableBlock } from '@slack/types';
import type { Verdict } from '../../check/finding.ts';
import type { ControlReport, PackReport } from '../../posture/packs/report.ts';
import type { Run } from '../../store/database.ts';
import { actions, button, context, header, section } from './elements.ts';
import { ACTIONS } from './ids.ts';
import type { Message } from './message.ts';
import { count, escapeText, oneLine, words } from './text.ts';
import { CONTROL } from './vocabulary.ts';

/** Slack takes 10,000 characters in all tables of a message, and a hundred rows below the header. */
const TABLE_CHARS = 9_000;
const MOST_ROWS = 90;

/** The report of one standard in the thread of a run: each control in its own numbering, with what decides it. */
export function packMessage(run: Run, title: string, report: PackReport | undefined): Message {
  const target = oneLine(run.target, 80);
  if (run.state === 'queued' || run.state === 'running') {
    return { text: `${escapeText(title)}: reading …`, blocks: [context(words(`⏳ ${oneLine(title, 100)} follows …`))] };
  }
  if (report === undefined) {
    return {
      text: `${escapeText(title)}: no report`,
      blocks: [
        section(
          words({ bold: oneLine(title, 100) }, ' could not be reported: this check had ended already, or failed.'),
        ),
        actions(button('Check again', ACTIONS.rerun, run.id)),
      ],
    };
  }
  const rows = fitting(report.controls);
  const hidden = report.controls.length - rows.length;
  return {
    text: `${escapeText(title)}, ${escapeText(target)}: ${tally(report.controls)}`,
    blocks: [
      header(oneLine(title, 140) || '–'),
      section(words({ bold: target }, `: ${tally(report.controls)}`)),
      ...table(title, rows),
      ...(hidden > 0
        ? [
            context(
              words(
                `${count(hidden, 'control')} that ${hidden === 1 ? 'passes' : 'pass'} or do not apply are left out.`,
              ),
            ),
          ]
        : []),
      ...notCovered(report),
    ],
  };
}

function tally(controls: readonly ControlReport[]): string {
  const of = (verdict: Verdict) => controls.filter((control) => control.verdict === verdict).length;
  const said = (['pass', 'fail', 'unknown', 'exempt'] as const).flatMap((verdict) => {
    const number = of(verdict);
    return number === 0 ? [] : [`${number} ${CONTROL[verdict].words}`];
  });
  return `${said.length === 0 ? 'nothing applies' : said.join(', ')} of ${count(controls.length, 'control')}`;
}

/** All of them where they fit; else those that pass and those that do not apply make room. */
function fitting(controls: readonly ControlReport[]): ControlReport[] {
  const open = controls.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable');
  for (const some of [controls, open]) if (some.length <= MOST_ROWS && chars(some) <= TABLE_CHARS) return [...some];
  let room = TABLE_CHARS;
  return open.slice(0, MOST_ROWS).filter((control) => {
    room -= chars([control]);
    return room > 0;
  });
}

function chars(controls: readonly ControlReport[]): number {
  return controls.reduce((sum, control) => sum + cells(control).join('').length, 100);
}

function cells({ control, title, verdict, evidence, findings }: ControlReport): string[] {
  const { emoji, words: said } = CONTROL[verdict];
  const [first] = evidence;
  const more = findings[verdict] - 1;
  const rest = more > 0 ? ` and ${more} more` : '';
  const why =
    first === undefined || verdict === 'pass' || verdict === 'not-applicable'
      ? ''
      : `${oneLine(first.resource.split(/[:/]/).at(-1) ?? first.resource, 40)}${rest}: ${oneLine(first.reason ?? '', 80)}`;
  // Slack refuses a cell without text.
  return [oneLine(control, 30), oneLine(title, 60), `${emoji} ${said}`, why].map((cell) => cell || '–');
}

function table(title: string, controls: readonly ControlReport[]): DataTableBlock[] {
  if (controls.length === 0) return [];
  const lines = [['Control', 'What', 'Verdict', 'Why'], ...controls.map(cells)];
  return [
    {
      type: 'data_table',
      caption: oneLine(title, 140) || '–',
      page_size: 30,
      rows: lines.map((line) => line.map((text) => ({ type: 'raw_text', text }))),
    },
  ];
}

function notCovered({ notCovered: controls }: PackReport) {
  if (controls.length === 0) return [];
  const listed = controls.slice(0, 12).map(({ control, title }) => `${control} ${oneLine(title, 60)}`);
  const more = controls.length - listed.length;
  return [
    context(words(`Not covered by CloudTrail posture: ${listed.join(' · ')}${more > 0 ? ` and ${more} more` : ''}`)),
  ];
}
