import { notice } from '../blocks/notice.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { tell } from '../modal.ts';

/** **Sign off**: one of two signatures on what was approved alone. The messages follow by themselves. */
export async function signOff(context: SlackContext, click: Click): Promise<void> {
  context.directory.forget(click.user);
  const signed = await context.fixes().signOff({ fixId: click.value, user: click.user });
  if (!signed.ok) return tell(context, click, notice(signed.message, 'refused'));
  const done = signed.fix.row.signedOffAt !== null;
  if (!done) await tell(context, click, notice('Noted. Another approver has to sign it off too.', 'info'));
}
