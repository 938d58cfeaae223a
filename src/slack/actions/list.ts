import { notice } from '../blocks/notice.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { listModal, runOfList } from '../findings-list.ts';
import { show, tell } from '../modal.ts';
import { listBelow, originOf } from '../origin.ts';

/** **Show all**: every failing finding of a run, or of one check of it, in pages. */
export async function showAll(context: SlackContext, click: Click): Promise<void> {
  const run = await runOfList(context, click.value);
  if (run === undefined) return tell(context, click, notice('This run is no longer there. Check again.', 'warning'));
  const origin = await originOf(context.store, click);
  const asker = { user: click.user, ...(origin === undefined ? {} : { channel: origin.channel }) };
  const refusal = await context.access.target(asker, run.target);
  if (refusal !== undefined) return tell(context, click, notice(refusal, 'refused'));
  const view = await listModal(context, run, {
    list: click.value,
    page: 0,
    ...(origin === undefined ? {} : { origin }),
  });
  await show(context, click, view);
}

/** **Next** and **Previous** in that list. */
export async function turnPage(context: SlackContext, { value, place }: Click): Promise<void> {
  if (place.kind !== 'modal') return;
  const list = listBelow(place.metadata);
  const run = list === undefined ? undefined : await runOfList(context, list.list);
  if (list === undefined || run === undefined) return;
  const page = Number.parseInt(value, 10);
  const view = await listModal(context, run, { ...list, page: Number.isNaN(page) ? 0 : page });
  await context.web.views.update({ view_id: place.viewId, view });
}
