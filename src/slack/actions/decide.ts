import type { FixView } from '../../fixes/fix.ts';
import { messagesAbout } from '../../store/messages.ts';
import { parseFixValue } from '../blocks/ids.ts';
import { notice } from '../blocks/notice.ts';
import { rejectModal } from '../blocks/reject.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { show, tell } from '../modal.ts';
import { renderFix } from '../render/fix.ts';
import { review } from './review.ts';

/** **Approve** on a request. Whether it counts is decided on the locked row: of two clicks one does. */
export async function approve(context: SlackContext, click: Click): Promise<void> {
  const parsed = parseFixValue(click.value);
  if (parsed === undefined) return tell(context, click, notice('This button is not one of ours.', 'warning'));
  context.directory.forget(click.user);
  const decided = await context.fixes().approve({ ...parsed, user: click.user });
  // It takes more than a click: the review asks for it.
  if (!decided.ok && decided.field !== undefined) return review(context, click);
  if (!decided.ok) return tell(context, click, notice(decided.message, 'refused'));
  await showAtOnce(context, click, decided.fix);
}

/**
 * The buttons go with the click, even while a long thread waits to be told in front of it. Said once more afterwards,
 * because what is replaced here may overtake a newer state on its way.
 */
async function showAtOnce(context: SlackContext, click: Click, { id }: FixView): Promise<void> {
  const rendered = await renderFix(context, id);
  if (rendered === undefined || click.place.kind !== 'message') return;
  try {
    await click.replace(rendered.message);
  } catch (error) {
    context.logger.warn({ err: error, fix: id }, 'a message could not be replaced at once; it follows in its turn');
  }
  await context.store.transaction(async (tx) => {
    for (const { key, channel } of await messagesAbout(tx.query, { kind: 'fix', id })) {
      await tx.say({ key, channel, subject: { kind: 'fix', id } });
    }
  });
}

/** **Reject** on a request: asks for the reason first. */
export async function askRejection(context: SlackContext, click: Click): Promise<void> {
  const parsed = parseFixValue(click.value);
  const fix = parsed === undefined ? undefined : await context.fixes().find(parsed.fixId);
  if (parsed === undefined || fix === undefined) {
    return tell(context, click, notice('This fix is no longer there. Check again.', 'warning'));
  }
  const powers = await context.fixes().powers(fix, click.user);
  if (!powers.approve) return tell(context, click, notice('You may not decide on this fix.', 'refused'));
  if (fix.state !== 'pending' || fix.revision !== parsed.revision) {
    return tell(context, click, notice('This request is not open any more. Look at its newest message.', 'warning'));
  }
  await show(context, click, rejectModal(fix));
}
