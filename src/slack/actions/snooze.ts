import { notice } from '../blocks/notice.ts';
import { DAYS } from '../blocks/snooze.ts';
import type { SlackContext } from '../context.ts';
import { noticeModal, readAboutFinding } from '../modal.ts';
import { type Answer, refreshList, type Submission } from '../submissions.ts';

/** **Snooze** in its modal. */
export async function submitSnooze(context: SlackContext, submission: Submission): Promise<Answer> {
  const { user, metadata, reason, entered } = submission;
  const { finding, fingerprint, below } = readAboutFinding(metadata);
  context.directory.forget(user);
  const snoozed = await context.fixes().risks.snooze({
    ...{ finding, fingerprint, user, days: Number(entered[DAYS]) },
    ...(reason === undefined ? {} : { reason }),
  });
  if (below !== undefined) await refreshList(context, below);
  return snoozed.ok ? undefined : { response_action: 'update', view: noticeModal(notice(snoozed.message, 'refused')) };
}
