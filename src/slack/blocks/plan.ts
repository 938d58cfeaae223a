import type { KnownBlock, RichTextBlockElement } from '@slack/types';
import type { Change, Plan } from '../../check/plan.ts';
import { cliLine, type DiffLine, diffOf } from '../../fixes/print.ts';
import type { JsonObject } from '../../snapshot/types.ts';
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
  const diff = diffOf({ ...change, ...documents(change) });
  return withoutFrame(diff).map(({ sign, text: line }) => `${sign} ${line}`);
}

/** Parts whose state is kept in a form for comparing; people read the documents as AWS takes and gives them. */
const CANONICAL = ['bucket.policy:', 'key.policy:', 'trail.selectors:', 'bucket.lifecycle:'];

function documents({ target, input, undo }: Change): Partial<Pick<Change, 'expect' | 'result'>> {
  if (undo === undefined || !CANONICAL.some((part) => target.startsWith(part))) return {};
  return { expect: documentOf(undo.input), result: documentOf(input) };
}

/** The documents among the members of an input; nothing where the call deletes one. */
function documentOf(input: JsonObject): JsonObject | null {
  const { Policy: policy, ...members } = input;
  if (typeof policy === 'string') return parsed(policy);
  const nested = Object.entries(members).filter(([, value]) => typeof value === 'object' && value !== null);
  return nested.length === 0 ? null : Object.fromEntries(nested);
}

function parsed(policy: string): JsonObject {
  try {
    return JSON.parse(policy);
  } catch {
    return { Policy: policy };
  }
}

/** The braces around the whole state say nothing. */
function withoutFrame(diff: readonly DiffLine[]): DiffLine[] {
  return diff
    .filter(({ text: line }) => !/^[{}]$/.test(line))
    .map(({ sign, text: line }) => ({ sign, text: line.replace(/^ {2}/, '') }));
}
