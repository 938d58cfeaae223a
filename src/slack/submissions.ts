import type { ViewResponseAction } from '@slack/bolt';
import { z } from 'zod';
import type { Decided } from '../fixes/decision.ts';
import type { Proof } from '../fixes/step-up/prove.ts';
import { reviewOf } from './actions/review.ts';
import { ALIAS, CODE, REASON } from './blocks/ids.ts';
import { notice } from './blocks/notice.ts';
import { escapeText } from './blocks/text.ts';
import type { SlackContext } from './context.ts';
import { listModal, runOfList } from './findings-list.ts';
import { noticeModal, type ReviewMetadata, readRejection, readReview } from './modal.ts';

/** A modal that somebody submitted. */
export interface Submission {
  user: string;
  metadata: string;
  reason: string | undefined;
  /** What was entered or chosen, by block id: text, a person, a date, an option. */
  entered: { readonly [block: string]: string };
}

/** What Slack is answered; nothing closes the modal. */
export type Answer = ViewResponseAction | undefined;

const input = z.looseObject({
  value: z.string().nullish(),
  selected_user: z.string().nullish(),
  selected_date: z.string().nullish(),
  selected_option: z.looseObject({ value: z.string() }).nullish(),
});

const shape = z.object({
  user: z.object({ id: z.string() }),
  view: z.object({
    private_metadata: z.string(),
    state: z.object({
      values: z.record(z.string(), z.record(z.string(), input)),
    }),
  }),
});

export function readSubmission(body: unknown): Submission {
  const { user, view } = shape.parse(body);
  const reason = view.state.values[REASON]?.[REASON]?.value?.trim();
  const entered = Object.entries(view.state.values).flatMap(([block, elements]) =>
    Object.values(elements).map((each) => [block, chosenIn(each)] as const),
  );
  return {
    user: user.id,
    metadata: view.private_metadata,
    reason: reason === '' ? undefined : (reason ?? undefined),
    entered: Object.fromEntries(entered),
  };
}

function chosenIn({ value, selected_user, selected_date, selected_option }: z.output<typeof input>): string {
  return value?.trim() ?? selected_user ?? selected_date ?? selected_option?.value ?? '';
}

/** **Approve** or **Request approval**: one decision on the revision that was shown, and what Slack is answered. */
export async function submitReview(context: SlackContext, submission: Submission): Promise<Answer> {
  const { user, metadata, reason } = submission;
  const shown = readReview(metadata);
  const { fixId, revision, act, origin, below } = shown;
  context.directory.forget(user);
  const decision = {
    ...{ fixId, revision, user, proof: proofOf(submission) },
    ...(reason === undefined ? {} : { reason }),
    ...(origin === undefined ? {} : { origin }),
  };
  const decided = await (act === 'approve' ? context.fixes().approve(decision) : context.fixes().request(decision));
  if (below !== undefined) await refreshList(context, below);
  if (decided.ok) return undefined;
  const { fix, message } = decided;
  const wrong = refusedField(submission, decided);
  if (wrong !== undefined) return wrong;
  const unasked = decided.field !== undefined;
  const newer = fix !== undefined && fix.revision !== revision && fix.state === 'proposed';
  if (fix !== undefined && (newer || unasked)) {
    const again = await reviewOf(context, fix, user, shown);
    // It names the account, which others have named.
    const said = unasked ? escapeText(message) : message;
    return {
      response_action: 'update',
      view: { ...again, blocks: [...notice(said, 'warning').blocks, ...again.blocks] },
    };
  }
  return { response_action: 'update', view: noticeModal(notice(message, 'refused')) };
}

/** What was given beside the click. */
export function proofOf({ entered }: Submission): Proof {
  return {
    ...(entered[ALIAS] === undefined ? {} : { alias: entered[ALIAS] }),
    ...(entered[CODE] === undefined ? {} : { code: entered[CODE] }),
  };
}

/** Where a field was wrong that the modal has, the modal says so; Slack takes no word on any other. */
export function refusedField({ entered }: Submission, { field, message }: Refused): Answer {
  if (field === undefined || entered[field] === undefined) return undefined;
  return { response_action: 'errors', errors: { [field]: message } };
}

type Refused = Pick<Extract<Decided, { ok: false }>, 'field' | 'message'>;

/** **Reject**, with its reason. */
export async function submitRejection(context: SlackContext, { user, metadata, reason }: Submission): Promise<Answer> {
  context.directory.forget(user);
  const decided = await context
    .fixes()
    .reject({ ...readRejection(metadata), user, ...(reason === undefined ? {} : { reason }) });
  return decided.ok ? undefined : { response_action: 'update', view: noticeModal(notice(decided.message, 'refused')) };
}

/** The list below the review shows a button for what was just decided: show it anew. */
export async function refreshList(context: SlackContext, below: NonNullable<ReviewMetadata['below']>): Promise<void> {
  const { viewId, ...list } = below;
  const run = await runOfList(context, list.list);
  if (run === undefined) return;
  try {
    await context.web.views.update({ view_id: viewId, view: await listModal(context, run, list) });
  } catch (error) {
    context.logger.warn({ err: error, view: viewId }, 'a list of findings could not be shown anew');
  }
}
