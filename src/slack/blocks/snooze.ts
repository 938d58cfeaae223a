import type { ModalView, PlainTextOption } from '@slack/types';
import type { Finding } from '../../check/finding.ts';
import { SNOOZE_DAYS } from '../../fixes/snooze.ts';
import { context, plainTitle, reasonInput, section } from './elements.ts';
import { VIEWS } from './ids.ts';
import { type AccountNames, located } from './resource.ts';
import { count, oneLine, plain, words } from './text.ts';

/** Block id and action id of the number of days. */
export const DAYS = 'days';

/** Asks for how long nobody wants to hear of a finding. `metadata` comes back as it is. */
export function snoozeModal(
  finding: Finding,
  { names, metadata }: { names: AccountNames; metadata: string },
): ModalView {
  const options = SNOOZE_DAYS.map((days) => option(days));
  return {
    type: 'modal',
    callback_id: VIEWS.snooze,
    private_metadata: metadata,
    title: plainTitle('Snooze'),
    submit: plainTitle('Snooze'),
    close: plainTitle('Cancel'),
    blocks: [
      section(words({ bold: oneLine(finding.title, 200) }, '\n', ...located(finding, names))),
      {
        type: 'input',
        block_id: DAYS,
        label: plain('For'),
        element: { type: 'static_select', action_id: DAYS, options, initial_option: option(SNOOZE_DAYS[0]) },
      },
      reasonInput({ required: false, hint: 'Kept in the audit log with your name.' }),
      context('Messages about it are hidden. It still fails and counts; if it gets worse, it shows at once.'),
    ],
  };
}

function option(days: number): PlainTextOption {
  return { text: plain(count(days, 'day')), value: String(days) };
}
