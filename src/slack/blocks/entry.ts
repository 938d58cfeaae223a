import type { KnownBlock, TextObject } from '@slack/types';
import type { Finding } from '../../check/finding.ts';
import type { FixView } from '../../fixes/fix.ts';
import type { Offer } from '../../fixes/propose.ts';
import type { AcceptedRisk, Hold, Snooze } from '../../store/database.ts';
import { actions, button, context, menu, section } from './elements.ts';
import { ACTIONS, fixValue, menuValue } from './ids.ts';
import { type AccountNames, located } from './resource.ts';
import { stateOf } from './state.ts';
import { escapeText, list, mention, mrkdwn, oneLine, type Piece, prose, when, words } from './text.ts';
import { RISK_STATE, VERDICT } from './vocabulary.ts';

/** A finding as it stands now, what can be done about it, and what is being done. */
export interface Entry {
  finding: Finding;
  offer: Offer | undefined;
  fix: FixView | undefined;
  /** Who has approved a fix that waits for more. */
  approvedBy?: readonly string[];
  /** Its fix was undone, and is not offered until somebody lifts this. */
  hold?: Hold;
  /** Somebody asks to leave it as it is, or the risk is accepted. */
  risk?: AcceptedRisk;
  /** Nobody wants to hear of it for a while. */
  snooze?: Snooze;
}

/** Is nothing left to do about it? */
export function isMended({ finding }: Entry): boolean {
  return finding.verdict === 'pass' || finding.verdict === 'not-applicable';
}

/** Mended, or left as it is because somebody answers for it. */
export function isSettled(entry: Entry): boolean {
  return isMended(entry) || entry.finding.verdict === 'exempt';
}

/** Does it fail, without anybody wanting to hear of it? */
export function isAsleep({ finding, snooze }: Entry): boolean {
  return snooze !== undefined && finding.verdict === 'fail';
}

/** `✅ Passes`, `➖ Accepted risk`, or that it fails: what is said of a check by these of its findings. */
export function headingOf(entries: readonly Entry[], failing: string): { sign: string; words: string } {
  if (entries.length > 0 && entries.every(isMended)) return { sign: '✅', words: 'Passes' };
  if (entries.length > 0 && entries.every(isSettled))
    return { sign: VERDICT.exempt.emoji, words: VERDICT.exempt.words };
  return { sign: failing, words: 'Fails' };
}

/**
 * One finding: its resource, what was seen, and either one button or the state of its fix, never both: a button that
 * looks alive after its decision must not be there. Its menu is beside it. What is snoozed is its name alone.
 */
export function entryBlocks(entry: Entry, names: AccountNames): KnownBlock[] {
  const { finding, snooze } = entry;
  const offered = menuOf(entry);
  if (snooze !== undefined && isAsleep(entry)) {
    const until = `Snoozed until ${when(snooze.until)} by ${mention(snooze.by)}`;
    return [section(words('💤 ', ...located(finding, names)), offered), context(until)];
  }
  const lines: Piece[] = [
    ...located(finding, names),
    ...seen(finding).flatMap((piece, at) => (at === 0 ? ['\n', piece] : [piece])),
  ];
  const decision = buttonOf(entry);
  const state = stateLine(entry);
  return [
    section(words(...lines), decision === undefined ? offered : undefined),
    ...(decision === undefined ? [] : [actions(decision, ...(offered === undefined ? [] : [offered]))]),
    ...(state.length === 0 ? [] : [context(...state)]),
  ];
}

