import type { KnownBlock, ModalView } from '@slack/types';
import type { FixView } from '../../fixes/fix.ts';
import { canBeSigned, SIGNATURES } from '../../fixes/sign-off.ts';
import type { Demand } from '../../fixes/step-up/demand.ts';
import { actions, bold, button, context, paragraph, plainTitle, reasonInput, rich, section, text } from './elements.ts';
import { ACTIONS, VIEWS } from './ids.ts';
import type { Message } from './message.ts';
import { type AccountNames, whereabouts } from './resource.ts';
import { stateOf } from './state.ts';
import { canProve, stepUpBlocks } from './step-up.ts';
import { escapeText, list, mention, oneLine, when, words } from './text.ts';

/** Asks for what it takes to approve alone. */
export function breakGlassModal(fix: FixView, demand: Demand): ModalView {
  return {
    type: 'modal',
    callback_id: VIEWS.breakGlass,
    title: plainTitle('Approve alone'),
    ...(canProve(demand) ? { submit: plainTitle('Approve alone') } : {}),
    close: plainTitle('Cancel'),
    blocks: [
      rich(paragraph(bold(oneLine(fix.proposal.plan.summary, 500)))),
      section(
        '🚨 *For emergencies only.* It runs at once, whatever change windows and freezes say. Everybody is told, and two others have to sign it off within 24 hours.',
      ),
      reasonInput({ required: true, hint: 'What the emergency is. Everybody reads it; the audit log keeps it.' }),
      ...stepUpBlocks(demand),
    ],
  };
}

export interface EmergencyContext {
  /** Who approved it alone, why and when. */
  by: { user: string; reason: string; at: Date };
  signed: readonly { user: string }[];
  /** More than 24 hours have passed. */
  overdue: boolean;
  environments: readonly string[];
  names: AccountNames;
}

/** Said for everybody to see: who approved what alone, how it went, and who signed it off. */
export function emergencyMessage(
  fix: FixView,
  { by, signed, overdue, environments, names }: EmergencyContext,
): Message {
  const { emoji, words: state } = stateOf(fix);
  const summary = oneLine(fix.proposal.plan.summary, 500);
  return {
    text: `🚨 ${mention(by.user)} approved a fix alone, in an emergency: ${escapeText(summary)}`,
    blocks: [
      section(`🚨 ${mention(by.user)} *approved a fix alone, in an emergency*`),
      rich(paragraph(bold(summary)), { type: 'rich_text_quote', elements: [text(oneLine(by.reason, 500))] }),
      context(words(`${emoji} ${state} · ${whereabouts(fix.proposal.finding, names)}`), when(by.at)),
      ...followUp(fix, signed, overdue && isOpen(fix), environments),
    ],
  };
}

/** Said once the time for signatures is over; it follows when they come after all. */
export function overdueMessage(fix: FixView, { by, signed, environments }: EmergencyContext): Message {
  const open = isOpen(fix);
  const said = open
    ? `⏰ What ${mention(by.user)} approved alone waits for its signatures for more than 24 hours.`
    : `✅ What ${mention(by.user)} approved alone is signed off, late.`;
  return {
    text: said,
    blocks: [
      section(said),
      rich(paragraph(bold(oneLine(fix.proposal.plan.summary, 500)))),
      ...followUp(fix, signed, open, environments),
    ],
  };
}

const isOpen = ({ row }: FixView): boolean => row.breakGlass && row.signedOffAt === null;

function followUp(
  fix: FixView,
  signed: readonly { user: string }[],
  locked: boolean,
  environments: readonly string[],
): KnownBlock[] {
  if (!fix.row.breakGlass) return [context('That approval did not stand, and nothing ran by it.')];
  const who = list(signed.map(({ user }) => mention(user)));
  if (fix.row.signedOffAt !== null) return [context(`✅ Signed off by ${who} · ${when(fix.row.signedOffAt)}`)];
  const where = list(environments.map((name) => (name === '' ? 'accounts without environment' : oneLine(name, 80))));
  return [
    ...(locked ? [section(words(`🔒 Nobody approves alone in ${where} until this is signed off.`))] : []),
    context(
      `${signed.length} of ${SIGNATURES} signatures${who === '' ? '' : `, by ${who}`}`,
      canBeSigned(fix) ? 'Look at what was done, then sign it off.' : 'Two approvers sign it off once it is over.',
    ),
    ...(canBeSigned(fix) ? [actions(button('Sign off', ACTIONS.signOff, fix.id))] : []),
  ];
}
