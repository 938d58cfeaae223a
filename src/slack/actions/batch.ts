import { z } from 'zod';
import type { Batch } from '../../fixes/batch.ts';
import { runDetail } from '../../posture/summary.ts';
import { batchModal } from '../blocks/batch.ts';
import { notice } from '../blocks/notice.ts';
import { escapeText } from '../blocks/text.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { runOfList } from '../findings-list.ts';
import { noticeModal, type Origin, show, tell } from '../modal.ts';
import { namesFor } from '../names.ts';
import { originOf } from '../origin.ts';
import { splitCheckSubject } from '../render/check.ts';
import type { Answer, Submission } from '../submissions.ts';

/** What the modal of a set of fixes carries: each fix with the revision that is shown, and what its button means. */
const metadata = z.object({
  fixes: z.array(z.tuple([z.string(), z.int()])).min(1),
  act: z.enum(['approve', 'request']),
  origin: z.object({ channel: z.string(), threadKey: z.string().exactOptional() }),
});

/** **Fix all …** on a check of a run: every fix of it that is safe to decide on together. */
export async function reviewAll(context: SlackContext, click: Click): Promise<void> {
  const run = await runOfList(context, click.value);
  const detail = runDetail(run?.counts);
  if (run === undefined || detail === undefined || !('summary' in detail)) {
    return tell(context, click, notice('This run is no longer there. Check again.', 'warning'));
  }
  const { check } = splitCheckSubject(click.value);
  const findings = detail.summary.failing.find((each) => each.check === check)?.findings ?? [];
  await review(context, click, await context.fixes().batchable(findings));
}

/** **Review fixes** on a set that was planned again. */
export async function reviewBatch(context: SlackContext, click: Click): Promise<void> {
  const batch = await context.fixes().findBatch(batchOf(click.value).batch);
  await review(context, click, batch?.fixes.filter(({ state }) => state === 'proposed') ?? []);
}

async function review(context: SlackContext, click: Click, fixes: Batch['fixes']): Promise<void> {
  const [first] = fixes;
  const origin = await originOf(context.store, click);
  if (first === undefined || origin === undefined) {
    return tell(context, click, notice('Nothing here can be fixed together any more. Check again.', 'warning'));
  }
  const refusal = await context.access.target({ user: click.user, channel: origin.channel }, first.proposal.target);
  if (refusal !== undefined) return tell(context, click, notice(refusal, 'refused'));
  const all = await Promise.all(fixes.map((fix) => context.fixes().powers(fix, click.user)));
  const powers = {
    approveAlone: all.every(({ approveAlone }) => approveAlone),
    approve: all.every(({ approve }) => approve),
    request: all.every(({ request }) => request),
    people: Math.max(...all.map(({ people }) => people)),
    policies: all.flatMap(({ policies }) => policies),
  };
  const act = powers.approveAlone ? 'approve' : powers.request ? 'request' : undefined;
  const carried = { fixes: fixes.map(({ id, revision }) => [id, revision]), act: act ?? 'request', origin };
  const names = await namesFor(context, first.proposal.target);
  await show(context, click, batchModal({ fixes }, powers, { act, names, metadata: carried }));
}

/** The modal was submitted: the whole set as it was shown, or nothing. */
export async function submitBatch(
  context: SlackContext,
  { user, metadata: text, reason }: Submission,
): Promise<Answer> {
  const { fixes, act, origin } = metadata.parse(JSON.parse(text));
  context.directory.forget(user);
  const answer = await context
    .fixes()
    .submitBatch({ fixes: fixes.map(([id, revision]) => ({ id, revision })), act, user, reason, origin });
  return answer.ok
    ? undefined
    : { response_action: 'update', view: noticeModal(notice(escapeText(answer.message), 'refused')) };
}

/** **Approve all** and **Reject all** on a request. */
export function decideAll(decision: 'approve' | 'reject') {
  return async (context: SlackContext, click: Click): Promise<void> => {
    context.directory.forget(click.user);
    const answer = await context
      .fixes()
      .decideBatch({ ...batchOf(click.value), user: click.user, decision, reason: undefined });
    if (!answer.ok) return tell(context, click, notice(escapeText(answer.message), 'refused'));
    const [refused] = answer.refused;
    if (refused !== undefined)
      await tell(context, click, notice(`Not all of it counted: ${escapeText(refused)}`, 'warning'));
  };
}

/** **Retry what failed**: planned again, and offered for review in the same thread. */
export async function retryFailed(context: SlackContext, click: Click): Promise<void> {
  const origin: Origin | undefined = await originOf(context.store, click);
  if (origin === undefined) return;
  const answer = await context.fixes().retryBatch({ batch: batchOf(click.value).batch, user: click.user, origin });
  const said = answer.ok
    ? notice('Planned again. The new set is in the thread.', 'done')
    : notice(escapeText(answer.message), 'warning');
  await tell(context, click, said);
}

function batchOf(value: string): { batch: string; hash: string } {
  const [batch = '', hash = ''] = value.split('.');
  return { batch, hash };
}
