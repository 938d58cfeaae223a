import type { ModalView } from '@slack/types';
import type { Finding } from '../../check/finding.ts';
import type { ManualStep } from '../../check/plan.ts';
import { bold, context, paragraph, plainTitle, preformatted, rich, section, text } from './elements.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import { type AccountNames, located } from './resource.ts';
import { count, oneLine, prose, words } from './text.ts';
import { SEVERITY } from './vocabulary.ts';

/** The guided steps of a fix that only people can make, and why the bot cannot. */
export function stepsModal(
  finding: Finding,
  steps: readonly ManualStep[],
  { reason, names = new Map() }: { reason?: string | undefined; names?: AccountNames } = {},
): ModalView {
  const { emoji, word } = SEVERITY[finding.severity];
  const head = [
    section(words(`${emoji} `, { bold: `Fails: ${oneLine(finding.title, 200)}` })),
    context(words(`${word} · `, ...located(finding, names))),
    ...(reason === undefined ? [] : [section(words('🔒 ', ...prose(reason, 600)))]),
  ];
  const body = steps.map(({ text: what, command }, at) => [
    rich(
      paragraph(bold(`${at + 1}. `), text(oneLine(what, 1_000))),
      ...(command === undefined ? [] : [preformatted(command.split('\n'))]),
    ),
  ]);
  return {
    type: 'modal',
    title: plainTitle('Steps to fix this'),
    close: plainTitle('Close'),
    blocks: fitBlocks({ head, body }, LIMITS.view, (left) => context(`… and ${count(left, 'more step')}`)),
  };
}
