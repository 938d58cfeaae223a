import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import { severity as severities } from '../../config/schema/values.ts';
import type { AcceptedRisk } from '../../store/database.ts';
import { evidenceLines } from './accept.ts';
import { actions, bold, button, context, emoji, paragraph, preformatted, rich, text } from './elements.ts';
import { ACTIONS } from './ids.ts';
import type { Message } from './message.ts';
import { type AccountNames, located } from './resource.ts';
import { capital, escapeText, list, mention, oneLine, prose, when, words } from './text.ts';
import { RISK_STATE, SEVERITY } from './vocabulary.ts';

export interface RiskPeople {
  /** Who has approved it. */
  approvals: readonly string[];
  /** User ids and groups that may decide. */
  approvers: readonly string[];
  names?: AccountNames;
}

/** The story of one accepted risk: the request with its buttons, then what became of it. */
export function riskMessage(risk: AcceptedRisk, who: RiskPeople): Message {
  const { emoji: sign, words: state, next } = RISK_STATE[risk.state];
  const title = oneLine(risk.title, 200);
  const evidence = evidenceLines(evidenceOf(risk));
  return {
    text: `${state}: ${escapeText(title)}`,
    blocks: [
      rich(
        paragraph(emoji(sign), bold(` ${state}: `), text(title)),
        { type: 'rich_text_quote', elements: [text(oneLine(risk.reason, 500))] },
        ...(risk.state === 'pending' && evidence.length > 0
          ? [preformatted(evidence, { most: 10, chars: 1_500 })]
          : []),
      ),
      context(about(risk, who.names), story(risk, who)),
      ...ending(risk, next),
      ...buttons(risk),
    ],
  };
}

/** Says that a risk is no longer accepted, to whom it concerns. */
export function riskEndedMessage(risk: AcceptedRisk, { names }: { names?: AccountNames } = {}): Message {
  const { emoji: sign, words: state, next } = RISK_STATE.ended;
  const title = oneLine(risk.title, 200);
  return {
    text: `${state}: ${escapeText(title)}`,
    blocks: [
      rich(paragraph(emoji(sign), bold(` ${state}: `), text(title))),
      context(about(risk, names), `Owned by ${mention(risk.owner)} · accepted until ${escapeText(risk.until)}`),
      context(words(...prose([risk.endedReason, next].filter((part) => part != null).join(' '), 600))),
    ],
  };
}

function about(risk: AcceptedRisk, names: AccountNames = new Map()) {
  const severity = severities.safeParse(risk.severity);
  const { emoji: sign, word } = SEVERITY[severity.data ?? 'info'];
  return words(`${sign} ${word} · `, ...located(risk, names));
}

/** Who asked, who answers for it, until when, who decided or may. */
function story(risk: AcceptedRisk, { approvals, approvers }: RiskPeople): string {
  const pending = risk.state === 'pending';
  const may = approvers.slice(0, 8).map(mention);
  const more = approvers.length - may.length;
  const ended =
    risk.endedBy === null ? '' : `${risk.state === 'rejected' ? 'rejected' : 'withdrawn'} by ${mention(risk.endedBy)}`;
  const parts = [
    `asked by ${mention(risk.requestedBy)}`,
    `owned by ${mention(risk.owner)}`,
    `until ${escapeText(risk.until)}`,
    approvals.length === 0 ? '' : `approved by ${list(approvals.map(mention))}`,
    pending ? `*${approvals.length} of ${risk.people}* ${risk.people === 1 ? 'approval' : 'approvals'}` : '',
    pending && may.length > 0 ? `${list([...may, ...(more > 0 ? [`${more} more`] : [])])} may decide` : '',
    pending ? `decide until ${when(risk.expiresAt)}` : ended,
    pending ? '' : when(risk.endedAt ?? risk.acceptedAt ?? risk.requestedAt),
  ];
  return capital(parts.filter((part) => part !== '').join(' · '));
}

function ending({ endedReason }: AcceptedRisk, next: string | undefined): KnownBlock[] {
  const said = [endedReason, next].filter((part) => part != null).join(' ');
  return said === '' ? [] : [context(words(...prose(said, 600)))];
}

function buttons({ id, state }: AcceptedRisk): KnownBlock[] {
  const withdraw = button('Withdraw', ACTIONS.withdrawRisk, id);
  if (state === 'active') return [actions(withdraw)];
  if (state !== 'pending') return [];
  const approve = button('Approve', ACTIONS.approveRisk, id, 'primary');
  return [actions(approve, button('Reject', ACTIONS.rejectRisk, id, 'danger'), withdraw)];
}

const evidence = z.record(z.string(), z.json());

function evidenceOf(risk: AcceptedRisk) {
  return evidence.parse(risk.evidence);
}
