import type { ModalView } from '@slack/types';
import type { FixView } from '../../fixes/fix.ts';
import { bold, paragraph, plainTitle, reasonInput, rich } from './elements.ts';
import { VIEWS } from './ids.ts';
import { oneLine } from './text.ts';

/** Asks for the reason of a rejection. `private_metadata`: `{fixId, revision}`. */
export function rejectModal(fix: FixView): ModalView {
  return {
    type: 'modal',
    callback_id: VIEWS.rejectFix,
    private_metadata: JSON.stringify({ fixId: fix.id, revision: fix.revision }),
    title: plainTitle('Reject fix'),
    submit: plainTitle('Reject'),
    close: plainTitle('Cancel'),
    blocks: [
      rich(paragraph(bold(oneLine(fix.proposal.plan.summary, 500)))),
      reasonInput({ required: true, hint: 'Shown in the thread to who asked; the audit log keeps it.' }),
    ],
  };
}
