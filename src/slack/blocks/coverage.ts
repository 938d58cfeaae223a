import type { DataTableBlock } from '@slack/types';
import { COLUMNS } from '../../posture/coverage/columns.ts';
import type { Cell, Matrix, MatrixRow } from '../../posture/coverage/matrix.ts';
import { COLUMN_TITLES, cellWords } from '../../report/coverage.ts';
import { context, section } from './elements.ts';
import type { Message } from './message.ts';
import { oneLine, words } from './text.ts';

/** Slack takes 10,000 characters in all tables of a message. */
const TABLE_CHARS = 9_000;
const MOST_ROWS = 90;
const SIGN: { readonly [covered in Cell['covered']]: string } = { all: '✅', partly: '⚠️', none: '❌', unknown: '❔' };

/** Which account records what, the worst first, as a table that can be sorted. */
export function coverageMessage({
  target,
  rows,
  excluded,
  notes,
}: Matrix & { target: string; notes: string[] }): Message {
  const title = oneLine(target, 100);
  const table = tableOf(title, rows);
  const shown = table === undefined ? 0 : table.rows.length - 1;
  const out = excluded.slice(0, 10).map(({ account, name, why }) => `${oneLine(name, 40)} (${account}, ${why})`);
  const more = excluded.length - out.length;
  return {
    text: `What the trails of ${title} record: ${summary(rows)}`,
    blocks: [
      section(words('What the trails of ', { bold: title }, ` record: ${summary(rows)}`)),
      ...(table === undefined ? [] : [table]),
      ...(shown < rows.length
        ? [context(`The worst ${shown} of ${rows.length} accounts; \`trail-check coverage\` in a terminal lists all.`)]
        : []),
      ...(out.length === 0
        ? []
        : [context(words(`Left out: ${out.join(', ')}${more > 0 ? ` and ${more} more` : ''}`))]),
      ...notes.slice(0, 3).map((note) => context(words(oneLine(note, 300)))),
    ],
  };
}

function summary(rows: readonly MatrixRow[]): string {
  const whole = rows.filter(
    ({ cells }) => cells.managementRead.covered === 'all' && cells.managementWrite.covered === 'all',
  ).length;
  return `${whole} of ${rows.length} ${rows.length === 1 ? 'account' : 'accounts'} with all management events`;
}

function tableOf(title: string, rows: readonly MatrixRow[]): DataTableBlock | undefined {
  const lines: string[][] = [['Account', 'Id', ...COLUMNS.map((column) => COLUMN_TITLES[column])]];
  let chars = 200;
  for (const { account, name, cells } of rows.slice(0, MOST_ROWS)) {
    const line = [oneLine(name, 40) || account, account, ...COLUMNS.map((column) => worded(cells[column]))];
    chars += line.join('').length;
    if (chars > TABLE_CHARS) break;
    lines.push(line);
  }
  if (lines.length < 2) return undefined;
  return {
    type: 'data_table',
    caption: `What the trails of ${title} record`,
    page_size: 25,
    rows: lines.map((line) => line.map((text) => ({ type: 'raw_text', text }))),
  };
}

function worded(cell: Cell): string {
  const detail = cell.detail === undefined || cell.covered === 'unknown' ? '' : `: ${oneLine(cell.detail, 60)}`;
  return `${SIGN[cell.covered]} ${cellWords(cell)}${detail}`;
}
