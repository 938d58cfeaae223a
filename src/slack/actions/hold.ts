import { notice } from '../blocks/notice.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { tell } from '../modal.ts';

/** **Lift hold** on a finding whose fix was undone: the next check offers it again. */
export async function liftHold(context: SlackContext, click: Click): Promise<void> {
  context.directory.forget(click.user);
  const { ok, message } = await context.fixes().liftHold(click.value, click.user);
  await tell(context, click, notice(message, ok ? 'done' : 'refused'));
}
