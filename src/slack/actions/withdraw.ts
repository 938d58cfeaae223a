import { parseFixValue } from '../blocks/ids.ts';
import { notice } from '../blocks/notice.ts';
import { withdrawModal } from '../blocks/withdraw.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { noticeModal, readRejection, show, tell } from '../modal.ts';
import type { Answer, Submission } from '../submissions.ts';

/** **Withdraw** on a request: asks why. Everyone sees the button; who may not press it is told who may. */
export async function askWithdrawal(context: SlackContext, click: Click): Promise<void> {
  const { fixes, directory } = context;
  const parsed = parseFixValue(click.value);
  const fix = parsed === undefined ? undefined : await fixes().find(parsed.fixId);
  if (parsed === undefined || fix === undefined) {
    return tell(context, click, notice('This fix is no longer there. Check again.', 'warning'));
  }
  directory.forget(click.user);
  const refusal = await fixes().mayNotWithdraw(fix, click.user);
  if (refusal !== undefined) return tell(context, click, notice(refusal, 'refused'));
  if ((fix.state !== 'pending' && fix.state !== 'approved') || fix.revision !== parsed.revision) {
    return tell(context, click, notice('This request is not open any more. Look at its newest message.', 'warning'));
  }
  await show(context, click, withdrawModal(fix));
}

/** The reason of a withdrawal. */
export async function submitWithdrawal(context: SlackContext, submission: Submission): Promise<Answer> {
  const { user, metadata, reason } = submission;
  context.directory.forget(user);
  const decided = await context
    .fixes()
    .withdraw({ ...readRejection(metadata), user, ...(reason === undefined ? {} : { reason }) });
  return decided.ok ? undefined : { response_action: 'update', view: noticeModal(notice(decided.message, 'refused')) };
}
