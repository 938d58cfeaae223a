import type { Controls, Finding, Risk, Severity } from '../../check/finding.ts';
import type { RiskState } from '../../store/database.ts';
import type { FixState } from '../../store/fix-states.ts';

/** One sign and one word for each severity, the same in every message. */
export const SEVERITY: { readonly [severity in Severity]: { emoji: string; word: string } } = {
  critical: { emoji: '🔴', word: 'Critical' },
  high: { emoji: '🟠', word: 'High' },
  medium: { emoji: '🟡', word: 'Medium' },
  low: { emoji: '🔵', word: 'Low' },
  info: { emoji: '⚪', word: 'Info' },
};

/** One sign and a few words for each state of a fix; `next` says what a person can do where that is not obvious. */
export const STATE: { readonly [state in FixState]: { emoji: string; words: string; next?: string } } = {
  proposed: { emoji: '💡', words: 'Proposed' },
  pending: { emoji: '⏳', words: 'Waiting for approval', next: 'Decide with the buttons on the request.' },
  approved: { emoji: '⏳', words: 'Approved, about to run' },
  applying: { emoji: '⏳', words: 'Running' },
  verifying: { emoji: '⏳', words: 'Applied, reading again' },
  fixed: { emoji: '✅', words: 'Fixed' },
  unconfirmed: { emoji: '⚠️', words: 'Applied, not confirmed yet', next: 'It is looked at again at the next check.' },
  failed: { emoji: '❌', words: 'Failed', next: 'Check again for a new plan.' },
  'partly-applied': {
    emoji: '⚠️',
    words: 'Applied in part',
    next: 'Check again for a plan of the rest.',
  },
  'rolled-back': { emoji: '↩️', words: 'Rolled back', next: 'All is as it was before. Check again for a new plan.' },
  rejected: { emoji: '🚫', words: 'Rejected', next: 'Nothing was changed.' },
  withdrawn: { emoji: '🚫', words: 'Withdrawn', next: 'Nothing was changed.' },
  expired: { emoji: '⌛', words: 'Expired', next: 'Nothing was changed. Check again to ask anew.' },
  superseded: { emoji: '➡️', words: 'No longer needed', next: 'Nothing was changed. Check again to see how it stands.' },
  drifted: { emoji: '🔄', words: 'Out of date', next: 'Nothing was changed. Check again for a new plan.' },
  undone: { emoji: '↩️', words: 'Undone', next: 'It is not offered again until an approver lifts the hold.' },
};

/** How a risk stands that somebody wants to be left as it is. */
export const RISK_STATE: { readonly [state in RiskState]: { emoji: string; words: string; next?: string } } = {
  pending: { emoji: '⏳', words: 'Accepting the risk waits for approval' },
  active: { emoji: '➖', words: 'Accepted risk' },
  rejected: { emoji: '🚫', words: 'Risk not accepted', next: 'It fails as before.' },
  withdrawn: { emoji: '🚫', words: 'Accepting the risk was withdrawn', next: 'It fails as before.' },
  expired: {
    emoji: '⌛',
    words: 'Accepting the risk expired',
    next: 'It fails as before. Ask again if it is still wanted.',
  },
  superseded: { emoji: '➡️', words: 'The finding has changed', next: 'The risk was not accepted. Check again.' },
  ended: { emoji: '⌛', words: 'No longer accepted', next: 'It fails again. Check again for what can be done.' },
};

export const RISK: { readonly [risk in Risk]: string } = {
  safe: 'Safe',
  cost: 'Costs money',
  disruptive: 'May disrupt',
  irreversible: 'Cannot be undone',
};

export const REVERSIBLE = { yes: 'Yes', partly: 'In part', no: 'No' } as const;

export const VERDICT: { readonly [verdict in Finding['verdict']]: { emoji: string; words: string } } = {
  pass: { emoji: '✅', words: 'Passes now' },
  fail: { emoji: '❌', words: 'Fails' },
  unknown: { emoji: '❔', words: 'Unknown' },
  'not-applicable': { emoji: '➖', words: 'No longer applies' },
  exempt: { emoji: '➖', words: 'Accepted risk' },
};

/** How a control of a standard stands. */
export const CONTROL: { readonly [verdict in Finding['verdict']]: { emoji: string; words: string } } = {
  pass: { emoji: '✅', words: 'pass' },
  fail: { emoji: '❌', words: 'fail' },
  unknown: { emoji: '❔', words: 'unknown' },
  'not-applicable': { emoji: '➖', words: 'not applicable' },
  exempt: { emoji: '➖', words: 'accepted' },
};

/** Standards in the order in which they are shown; of several CIS versions a short line names the newest. */
const STANDARDS: readonly (readonly [key: string, name: string])[] = [
  ['cis_7.0', 'CIS 7.0'],
  ['cis_6.0', 'CIS 6.0'],
  ['cis_5.0', 'CIS 5.0'],
  ['cis_3.0', 'CIS 3.0'],
  ['cis_1.4', 'CIS 1.4'],
  ['security_hub', 'Security Hub'],
  ['pci_4.0', 'PCI DSS 4.0'],
  ['nist_800_53_r5', 'NIST 800-53'],
  ['iso_27001_2022', 'ISO 27001'],
  ['soc2', 'SOC 2'],
  ['aws_ssb', 'AWS Startup Baseline'],
  ['aws_ftr', 'AWS FTR'],
  ['aws_encryption', 'AWS encryption guidance'],
  ['well_architected', 'Well-Architected'],
  ['config_rule', 'Config rule'],
];
/** What a short line names; the rest is on the page of the check. */
const SHORT = new Set(['Security Hub', 'PCI DSS 4.0', 'NIST 800-53', 'SOC 2']);

/** Every standard with all its control ids, known ones first. */
export function standards(controls: Controls): { name: string; ids: readonly string[] }[] {
  const known = new Set(STANDARDS.map(([key]) => key));
  const others = Object.keys(controls).filter((key) => !known.has(key));
  return [...STANDARDS, ...others.map((key) => [key, key] as const)].flatMap(([key, name]) => {
    const ids = controls[key];
    return ids === undefined || ids.length === 0 ? [] : [{ name, ids }];
  });
}

/** `CIS 7.0 4.2 · Security Hub CloudTrail.4 · PCI DSS 4.0 10.3.2 +3`: one line, one id a standard. */
export function controlsLine(controls: Controls): string {
  const all = standards(controls);
  const newest = all.find(({ name }) => name.startsWith('CIS '));
  return all
    .filter((standard) => standard === newest || SHORT.has(standard.name))
    .map(({ name, ids }) => `${name} ${ids[0]}${ids.length > 1 ? ` +${ids.length - 1}` : ''}`)
    .join(' · ');
}