/** The three dots of a finding. What is unknown cannot be accepted (decision 35), and what passes needs nothing. */
function menuOf(entry: Entry) {
  const { finding, risk, snooze } = entry;
  if (isMended(entry)) return undefined;
  const entryFor = (label: string, act: Parameters<typeof menuValue>[0]) => ({
    label,
    value: menuValue(act, finding.id),
  });
  const fails = finding.verdict === 'fail';
  return menu(ACTIONS.findingMenu, [
    ...(fails && risk === undefined ? [entryFor('Accept risk…', 'accept')] : []),
    ...(fails && snooze === undefined ? [entryFor('Snooze…', 'snooze')] : []),
    ...(snooze === undefined ? [] : [entryFor('Wake up', 'wake')]),
    entryFor('Explain', 'explain'),
  ]);
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

function buttonOf({ finding, offer, fix, hold }: Entry) {
  if (finding.verdict !== 'fail') return undefined;
  if (hold !== undefined) return button('Lift hold', ACTIONS.liftHold, finding.id);
  if (offer === undefined) return undefined;
  if (offer.kind === 'manual') return button('Show steps', ACTIONS.showSteps, finding.id);
  if (offer.kind !== 'fix' || fix?.state !== 'proposed') return undefined;
  return button('Review fix', ACTIONS.reviewFix, fixValue(fix));
}

function stateLine({ finding, offer, fix, risk, hold, approvedBy }: Entry): (TextObject | string)[] {
  if (finding.verdict === 'exempt') return accepted(finding, risk);
  const asked = risk?.state === 'pending' && finding.verdict === 'fail' ? [askedFor(risk)] : [];
  if (hold !== undefined && finding.verdict === 'fail') return [...onHold(hold), ...asked];
  if (fix !== undefined && tellsTheState(fix, finding, offer)) return [fixState(fix, approvedBy), ...asked];
  if (finding.verdict !== 'fail') {
    const { emoji, words: verdict } = VERDICT[finding.verdict];
    return [
      words(`${emoji} ${verdict}`, ...(finding.reason === undefined ? [] : [': ', ...prose(finding.reason, 200)])),
    ];
  }
  if (offer?.kind === 'blocked') return [words('🔒 No button: ', ...prose(offer.reason)), ...asked];
  if (fix?.error !== undefined) return [words('🔄 ', ...prose(fix.error)), ...asked];
  return [...(offer === undefined ? [words(...elsewhere(finding))] : []), ...asked];
}

/** Until when, who answers for it where that is known here, and why. */
function accepted({ exemption }: Finding, risk: AcceptedRisk | undefined): (TextObject | string)[] {
  const { emoji, words: verdict } = VERDICT.exempt;
  const until = exemption === undefined ? '' : ` until ${oneLine(exemption.until, 20)}`;
  const owner = risk?.state === 'active' ? ` · owned by ${mention(risk.owner)}` : '';
  const why = exemption === undefined ? [] : [words(...prose(exemption.reason, 200))];
  return [mrkdwn(`${emoji} *${verdict}*${escapeText(until)}${owner}`), ...why];
}

/** Who took its fix back, when and why: it is not offered until an approver lifts that. */
function onHold({ by, at, reason }: Hold): (TextObject | string)[] {
  const who = `↩️ *On hold* · undone by ${mention(by)} · ${when(at)}`;
  return [who, words(...prose(reason, 200)), 'Its fix is not offered until an approver lifts the hold.'];
}

function askedFor({ requestedBy }: AcceptedRisk): string {
  const { emoji, words: state } = RISK_STATE.pending;
  return `${emoji} *${state}* · asked by ${mention(requestedBy)}`;
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

/** `⏳ Waiting for approval · 1 of 2, by … · asked by …`, for where a fix is one line. */
export function fixState(fix: FixView, approvedBy: readonly string[] = []): string {
  const { emoji, words: state, next } = stateOf(fix);
  const asked = fix.requestedBy === undefined ? '' : ` · asked by ${mention(fix.requestedBy)}`;
  if (fix.state === 'pending') {
    const by = approvedBy.length === 0 ? '' : `, by ${list(approvedBy.map(mention))}`;
    const until = fix.expiresAt === undefined ? '' : ` · until ${when(fix.expiresAt)}`;
    return `${emoji} *${state}* · ${approvedBy.length} of ${fix.people}${by}${asked}${until}`;
  }
  const over = next === undefined ? '' : ` · ${escapeText(next)}`;
  return `${emoji} *${state}*${asked}${over}`;
}
