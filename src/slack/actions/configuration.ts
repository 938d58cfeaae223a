import { notice } from '../blocks/notice.ts';
import { escapeText } from '../blocks/text.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { tell } from '../modal.ts';

/** **Confirm** on the message about a changed configuration. */
export async function confirmConfiguration(context: SlackContext, click: Click): Promise<void> {
  context.directory.forget(click.user);
  const answer = await context.fixes().confirmConfiguration({ user: click.user, hash: click.value });
  await tell(context, click, notice(escapeText(answer.message), answer.ok ? 'done' : 'refused'));
}
