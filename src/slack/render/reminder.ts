import { decisionsOn } from '../../store/approvals.ts';
import { context, section } from '../blocks/elements.ts';
import { parseFixValue } from '../blocks/ids.ts';
import { newsMessage, reminderMessage } from '../blocks/reminder.ts';
import { stateOf } from '../blocks/state.ts';
import { escapeText, oneLine, prose, words } from '../blocks/text.ts';
import type { SlackContext } from '../context.ts';
import type { Rendered } from './render.ts';

type ReminderContext = Pick<SlackContext, 'store' | 'fixes'>;

/** One reminder of a request, `id` is `<fix>.<revision>`. */
export async function renderReminder({ store, fixes }: ReminderContext, id: string): Promise<Rendered | undefined> {
  const asked = parseFixValue(id);
  const fix = asked === undefined ? undefined : await fixes().find(asked.fixId);
  if (asked === undefined || fix === undefined) return undefined;
  const [waiting, decisions] = await Promise.all([fixes().waitingFor(fix), decisionsOn(store.query, fix)]);
  const approvals = decisions.filter(({ decision }) => decision === 'approve').map(({ user }) => user);
  return { message: reminderMessage(fix, { revision: asked.revision, waiting, approvals }), fleeting: false };
}

/** What became of a request without anybody's doing, `id` is `<fix>.<revision>`. */
export async function renderNews({ fixes }: ReminderContext, id: string): Promise<Rendered | undefined> {
  const fix = await fixes().find(parseFixValue(id)?.fixId ?? '');
  return fix === undefined ? undefined : { message: newsMessage(fix), fleeting: false };
}

/** The request for an older plan of a fix, `id` is `<fix>.<revision>`: its buttons are gone, and the newer one is told of. */
export async function renderOlderRequest({ fixes }: ReminderContext, id: string): Promise<Rendered | undefined> {
  const fix = await fixes().find(parseFixValue(id)?.fixId ?? '');
  if (fix === undefined) return undefined;
  const summary = oneLine(fix.proposal.plan.summary, 300);
  const { words: state } = stateOf(fix);
  return {
    message: {
      text: `Out of date: ${escapeText(summary)}`,
      blocks: [
        section(words('🔄 ', { bold: 'Out of date: ' }, ...prose(summary))),
        context(`The plan has changed since. What became of it is in a newer message: ${state}.`),
      ],
    },
    fleeting: false,
  };
}
