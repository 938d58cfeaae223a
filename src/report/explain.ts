import type { AnyCheck } from '../posture/catalogue.ts';

const FIXES = {
  auto: 'by a button, with one approval',
  'auto-second-approver': 'by a button, with two approvals',
  manual: 'by hand, with guided steps',
  none: 'not by itself',
};

/** A check in words, for a terminal. */
export function explainText({ id, title, severity, rationale, pass, fix, controls }: AnyCheck): string {
  const standards = Object.entries(controls).map(([standard, ids]) => `  ${standard}: ${ids.join(', ')}`);
  return [
    `${title}  (${id}, ${severity})`,
    '',
    rationale,
    `Passes when: ${pass}`,
    `Mended ${FIXES[fix.class]}. Risk: ${fix.risk}. Can be undone: ${fix.reversible}.${fix.cost === undefined ? '' : ` ${fix.cost}`}`,
    ...(standards.length === 0 ? [] : ['', 'Controls:', ...standards]),
    '',
  ].join('\n');
}
