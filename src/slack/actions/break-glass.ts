import { breakGlassModal } from '../blocks/emergency.ts';
import { parseFixValue } from '../blocks/ids.ts';
import { notice } from '../blocks/notice.ts';
import { escapeText } from '../blocks/text.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { noticeModal, readReview, show, tell } from '../modal.ts';
import { type Answer, proofOf, refusedField, type Submission } from '../submissions.ts';

/** **Approve alone (emergency)…** in a review: asks for the reason and for more than a click. */
export async function askBreakGlass(context: SlackContext, click: Click): Promise<void> {
  const parsed = parseFixValue(click.value);
  const fix = parsed === undefined ? undefined : await context.fixes().find(parsed.fixId);
  if (parsed === undefined || fix === undefined || click.place.kind !== 'modal') {
    return tell(context, click, notice('This fix is no longer there. Check again.', 'warning'));
  }
  context.directory.forget(click.user);
  const { user } = click;
  const { policies } = await context.fixes().powers(fix, user);
  const { refusal } = await context.fixes().emergency(fix, user, policies);
  if (refusal !== undefined) return tell(context, click, notice(escapeText(refusal), 'refused'));
  const demand = await context.fixes().demand(fix, { user, policies, emergency: true });
  const { origin, home } = readReview(click.place.metadata);
  const metadata = { ...parsed, ...(origin === undefined ? {} : { origin }), ...(home === undefined ? {} : { home }) };
  await show(context, click, { ...breakGlassModal(fix, demand), private_metadata: JSON.stringify(metadata) });
}

/** **Approve alone**: closes all modals, for the review below shows what is decided now. */
export async function submitBreakGlass(context: SlackContext, submission: Submission): Promise<Answer> {
  const { user, metadata, reason } = submission;
  const { fixId, revision, origin } = readReview(metadata);
  context.directory.forget(user);
  const decided = await context.fixes().breakGlass({
    ...{ fixId, revision, user, proof: proofOf(submission) },
    ...(reason === undefined ? {} : { reason }),
    ...(origin === undefined ? {} : { origin }),
  });
  if (decided.ok) return { response_action: 'clear' };
  return (
    refusedField(submission, decided) ?? {
      response_action: 'update',
      view: noticeModal(notice(escapeText(decided.message), 'refused')),
    }
  );
}
