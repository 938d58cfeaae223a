import { environmentsOf, isOverdue } from '../../fixes/break-glass.ts';
import { emergencyApproval, signOffsOf } from '../../store/sign-offs.ts';
import { emergencyMessage, overdueMessage } from '../blocks/emergency.ts';
import type { SlackContext } from '../context.ts';
import { namesFor } from '../names.ts';
import type { Rendered } from './render.ts';

/** What was approved alone in an emergency, and its follow-up. */
export async function renderEmergency(
  { store, fixes }: Pick<SlackContext, 'store' | 'fixes'>,
  { kind, id }: { kind: string; id: string },
): Promise<Rendered | undefined> {
  const fix = await fixes().find(id);
  const alone = await emergencyApproval(store.query, id);
  if (fix === undefined || alone === undefined) return undefined;
  const say = kind === 'emergency' ? emergencyMessage : overdueMessage;
  const message = say(fix, {
    by: { user: alone.user, reason: alone.reason ?? '', at: alone.at },
    signed: await signOffsOf(store.query, id),
    overdue: isOverdue(fix.row, store.now()),
    environments: environmentsOf(fix),
    names: await namesFor({ store }, fix.proposal.target),
  });
  return { message, fleeting: false };
}
