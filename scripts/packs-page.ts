import type { Catalogue } from '../src/posture/catalogue.ts';
import { membersOf, type Pack } from '../src/posture/packs/pack.ts';
import { packReport } from '../src/posture/packs/report.ts';

/** The page of all packs, as Markdown: their controls in the standard's numbering, with the checks behind them. */
export function packsPage(packs: Iterable<Pack>, catalogue: Catalogue): string {
  const all = [...packs];
  const rows = all.map(
    (pack) => `| [\`${pack.id}\`](#${anchor(pack)}) | ${pack.title} | ${membersOf(pack, catalogue).length} |`,
  );
  return [
    '# Packs',
    'A pack is a set of checks that people are audited by. `trail-check scan prod --pack cis-5.0` and `/trail-check prod --pack cis-5.0` report on one: each control in its own numbering, with its verdict and what it rests on. `pack: cis-5.0` in an environment makes it the default there.',
    'A control is as good as the worst of its findings: `fail` before `unknown` before `pass`. A check contributes to a control; that it passes does not mean that the whole control is met.',
    ['| pack | standard | checks |', '|---|---|---|', ...rows].join('\n'),
    ...all.map((pack) => section(pack, catalogue)),
    '<!-- Written by `npm run generate`; change the packs, not this page. -->\n',
  ].join('\n\n');
}

function anchor({ id, title }: Pack): string {
  return `${id} ${title}`
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}

function section(pack: Pack, catalogue: Catalogue): string {
  const { controls, notCovered } = packReport(pack, catalogue, []);
  const rows = controls.map(
    ({ control, title, checks }) =>
      `| ${control} | ${title} | ${checks.map((id) => `[\`${id}\`](checks/${id}.md)`).join(', ')} |`,
  );
  const left = notCovered.map(({ control, title }) => `- ${control}: ${title}`);
  return [
    `## ${pack.id} ${pack.title}`,
    ['| control | what | checks |', '|---|---|---|', ...rows].join('\n'),
    ...(left.length === 0 ? [] : [`Not covered by CloudTrail posture, in the same sections:\n\n${left.join('\n')}`]),
    ...(pack.substitutes
      ? []
      : ['What stands in for a control elsewhere (Object Lock for MFA delete) does not pass here.']),
  ].join('\n\n');
}
