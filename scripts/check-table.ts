import type { AnyCheck } from '../src/posture/catalogue.ts';
import { fixWords } from './check-page.ts';

const BEGIN = '<!-- checks:begin -->';
const END = '<!-- checks:end -->';

/** The table of all checks, as it stands in the README. */
export function checkTable(checks: Iterable<AnyCheck>): string {
  const rows = [...checks].map(
    ({ id, title, severity, fix }) =>
      `| [\`${id}\`](docs/checks/${id}.md) | ${title} | ${severity} | ${fixWords(fix)} |`,
  );
  return ['| check | asks that | severity | fix |', '|---|---|---|---|', ...rows].join('\n');
}

/** The README with the table between its marks; everything else stays. Throws where the marks are missing. */
export function withTable(readme: string, table: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md must hold ${BEGIN} and, after it, ${END}.`);
  return `${readme.slice(0, begin + BEGIN.length)}\n${table}\n${readme.slice(end)}`;
}
