import type { ModalView } from '@slack/types';
import type { FixView } from '../../fixes/fix.ts';
import type { Powers } from '../../fixes/powers.ts';
import { decisionsOn } from '../../store/approvals.ts';
import { lastUndo } from '../../store/fixes.ts';
import { parseFixValue } from '../blocks/ids.ts';
import { notice } from '../blocks/notice.ts';
import { reviewModal } from '../blocks/review.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { type ReviewMetadata, show, tell } from '../modal.ts';
import { namesFor } from '../names.ts';
import { lastThreadOf, listBelow, originOf } from '../origin.ts';

/** **Review fix**: the plan as it stands now, from the database, so that it opens within Slack's three seconds. */
export async function review(context: SlackContext, click: Click): Promise<void> {
  const { store, fixes } = context;
  const parsed = parseFixValue(click.value);
  const fix = parsed === undefined ? undefined : await fixes().find(parsed.fixId);
  if (fix === undefined) return tell(context, click, notice('This fix is no longer there. Check again.', 'warning'));
  const origin = fix.proposal.origin ?? (await originOf(store, click)) ?? (await lastThreadOf(store, fix));
  const refusal = await mayLook(context, fix, click.user, origin?.channel);
  if (refusal !== undefined) return tell(context, click, notice(refusal, 'refused'));
  const { place } = click;
  const below = place.kind === 'modal' ? listBelow(place.metadata) : undefined;
  const view = await reviewOf(context, fix, click.user, {
    ...(origin === undefined ? {} : { origin }),
    ...(place.kind === 'home' ? { home: true } : {}),
    ...(below === undefined || place.kind !== 'modal' ? {} : { below: { ...below, viewId: place.viewId } }),
  });
  await show(context, click, view);
}

/** The modal of a fix for one person; what its submit button means is kept with it, so that it means that later too. */
export async function reviewOf(
  { fixes, store }: Pick<SlackContext, 'fixes' | 'store'>,
  fix: FixView,
  user: string,
  { origin, below, home }: Pick<ReviewMetadata, 'origin' | 'below' | 'home'>,
): Promise<ModalView> {
  const [powers, names, undo] = await Promise.all([
    fixes().powers(fix, user),
    namesFor({ store }, fix.proposal.target),
    fix.kind === 'undo' ? undefined : lastUndo(store.query, fix.proposal.plan.findings),
  ]);
  const { policies } = powers;
  const [decides, proof, { offered }] = await Promise.all([
    isWaitedFor({ store }, fix, user, powers),
    fixes().demand(fix, { user, policies }),
    fixes().emergency(fix, user, policies),
  ]);
  const metadata: ReviewMetadata = {
    fixId: fix.id,
    revision: fix.revision,
    act: decides || powers.approveAlone ? 'approve' : 'request',
    ...(origin === undefined ? {} : { origin }),
    ...(below === undefined ? {} : { below }),
    ...(home === undefined ? {} : { home }),
  };
  return {
    ...reviewModal(fix, powers, {
      ...{ names, decides, proof, breakGlass: offered },
      ...(origin === undefined ? {} : { origin }),
      ...(undo === undefined
        ? {}
        : { undone: { by: undo.requestedBy ?? 'trail-check', reason: undo.reason ?? '', at: undo.updatedAt } }),
    }),
    private_metadata: JSON.stringify(metadata),
  };
}

/** A request can be approved in its review too, by who may and has not spoken yet. What counts is judged on submission. */
async function isWaitedFor(
  { store }: Pick<SlackContext, 'store'>,
  fix: FixView,
  user: string,
  { approve, policies }: Powers,
): Promise<boolean> {
  if (fix.state !== 'pending' || !approve) return false;
  if (fix.requestedBy === user && !policies.every(({ requesterCounts }) => requesterCounts)) return false;
  return (await decisionsOn(store.query, fix)).every((decision) => decision.user !== user);
}

/** Why this person may not look at a fix; nothing if they may. Who may decide on it may look at it. */
export async function mayLook(
  { access, fixes }: Pick<SlackContext, 'access' | 'fixes'>,
  fix: FixView,
  user: string,
  channel: string | undefined,
): Promise<string | undefined> {
  const asker = { user, ...(channel === undefined ? {} : { channel }) };
  const environments = new Set(Object.values(fix.proposal.environments).flat());
  for (const target of [fix.proposal.target, ...environments]) {
    const refusal = await access.target(asker, target);
    if (refusal !== undefined) return (await fixes().powers(fix, user)).approve ? undefined : refusal;
  }
  return undefined;
}
