import type { KnownBlock, RichTextBlockElement } from '@slack/types';
import type { Change, Plan } from '../../check/plan.ts';
import { cliLine, type DiffLine, diffOf } from '../../fixes/print.ts';
import { bold, paragraph, preformatted, rich, text } from './elements.ts';
import { count, oneLine } from './text.ts';

/** Each call of a plan as its AWS CLI line, with what it changes; as many as `most`, and how many there are besides. */
export function planBlocks({ changes }: Pick<Plan, 'changes'>, most = 8): KnownBlock[] {
  const shown = changes.slice(0, most);
  const more = changes.length - shown.length;
  const numbered = changes.length > 1;
  return [
    ...shown.map((change, at) => rich(...changeElements(change, numbered ? `${at + 1}. ` : ''))),
    ...(more > 0 ? [rich(paragraph(text(`… and ${count(more, 'more call')} of this plan`, { italic: true })))] : []),
  ];
}

function changeElements(change: Change, number: string): RichTextBlockElement[] {
  const diff = changeDiff(change);
  return [
    paragraph(bold(`${number}${oneLine(change.summary, 300)}`)),
    preformatted([cliLine(change)], { chars: 2_000 }),
    ...(diff.length === 0 ? [] : [preformatted(diff, { most: 40, chars: 2_500 })]),
  ];
}

/** Before and after of a change as `-` and `+` lines. */
export function changeDiff(change: Change): string[] {
  return withoutFrame(diffOf(change)).map(({ sign, text: line }) => `${sign} ${line}`);
}

/** The braces around the whole state say nothing. */
function withoutFrame(diff: readonly DiffLine[]): DiffLine[] {
  return diff
    .filter(({ sign, text: line }) => sign !== ' ' || !/^[{}]$/.test(line))
    .map(({ sign, text: line }) => ({ sign, text: line.replace(/^ {2}/, '') }));
}
