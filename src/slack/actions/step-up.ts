import { NO_KEY } from '../../fixes/step-up/take-code.ts';
import { CODE, PERSON } from '../blocks/ids.ts';
import { notice } from '../blocks/notice.ts';
import { presentCodeModal, resetModal, secretModal } from '../blocks/step-up.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { noticeModal, show, tell } from '../modal.ts';
import type { Answer, Submission } from '../submissions.ts';

/** **Set up codes**: shows a new secret to who clicked; who has codes gives one of them first. */
export async function enrol(context: SlackContext, click: Click): Promise<void> {
  const { codes } = context.fixes();
  context.directory.forget(click.user);
  const present = await codes.of(click.user);
  if (present === 'no-key') return tell(context, click, notice(NO_KEY, 'refused'));
  if (present === 'ready') return show(context, click, presentCodeModal());
  const begun = await codes.begin({ user: click.user });
  if (!begun.ok) return tell(context, click, notice(begun.message, 'refused'));
  await show(context, click, secretModal(begun));
}

/** A code of the present secret: the new one takes the place of the question. */
export async function submitPresentCode(context: SlackContext, { user, entered }: Submission): Promise<Answer> {
  const begun = await context.fixes().codes.begin({ user, code: entered[CODE] ?? '' });
  if (!begun.ok) return wrong(CODE, begun.message);
  return { response_action: 'update', view: secretModal(begun) };
}

/** The first code of a new secret. */
export async function submitFirstCode(context: SlackContext, { user, entered }: Submission): Promise<Answer> {
  const confirmed = await context.fixes().codes.confirm({ user, code: entered[CODE] ?? '' });
  if (!confirmed.ok) return wrong(CODE, confirmed.message);
  const said = notice('Your one-time codes are set up. This first code is used; the next one counts.', 'done');
  return { response_action: 'update', view: noticeModal(said) };
}

/** **Reset codes of somebody…** */
export async function askReset(context: SlackContext, click: Click): Promise<void> {
  await show(context, click, resetModal());
}

export async function submitReset(context: SlackContext, { user, entered }: Submission): Promise<Answer> {
  context.directory.forget(user);
  const whose = entered[PERSON] ?? '';
  const reset = await context.fixes().codes.reset({ user: whose, by: user });
  if (!reset.ok) return wrong(PERSON, reset.message);
  return {
    response_action: 'update',
    view: noticeModal(notice('Their codes are reset. They set up new ones.', 'done')),
  };
}

function wrong(field: string, message: string): Answer {
  return { response_action: 'errors', errors: { [field]: message } };
}
