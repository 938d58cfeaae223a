import type { ViewResponseAction } from '@slack/bolt';
import { z } from 'zod';
import { reviewOf } from './actions/review.ts';
import { REASON } from './blocks/ids.ts';
import { notice } from './blocks/notice.ts';
import type { SlackContext } from './context.ts';
import { listModal, runOfList } from './findings-list.ts';
import { noticeModal, type ReviewMetadata, readRejection, readReview } from './modal.ts';

/** A modal that somebody submitted. */
export interface Submission {
  user: string;
  metadata: string;
  reason: string | undefined;
}

/** What Slack is answered; nothing closes the modal. */
export type Answer = ViewResponseAction | undefined;

const shape = z.object({
  user: z.object({ id: z.string() }),
  view: z.object({
    private_metadata: z.string(),
    state: z.object({
      values: z.record(z.string(), z.record(z.string(), z.looseObject({ value: z.string().nullish() }))),
    }),
  }),
});

export function readSubmission(body: unknown): Submission {
  const { user, view } = shape.parse(body);
  const reason = view.state.values[REASON]?.[REASON]?.value?.trim();
  return { user: user.id, metadata: view.private_metadata, reason: reason === '' ? undefined : (reason ?? undefined) };
}

/** **Approve** or **Request approval**: one decision on the revision that was shown, and what Slack is answered. */
export async function submitReview(context: SlackContext, { user, metadata, reason }: Submission): Promise<Answer> {
  const shown = readReview(metadata);
  const { fixId, revision, act, origin, below } = shown;
  context.directory.forget(user);
  const decision = {
    ...{ fixId, revision, user },
    ...(reason === undefined ? {} : { reason }),
    ...(origin === undefined ? {} : { origin }),
  };
  const decided = await (act === 'approve' ? context.fixes().approve(decision) : context.fixes().request(decision));
  if (below !== undefined) await refreshList(context, below);
  if (decided.ok) return undefined;
  const { fix, message } = decided;
  if (fix !== undefined && fix.revision !== revision && fix.state === 'proposed') {
    const again = await reviewOf(context, fix, user, shown);
    return {
      response_action: 'update',
      view: { ...again, blocks: [...notice(message, 'warning').blocks, ...again.blocks] },
    };
  }
  return { response_action: 'update', view: noticeModal(notice(message, 'refused')) };
}

/** **Reject**, with its reason. */
export async function submitRejection(context: SlackContext, { user, metadata, reason }: Submission): Promise<Answer> {
  context.directory.forget(user);
  const decided = await context
    .fixes()
    .reject({ ...readRejection(metadata), user, ...(reason === undefined ? {} : { reason }) });
  return decided.ok ? undefined : { response_action: 'update', view: noticeModal(notice(decided.message, 'refused')) };
}

/** The list below the review shows a button for what was just decided: show it anew. */
async function refreshList(context: SlackContext, below: NonNullable<ReviewMetadata['below']>): Promise<void> {
  const { viewId, ...list } = below;
  const run = await runOfList(context, list.list);
  if (run === undefined) return;
  try {
    await context.web.views.update({ view_id: viewId, view: await listModal(context, run, list) });
  } catch (error) {
    context.logger.warn({ err: error, view: viewId }, 'a list of findings could not be shown anew');
  }
}
