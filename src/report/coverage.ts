import { styleText } from 'node:util';
import { COLUMNS, type Column } from '../posture/coverage/columns.ts';
import type { Cell, Matrix } from '../posture/coverage/matrix.ts';
import { printable } from './terminal.ts';

export const COLUMN_TITLES: { readonly [column in Column]: string } = {
  managementRead: 'Reads',
  managementWrite: 'Writes',
  dataEvents: 'Data events',
  insights: 'Insights',
};

const WORDS = { all: 'yes', partly: 'partly', none: 'no', unknown: 'unknown' } as const;
const COLOUR = { all: 'green', partly: 'yellow', none: 'red', unknown: 'gray' } as const;

/** One cell in a word or two, the same words in Slack and in the terminal. */
export function cellWords({ covered, inherited }: Cell): string {
  return inherited ? `${WORDS[covered]}, inherited` : WORDS[covered];
}

/** The matrix for a terminal, with what is covered in part explained below. */
export function coverageText(
  { target, rows, excluded, notes }: Matrix & { target: string; notes: string[] },
  interactive: boolean,
): string {
  const names = rows.map(({ account, name }) => `${account} ${printable(name)}`);
  const widths = COLUMNS.map((column) =>
    Math.max(COLUMN_TITLES[column].length, ...rows.map(({ cells }) => cellWords(cells[column]).length)),
  );
  const first = Math.max('Account'.length, ...names.map(({ length }) => length));
  const line = (name: string, cells: string[]) => [name.padEnd(first), ...cells].join('  ').trimEnd();
  const details = rows.flatMap(({ account, cells }) =>
    COLUMNS.flatMap((column) => {
      const { detail } = cells[column];
      return detail === undefined ? [] : [`${account} ${COLUMN_TITLES[column].toLowerCase()}: ${printable(detail)}`];
    }),
  );
  const lines = [
    `${target}: what its trails record`,
    '',
    line(
      'Account',
      COLUMNS.map((column, at) => COLUMN_TITLES[column].padEnd(widths[at] ?? 0)),
    ),
    ...rows.map(({ cells }, at) =>
      line(
        names[at] ?? '',
        COLUMNS.map((column, index) => {
          const words = cellWords(cells[column]).padEnd(widths[index] ?? 0);
          return interactive ? styleText(COLOUR[cells[column].covered], words) : words;
        }),
      ),
    ),
    '',
    ...details,
    ...(excluded.length === 0 ? [] : ['', 'Left out:']),
    ...excluded.map(({ account, name, why }) => `  ${account} ${printable(name)}: ${why}`),
    ...notes.map(printable),
  ];
  return `${lines.join('\n')}\n`;
}
