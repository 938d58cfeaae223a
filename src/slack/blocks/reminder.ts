import type { FixView } from '../../fixes/fix.ts';
import { bold, context, emoji, paragraph, people, rich, text } from './elements.ts';
import type { Message } from './message.ts';
import { stateOf } from './state.ts';
import { escapeText, list, mention, oneLine, when } from './text.ts';

/** Who is mentioned at most; more are counted. */
const MOST = 10;

/**
 * Reminds those who must still act on a request, and nobody else. Once it is decided, or its plan is another one, the
 * same message says that and mentions nobody.
 */
export function reminderMessage(fix: FixView, { revision, waiting, approvals }: ReminderInput): Message {
  const summary = oneLine(fix.proposal.plan.summary, 300);
  if (fix.state !== 'pending' || fix.revision !== revision) {
    const { emoji: sign, words: state } =
      fix.revision === revision ? stateOf(fix) : { emoji: '🔄', words: 'Out of date' };
    return {
      text: `${state}: ${escapeText(summary)}`,
      blocks: [context(`${sign} *${state}*, so nobody is waited for any more.`)],
    };
  }
  const shown = waiting.slice(0, MOST);
  const more = waiting.length - shown.length;
  const names = [...shown.map(mention), ...(more > 0 ? [`${more} more`] : [])];
  const until = fix.expiresAt === undefined ? '' : ` · until ${when(fix.expiresAt)}`;
  return {
    text: `Waits for a decision: ${escapeText(summary)}`,
    blocks: [
      rich(
        paragraph(emoji('⏳'), bold(' Waits for a decision: '), text(summary)),
        ...(shown.length === 0 ? [] : [paragraph(...people(shown), ...(more > 0 ? [text(` and ${more} more`)] : []))]),
      ),
      context(
        `*${approvals.length} of ${fix.people}* ${fix.people === 1 ? 'approval' : 'approvals'}${until} · ${
          names.length === 0 ? 'Nobody is left who could decide.' : 'Decide on the request in this thread.'
        }`,
      ),
    ],
  };
}

export interface ReminderInput {
  /** The revision of the plan that was asked for. */
  revision: number;
  /** User ids and ids of groups whose word it waits for. */
  waiting: readonly string[];
  /** Who has approved. */
  approvals: readonly string[];
}

/** Tells those who asked for a fix, and approved it, what became of it without their doing. */
export function newsMessage(fix: FixView): Message {
  const { emoji: sign, words: state } = stateOf(fix);
  const { reason, people: told } = fix.proposal.changed ?? { reason: '', people: [] };
  const summary = oneLine(fix.proposal.plan.summary, 300);
  return {
    text: `${state}: ${escapeText(summary)}`,
    blocks: [
      rich(
        paragraph(emoji(sign), bold(` ${state}: `), text(summary)),
        ...(reason === '' ? [] : [paragraph(text(oneLine(reason, 600)))]),
      ),
      ...(told.length === 0 ? [] : [context(`For ${list(told.slice(0, MOST).map(mention))}`)]),
    ],
  };
}
