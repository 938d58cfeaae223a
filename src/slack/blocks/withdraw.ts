import type { ModalView } from '@slack/types';
import type { FixView } from '../../fixes/fix.ts';
import { bold, paragraph, plainTitle, reasonInput, rich } from './elements.ts';
import { VIEWS } from './ids.ts';
import { oneLine } from './text.ts';

/** Asks why a request is taken back. `private_metadata`: `{fixId, revision}`. */
export function withdrawModal(fix: FixView): ModalView {
  return {
    type: 'modal',
    callback_id: VIEWS.withdrawFix,
    private_metadata: JSON.stringify({ fixId: fix.id, revision: fix.revision }),
    title: plainTitle('Withdraw request'),
    submit: plainTitle('Withdraw'),
    close: plainTitle('Cancel'),
    blocks: [
      rich(paragraph(bold(oneLine(fix.proposal.plan.summary, 500)))),
      reasonInput({ required: true, hint: 'Shown in the thread; the audit log keeps it.' }),
    ],
  };
}
