import { notice } from '../blocks/notice.ts';
import { stepsModal } from '../blocks/steps.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { entriesOf } from '../entries.ts';
import { show, tell } from '../modal.ts';
import { namesFor } from '../names.ts';
import { originOf } from '../origin.ts';

/** **Show steps**: what people do where the bot cannot. */
export async function showSteps(context: SlackContext, click: Click): Promise<void> {
  const [entry] = await entriesOf(context, [click.value]);
  if (entry?.offer?.kind !== 'manual') {
    return tell(context, click, notice('These steps are no longer needed. Check again.', 'info'));
  }
  const { finding, offer } = entry;
  const origin = await originOf(context.store, click);
  const asker = { user: click.user, ...(origin === undefined ? {} : { channel: origin.channel }) };
  const refusal = await context.access.target(asker, finding.account);
  if (refusal !== undefined) return tell(context, click, notice(refusal, 'refused'));
  const names = await namesFor(context, finding.account);
  await show(context, click, stepsModal(finding, offer.steps, { reason: offer.reason, names }));
}
