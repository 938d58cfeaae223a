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
  const diff = diffOf(change).map(diffText);
  return [
    paragraph(bold(`${number}${oneLine(change.summary, 300)}`)),
    preformatted([cliLine(change)], { chars: 2_000 }),
    ...(diff.length === 0 ? [] : [preformatted(diff, { most: 40, chars: 2_500 })]),
  ];
}

function diffText({ sign, text: line }: DiffLine): string {
  return `${sign} ${line}`;
}
