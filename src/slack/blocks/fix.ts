import type { KnownBlock, RichTextBlockElement } from '@slack/types';
import type { ChangeProgress, FixView } from '../../fixes/fix.ts';
import { canUndo } from '../../fixes/undo.ts';
import type { FixState } from '../../store/fix-states.ts';
import { actions, bold, button, context, emoji, paragraph, person, preformatted, rich, text } from './elements.ts';
import { evidenceDiff } from './evidence.ts';
import { ACTIONS, fixValue } from './ids.ts';
import type { Message } from './message.ts';
import { changeDiff } from './plan.ts';
import { type AccountNames, whereabouts } from './resource.ts';
import { stateOf, wayBack } from './state.ts';
import { capital, count, escapeText, list, mention, oneLine, type Piece, prose, when, words } from './text.ts';
import { RISK, SEVERITY } from './vocabulary.ts';

export interface FixPeople {
  /** Who has approved this revision. */
  approvals: { user: string }[];
  /** User ids and groups that may decide. */
  approvers: readonly string[];
  /** Approvals needed. */
  needed: number;
  rejection?: { user: string; reason?: string };
  names?: AccountNames;
}

const MOST_STEPS = 10;
const UNDER_WAY: readonly FixState[] = ['approved', 'applying', 'verifying'];
const BROKEN: readonly FixState[] = ['failed', 'partly-applied', 'rolled-back'];

/** The story of one fix in its thread: the request with its buttons, then what became of it. */
export function fixMessage(fix: FixView, who: FixPeople): Message {
  const { emoji: sign, words: state, next } = stateOf(fix);
  const summary = oneLine(fix.proposal.plan.summary, 500);
  return {
    text: `${state}: ${escapeText(summary)}`,
    blocks: [
      rich(
        paragraph(emoji(sign), bold(` ${state}: `), text(summary)),
        ...quote(fix.reason),
        ...steps(fix),
        ...beforeAfter(fix),
        ...difference(fix),
      ),
      ...(fix.error === undefined ? [] : [context(words('⚠️ ', ...prose(fix.error, 600)))]),
      ...rejected(who),
      ...withdrawn(fix),
      context(
        ...(fix.state === 'pending' ? [stakes(fix, who)] : []),
        story(fix, who),
        ...delivered(fix),
        ...requests(fix),
      ),
      ...(next === undefined || fix.state === 'pending' ? [] : [context(words(...prose(next, 600)))]),
      ...buttons(fix),
    ],
  };
}

function quote(reason: string | undefined): RichTextBlockElement[] {
  return reason === undefined ? [] : [{ type: 'rich_text_quote', elements: [text(oneLine(reason, 500))] }];
}

/** Why it was rejected, in that person's words. */
function rejected({ rejection }: FixPeople): KnownBlock[] {
  if (rejection?.reason === undefined) return [];
  return [rich(paragraph(person(rejection.user), text(' says:')), ...quote(rejection.reason))];
}

/** Why it was taken back, in that person's words. */
function withdrawn({ progress: { withdrawn: taken } }: FixView): KnownBlock[] {
  return taken === undefined ? [] : [rich(paragraph(person(taken.by), text(' says:')), ...quote(taken.reason))];
}

const STEP: { readonly [state in ChangeProgress['state']]: string } = {
  done: '✅',
  skipped: '✅',
  failed: '❌',
  undone: '↩️',
};

/** The steps of a plan that runs, or that did not get through. */
function steps(fix: FixView): RichTextBlockElement[] {
  if (!UNDER_WAY.includes(fix.state) && !BROKEN.includes(fix.state)) return [];
  const { changes } = fix.proposal.plan;
  const begun = fix.progress.changes;
  const lines = changes.slice(0, MOST_STEPS).map(({ summary }, at) => {
    const progress = begun[at];
    const running = fix.state === 'applying' && at === begun.length;
    const sign = progress === undefined ? (running ? '⏳' : '⚪') : STEP[progress.state];
    return paragraph(emoji(sign), text(` ${oneLine(summary, 200)}`));
  });
  const more = changes.length - lines.length;
  if (more > 0) lines.push(paragraph(`… and ${count(more, 'more step')}`));
  return lines;
}

/** What the check saw before and after; of an undo, whose check sees what it saw before all of it, what it put back. */
function beforeAfter({ kind, result, state, proposal }: FixView): RichTextBlockElement[] {
  if (result === undefined || (state !== 'fixed' && state !== 'unconfirmed')) return [];
  const lines = kind === 'undo' ? proposal.plan.changes.flatMap(changeDiff) : evidenceDiff(result.before, result.after);
  return lines.length === 0 ? [] : [preformatted(lines, { most: 12, chars: 1_500 })];
}

