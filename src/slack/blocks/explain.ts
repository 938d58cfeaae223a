import type { AnyCheck } from '../../posture/catalogue.ts';
import { context, fields, section } from './elements.ts';
import type { Message } from './message.ts';
import { escapeText, oneLine, words } from './text.ts';
import { REVERSIBLE, RISK, SEVERITY, standards } from './vocabulary.ts';

const FIX = {
  auto: 'By a button, one approval',
  'auto-second-approver': 'By a button, two approvals',
  manual: 'Guided steps',
  none: 'None',
} as const;

/** What a check looks at, why, when it passes, how it is mended, and the controls it stands for. */
export function explainMessage(check: AnyCheck): Message {
  const { id, title, severity, rationale, pass, fix } = check;
  const { emoji, word } = SEVERITY[severity];
  const automatic = fix.class === 'auto' || fix.class === 'auto-second-approver';
  const controls = standards(check.controls).map(({ name, ids }) => `*${escapeText(name)}* ${escapeText(listed(ids))}`);
  return {
    text: `${escapeText(title)} (${escapeText(id)})`,
    blocks: [
      section(words(`${emoji} `, { bold: oneLine(title, 200) }, `\n${oneLine(rationale, 600)}`)),
      section(words({ bold: 'Passes when' }, `\n${oneLine(pass, 600)}`)),
      fields(
        `*Severity*\n${emoji} ${word}`,
        `*Fix*\n${FIX[fix.class]}`,
        ...(automatic ? [`*Risk*\n${RISK[fix.risk]}`, `*Can be undone*\n${REVERSIBLE[fix.reversible]}`] : []),
        ...(fix.cost === undefined ? [] : [words({ bold: 'Cost' }, `\n${oneLine(fix.cost, 400)}`)]),
      ),
      ...(controls.length === 0 ? [] : [context(controls.join('  '))]),
      context(words({ code: id })),
    ],
  };
}

function listed(ids: readonly string[]): string {
  const more = ids.length - 8;
  return `${ids.slice(0, 8).join(', ')}${more > 0 ? ` +${more}` : ''}`;
}
