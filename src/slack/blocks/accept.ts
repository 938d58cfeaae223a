import type { InputBlock, ModalView } from '@slack/types';
import type { Finding } from '../../check/finding.ts';
import { LONGEST_EXEMPTION_DAYS } from '../../config/schema/exemptions.ts';
import type { RiskPowers } from '../../fixes/accepted-risk.ts';
import { SHORTEST_REASON } from '../../fixes/request-risk.ts';
import type { Demand } from '../../fixes/step-up/demand.ts';
import type { AcceptedRisk } from '../../store/database.ts';
import {
  bold,
  context,
  paragraph,
  people,
  plainTitle,
  preformatted,
  reasonInput,
  rich,
  section,
  text,
} from './elements.ts';
import { evidenceDiff } from './evidence.ts';
import { REASON, VIEWS } from './ids.ts';
import { type AccountNames, located } from './resource.ts';
import { canProve, stepUpBlocks } from './step-up.ts';
import { oneLine, plain, words } from './text.ts';
import { SEVERITY } from './vocabulary.ts';

/** Block ids of the fields beside the reason; their action ids are the same. */
export const OWNER = 'owner';
export const UNTIL = 'until';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 90;

/** Asks to accept the risk of a finding: why, who answers for it, until when. `metadata` comes back as it is. */
export function acceptModal(
  finding: Finding,
  { powers, user, today, names, metadata }: AcceptContext & { powers: Pick<RiskPowers, 'people' | 'policies'> },
): ModalView {
  const { emoji, word } = SEVERITY[finding.severity];
  const named = [...new Set(powers.policies.flatMap(({ approve }) => approve))];
  const more = named.length - 10;
  const evidence = evidenceLines(finding.evidence);
  return {
    type: 'modal',
    callback_id: VIEWS.acceptRisk,
    private_metadata: metadata,
    title: plainTitle('Accept risk'),
    submit: plainTitle('Request approval'),
    close: plainTitle('Cancel'),
    blocks: [
      section(words(`${emoji} ${word} · `, { bold: oneLine(finding.title, 200) }, '\n', ...located(finding, names))),
      ...(evidence.length === 0 ? [] : [rich(preformatted(evidence, { most: 10, chars: 1_500 }))]),
      context('It holds for what was seen: when that changes, or after its last day, the finding fails again.'),
      reasonFor('Shown to the approvers and in reports; the audit log keeps it.'),
      {
        type: 'input',
        block_id: OWNER,
        label: plain('Owner'),
        hint: plain('Answers for the risk, and is named when it ends.'),
        element: { type: 'users_select', action_id: OWNER, initial_user: user },
      },
      {
        type: 'input',
        block_id: UNTIL,
        label: plain('Last day'),
        hint: plain(`${LONGEST_EXEMPTION_DAYS} days from now at most.`),
        element: { type: 'datepicker', action_id: UNTIL, initial_date: dayAfter(today, USUAL_DAYS) },
      },
      rich(
        paragraph(
          text(`Approvals needed: ${powers.people}. May approve: `),
          ...people(named.slice(0, 10)),
          ...(more > 0 ? [text(` and ${more} more`)] : []),
        ),
      ),
    ],
  };
}

export interface AcceptContext {
  /** Who asks: the owner, unless they choose somebody else. */
  user: string;
  today: Date;
  names: AccountNames;
  metadata: string;
}

/** Asks an approver for the reason and for what is proven beside the click, where the policy wants them. */
export function approveRiskModal(
  risk: AcceptedRisk,
  { demand, reason }: { demand: Demand; reason: boolean },
): ModalView {
  const { submit, blocks, ...modal } = decisionModal(risk, {
    ...{ callback: VIEWS.approveRisk, title: 'Accept risk', submit: 'Approve', reason },
    hint: 'The audit log keeps it.',
  });
  const shown = { ...modal, blocks: [...blocks, ...stepUpBlocks(demand)] };
  return submit === undefined || !canProve(demand) ? shown : { ...shown, submit };
}

/** Asks for the reason of a rejection. */
export function rejectRiskModal(risk: AcceptedRisk): ModalView {
  return decisionModal(risk, {
    callback: VIEWS.rejectRisk,
    title: 'Do not accept',
    submit: 'Reject',
    reason: true,
    hint: 'Shown in the thread; the audit log keeps it.',
  });
}

interface DecisionWords {
  callback: string;
  title: string;
  submit: string;
  /** Must there be a reason? */
  reason: boolean;
  hint: string;
}

function decisionModal(
  { id, title }: AcceptedRisk,
  { callback, title: heading, submit, reason, hint }: DecisionWords,
): ModalView {
  return {
    type: 'modal',
    callback_id: callback,
    private_metadata: JSON.stringify({ riskId: id }),
    title: plainTitle(heading),
    submit: plainTitle(submit),
    close: plainTitle('Cancel'),
    blocks: [rich(paragraph(bold(oneLine(title, 200)))), reasonInput({ required: reason, hint })],
  };
}

function reasonFor(hint: string): InputBlock {
  const input = reasonInput({ required: true, hint });
  const element = { type: 'plain_text_input', action_id: REASON, multiline: true, max_length: 500 } as const;
  return { ...input, element: { ...element, min_length: SHORTEST_REASON } };
}

/** What was seen, one member a line. */
export function evidenceLines(evidence: Finding['evidence']): string[] {
  return evidenceDiff({}, evidence).map((line) => line.slice(2));
}

function dayAfter(today: Date, days: number): string {
  return new Date(today.getTime() + days * DAY_MS).toISOString().slice(0, 10);
}
