import { notice } from '../blocks/notice.ts';
import { escapeText } from '../blocks/text.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { tell } from '../modal.ts';

/** **Lift freeze**: one of the two words it takes. The message follows by itself. */
export async function liftFreeze(context: SlackContext, click: Click): Promise<void> {
  context.directory.forget(click.user);
  const answer = await context.fixes().lift({ id: click.value, user: click.user });
  if (!answer.ok) return tell(context, click, notice(escapeText(answer.message), 'refused'));
  if (!answer.lifted) await tell(context, click, notice('Noted. A second approver has to press it too.', 'info'));
}
