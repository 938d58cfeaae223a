import { parseFixValue } from '../blocks/ids.ts';
import { notice, refusedUndo } from '../blocks/notice.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { show, tell } from '../modal.ts';
import { originOf } from '../origin.ts';
import { mayLook, reviewOf } from './review.ts';

/** **Undo**: a fix of its own, with its own review and approval. */
export async function undo(context: SlackContext, click: Click): Promise<void> {
  const { store, fixes } = context;
  const fixId = parseFixValue(click.value)?.fixId ?? '';
  const fix = await fixes().find(fixId);
  if (fix === undefined) return tell(context, click, notice('This fix is no longer there.', 'warning'));
  const origin = fix.proposal.origin ?? (await originOf(store, click));
  const refusal = await mayLook(context, fix, click.user, origin?.channel);
  if (refusal !== undefined) return tell(context, click, notice(refusal, 'refused'));
  const proposed = await fixes().proposeUndo(fixId);
  if (!proposed.ok) return tell(context, click, refusedUndo(proposed.message, proposed.difference));
  await show(context, click, await reviewOf(context, proposed.fix, click.user, origin === undefined ? {} : { origin }));
}
