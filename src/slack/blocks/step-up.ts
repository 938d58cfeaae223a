import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { Demand } from '../../fixes/step-up/demand.ts';
import type { StepUpNotice } from '../../fixes/step-up/notices.ts';
import { NO_KEY } from '../../fixes/step-up/take-code.ts';
import { actions, button, context, plainTitle, preformatted, rich, section } from './elements.ts';
import { ACTIONS, ALIAS, CODE, PERSON, VIEWS } from './ids.ts';
import type { Message } from './message.ts';
import { mention, oneLine, plain, words } from './text.ts';

/** Can this person give what is asked for? Who has no codes cannot, where a code is asked for. */
export function canProve({ level, code }: Demand): boolean {
  return level !== 'code' || code === 'ready';
}

/** What a modal asks for beside its button: fields, or how to get what is missing. */
export function stepUpBlocks(demand: Demand): (KnownBlock | InputBlock)[] {
  if (demand.level === 'none') return [];
  if (!canProve(demand)) return codesMissing(demand);
  return [aliasInput(demand), ...(demand.level === 'code' ? [codeInput('One-time code')] : [])];
}

function aliasInput({ word, account }: Demand): InputBlock {
  const of = word === account ? 'the account' : `account ${account}`;
  return {
    type: 'input',
    block_id: ALIAS,
    label: plain(`Type ${oneLine(word, 200)}`),
    hint: plain(`It is ${word === account ? 'the id' : 'the name'} of ${of}, whose settings this changes.`),
    element: { type: 'plain_text_input', action_id: ALIAS, max_length: 200 },
  };
}

function codeInput(label: string): InputBlock {
  return {
    type: 'input',
    block_id: CODE,
    label: plain(label),
    hint: plain('Six digits from your authenticator app. Each counts once.'),
    element: { type: 'plain_text_input', action_id: CODE, min_length: 6, max_length: 9 },
  };
}

function codesMissing({ code }: Demand): KnownBlock[] {
  if (code === 'no-key') return [section(words(`🔒 ${NO_KEY}`))];
  return [
    section('🔒 This fix asks for a one-time code, and you have none yet. Set them up once, then review it again.'),
    actions(button('Set up codes', ACTIONS.enrol, 'begin', 'primary')),
  ];
}

/** The answer to the command: where codes are set up, and where those of somebody else are reset. */
export function enrolMessage(code: Demand['code']): Message {
  const text =
    code === 'ready'
      ? 'You have one-time codes. To set up new ones you need one of the present ones.'
      : 'Set up one-time codes: approvals that matter then ask for one, because a Slack session alone can be stolen.';
  return {
    text,
    blocks: [
      section(text),
      actions(
        button(code === 'ready' ? 'Set up new codes' : 'Set up codes', ACTIONS.enrol, 'begin', 'primary'),
        button('Reset codes of somebody…', ACTIONS.resetCodes, 'reset'),
      ),
      context('An approver resets the codes of whoever has lost them. Everybody is told.'),
    ],
  };
}

/** Shows a new secret to the one who clicked: in a modal only, for a message stays. */
export function secretModal({ secret, uri }: { secret: string; uri: string }): ModalView {
  return {
    type: 'modal',
    callback_id: VIEWS.enrol,
    title: plainTitle('One-time codes'),
    submit: plainTitle('Confirm'),
    close: plainTitle('Cancel'),
    blocks: [
      section('Add this secret to your authenticator app, as a key that is *time based*. It is shown this once.'),
      rich(preformatted([secret.replaceAll(/(.{4})(?=.)/g, '$1 ')])),
      context('The same as an address, for apps that take one:'),
      rich(preformatted([uri])),
      codeInput('The code it shows now'),
    ],
  };
}

/** Asks for a code of the present secret before a new one is shown. */
export function presentCodeModal(): ModalView {
  return {
    type: 'modal',
    callback_id: VIEWS.enrolAgain,
    title: plainTitle('New one-time codes'),
    submit: plainTitle('Next'),
    close: plainTitle('Cancel'),
    blocks: [
      section('You have codes already. The present ones hold until the new ones are confirmed.'),
      codeInput('A code of the present ones'),
      context('Lost? Another approver resets your codes.'),
    ],
  };
}

export function resetModal(): ModalView {
  return {
    type: 'modal',
    callback_id: VIEWS.resetCodes,
    title: plainTitle('Reset codes'),
    submit: plainTitle('Reset'),
    close: plainTitle('Cancel'),
    blocks: [
      {
        type: 'input',
        block_id: PERSON,
        label: plain('Whose codes'),
        hint: plain('Ask them in person first: whoever stole their session could ask you for this.'),
        element: { type: 'users_select', action_id: PERSON },
      },
    ],
  };
}

/** What the others are told about somebody's codes. */
export function stepUpMessage({ event, user, by }: StepUpNotice): Message {
  const whose = mention(user);
  const said = {
    enrolled: `🔐 ${whose} set up one-time codes.`,
    'enrolled-again': `🔐 ${whose} set up new one-time codes.`,
    reset: `🔐 ${mention(by)} reset the one-time codes of ${whose}, who sets up new ones.`,
    locked: `🚨 Too many wrong one-time codes were given as ${whose}: none is taken for 15 minutes.`,
  }[event];
  const next = 'If it was not they themselves, their session may be stolen: an approver resets their codes.';
  return { text: said, blocks: [section(said), context(next)] };
}
