import type { AnyCheck } from '../src/posture/catalogue.ts';
import { fixWords } from './check-page.ts';

const BEGIN = '<!-- checks:begin -->';
const END = '<!-- checks:end -->';

/** All checks as the README has them: a folded table for each kind of resource. */
export function checkTable(checks: Iterable<AnyCheck>): string {
  const byResource = Map.groupBy(checks, ({ id }) => id.slice(0, id.indexOf('/')));
  return [...byResource].map(([resource, group]) => folded(resource, group)).join('\n\n');
}

function folded(resource: string, checks: readonly AnyCheck[]): string {
  const rows = checks.map(
    ({ id, title, severity, fix }) =>
      `| [\`${id}\`](docs/checks/${id}.md) | ${title} | ${severity} | ${fixWords(fix)} |`,
  );
  return [
    `<details><summary><b>${resource}</b> · ${checks.length}</summary>`,
    '',
    '| check | asks that | severity | fix |',
    '|---|---|---|---|',
    ...rows,
    '',
    '</details>',
  ].join('\n');
}

/** The README with the table between its marks; everything else stays. Throws where the marks are missing. */
export function withTable(readme: string, table: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md must hold ${BEGIN} and, after it, ${END}.`);
  return `${readme.slice(0, begin + BEGIN.length)}\n${table}\n${readme.slice(end)}`;
}