/** What stood where the plan expected something else. */
function difference({ state, progress }: FixView): RichTextBlockElement[] {
  if (state !== 'superseded' || progress.difference === undefined || progress.difference.length === 0) return [];
  return [preformatted(progress.difference, { most: 12, chars: 1_500 })];
}

const DELIVERY: { readonly [state in NonNullable<FixView['progress']['delivery']>]: string } = {
  watched: '⏳ The delivery of log files is watched',
  confirmed: '✅ Delivery confirmed',
  failed: '❌ Delivery fails',
  silent: '⚠️ Delivery not confirmed',
};

/** Whether log files came through afterwards. */
function delivered({ state, progress }: FixView): string[] {
  const shown = state === 'fixed' || state === 'unconfirmed';
  return shown && progress.delivery !== undefined ? [DELIVERY[progress.delivery]] : [];
}

/** What an approver wants to know at a glance. */
function stakes(fix: FixView, { names = new Map() }: FixPeople) {
  const { plan, finding } = fix.proposal;
  const { emoji, word } = SEVERITY[fix.severity];
  const undo = { yes: 'can be undone', partly: 'can be undone in part', no: 'cannot be undone' }[wayBack(fix)];
  const calls = count(plan.changes.length, 'AWS call');
  return words(
    `${emoji} ${word} · `,
    { bold: whereabouts(finding, names) },
    ` · ${RISK[plan.risk]} · ${undo} · ${calls}`,
  );
}

/** Who asked, who decided, who may, until when. */
function story(fix: FixView, { approvals, approvers, needed, rejection }: FixPeople): string {
  const approved = [...new Set(approvals.map(({ user }) => user))];
  const alone = approved.length === 1 && approved[0] === fix.requestedBy;
  const by = list(approved.map(mention));
  const may = approvers.slice(0, 8).map(mention);
  const more = approvers.length - may.length;
  const pending = fix.state === 'pending';
  const parts = [
    fix.requestedBy === undefined || alone ? '' : `asked by ${mention(fix.requestedBy)}`,
    by === '' ? '' : `${alone ? 'asked and approved' : 'approved'} by ${by}`,
    fix.row.breakGlass ? '🚨 alone, in an emergency' : '',
    rejection === undefined ? '' : `rejected by ${mention(rejection.user)}`,
    fix.progress.withdrawn === undefined ? '' : `withdrawn by ${mention(fix.progress.withdrawn.by)}`,
    pending ? `*${approvals.length} of ${needed}* ${needed === 1 ? 'approval' : 'approvals'}` : '',
    pending && may.length > 0 ? `${list([...may, ...(more > 0 ? [`${more} more`] : [])])} may decide` : '',
    ...waiting(fix),
    pending && fix.expiresAt !== undefined ? `until ${when(fix.expiresAt)}` : when(fix.row.updatedAt),
  ];
  return capital(parts.filter((part) => part !== '').join(' · '));
}

/** When an approved fix runs that waits for a change window or the end of a freeze. */
function waiting({ state, expiresAt, row: { startsAt } }: FixView): string[] {
  if (state !== 'approved' || startsAt === null) return [];
  if (expiresAt === undefined || expiresAt > startsAt) return [`runs ${when(startsAt)}`];
  return [`may run from ${when(startsAt)}, but expires ${when(expiresAt)} before that: ask again later`];
}

function requests({ progress, state }: FixView) {
  if (state === 'pending') return [];
  const ids = progress.changes.flatMap(({ requestId }) => requestId ?? []);
  if (ids.length === 0) return [];
  const shown = ids.slice(0, 3).flatMap((id, at): Piece[] => [at === 0 ? '' : ', ', { code: oneLine(id, 60) }]);
  const more = ids.length - 3;
  return [words(`AWS ${ids.length === 1 ? 'request' : 'requests'} `, ...shown, more > 0 ? ` and ${more} more` : '')];
}

function buttons(fix: FixView): KnownBlock[] {
  const value = fixValue(fix);
  if (fix.state === 'pending') {
    return [
      actions(
        button('Approve', ACTIONS.approveFix, value, 'primary'),
        button('Reject', ACTIONS.rejectFix, value, 'danger'),
        button('Review', ACTIONS.reviewFix, value),
        button('Withdraw', ACTIONS.withdrawFix, value),
      ),
    ];
  }
  // It waits for its time; what runs at once is gone before anybody could press it.
  if (fix.state === 'approved' && fix.row.startsAt !== null) {
    return [actions(button('Review', ACTIONS.reviewFix, value), button('Withdraw', ACTIONS.withdrawFix, value))];
  }
  if (fix.state === 'proposed') return [actions(button('Review fix', ACTIONS.reviewFix, value))];
  return canUndo(fix) ? [actions(button('Undo', ACTIONS.undoFix, value))] : [];
}
