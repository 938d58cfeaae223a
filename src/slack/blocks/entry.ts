import type { KnownBlock } from '@slack/types';
import type { Finding } from '../../check/finding.ts';
import type { FixView } from '../../fixes/fix.ts';
import type { Offer } from '../../fixes/propose.ts';
import { button, context, section } from './elements.ts';
import { ACTIONS, fixValue } from './ids.ts';
import { type AccountNames, located } from './resource.ts';
import { stateOf } from './state.ts';
import { escapeText, mention, oneLine, type Piece, prose, words } from './text.ts';
import { VERDICT } from './vocabulary.ts';

/** A finding as it stands now, what can be done about it, and what is being done. */
export interface Entry {
  finding: Finding;
  offer: Offer | undefined;
  fix: FixView | undefined;
}

/** Is nothing left to do about it? */
export function isMended({ finding }: Entry): boolean {
  return finding.verdict === 'pass' || finding.verdict === 'not-applicable';
}

/**
 * One finding: its resource, what was seen, and either one button or the state of its fix, never both: a button that
 * looks alive after its decision must not be there.
 */
export function entryBlocks(entry: Entry, names: AccountNames): KnownBlock[] {
  const { finding } = entry;
  const lines: Piece[] = [
    ...located(finding, names),
    ...seen(finding).flatMap((piece, at) => (at === 0 ? ['\n', piece] : [piece])),
  ];
  const offered = accessory(entry);
  const state = stateLine(entry);
  return [section(words(...lines), offered), ...(state === undefined ? [] : [context(state)])];
}

/** The reason and a plain member of the evidence, in AWS's words. */
function seen({ reason, evidence, resource }: Finding): Piece[] {
  const members = Object.entries(evidence)
    .filter(([, value]) => value === null || ['boolean', 'number', 'string'].includes(typeof value))
    .filter(([, value]) => typeof value !== 'string' || !isSaid(value, `${resource} ${reason ?? ''}`))
    .map(([key, value]) => oneLine(`${key}: ${value === null ? 'none' : String(value)}`, 90))
    .slice(0, reason === undefined ? 2 : 1);
  const codes = members.flatMap((member): Piece[] => ['  ', { code: member }]);
  if (reason !== undefined) return [...prose(reason, 240), ...codes];
  return codes.slice(1);
}

/** What the line says already is not said again; an ARN would take a line of its own. */
function isSaid(value: string, line: string): boolean {
  return value.startsWith('arn:') || line.includes(value);
}

function accessory({ finding, offer, fix }: Entry) {
  if (finding.verdict !== 'fail' || offer === undefined) return undefined;
  if (offer.kind === 'manual') return button('Show steps', ACTIONS.showSteps, finding.id);
  if (offer.kind !== 'fix' || fix?.state !== 'proposed') return undefined;
  return button('Review fix', ACTIONS.reviewFix, fixValue(fix));
}

function stateLine({ finding, offer, fix }: Entry) {
  if (fix !== undefined && tellsTheState(fix, finding, offer)) return fixState(fix);
  if (finding.verdict !== 'fail') {
    const { emoji, words: verdict } = VERDICT[finding.verdict];
    return words(`${emoji} ${verdict}`, ...(finding.reason === undefined ? [] : [': ', ...prose(finding.reason, 200)]));
  }
  if (offer?.kind === 'blocked') return words('🔒 No button: ', ...prose(offer.reason));
  if (fix?.error !== undefined) return words('🔄 ', ...prose(fix.error));
  return offer === undefined ? words(...elsewhere(finding)) : undefined;
}

/** Where to mend what has no fix of its own. */
function elsewhere({ check, cause, inheritedFrom }: Finding): Piece[] {
  const trail = inheritedFrom === undefined ? [] : sourceOf(inheritedFrom);
  if (cause !== undefined) {
    return [
      '👉 The cause is ',
      { code: cause },
      ...(trail.length === 0 ? [''] : [' on ', ...trail]),
      ': mend that first.',
    ];
  }
  if (trail.length > 0) return ['👉 It comes from ', ...trail, '. Check that account for the fix.'];
  return ['No button mends this. ', { code: `explain ${check}` }, ' says what does.'];
}

/** `acme-org-trail of account 111111111111`, or the account alone. */
function sourceOf(from: string): Piece[] {
  const [, , , , account = '', ...rest] = from.split(':');
  if (account === '') return [`account ${oneLine(from, 80)}`];
  return [{ bold: oneLine(rest.join(':').split('/').slice(1).join('/'), 80) }, ` of account ${account}`];
}

/** A fix that was decided on says how it stands; one of an earlier time does not speak of a finding that fails anew. */
function tellsTheState({ kind, state }: FixView, { verdict }: Finding, offer: Offer | undefined): boolean {
  if (kind !== 'fix' || state === 'proposed') return false;
  return verdict !== 'fail' || offer === undefined || offer.kind === 'fix' || state === 'undone';
}

/** `⏳ Waiting for approval · asked by …`, for where a fix is one line. */
export function fixState(fix: FixView): string {
  const { emoji, words: state, next } = stateOf(fix);
  const asked = fix.requestedBy === undefined ? '' : ` · asked by ${mention(fix.requestedBy)}`;
  const over = next === undefined || fix.state === 'pending' ? '' : ` · ${escapeText(next)}`;
  return `${emoji} *${state}*${asked}${over}`;
}
