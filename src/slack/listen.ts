import type { App as BoltApp, RespondFn } from '@slack/bolt';
import { errorId } from '../ops/error.ts';
import {
  approveRisk,
  askRiskRejection,
  submitAccept,
  submitRiskApproval,
  submitRiskRejection,
  withdrawRisk,
} from './actions/accept.ts';
import { decideAll, retryFailed, reviewAll, reviewBatch, submitBatch } from './actions/batch.ts';
import { askBreakGlass, submitBreakGlass } from './actions/break-glass.ts';
import { confirmConfiguration } from './actions/configuration.ts';
import { approve, askRejection } from './actions/decide.ts';
import { liftFreeze } from './actions/freeze.ts';
import { liftHold } from './actions/hold.ts';
import { showAll, turnPage } from './actions/list.ts';
import { findingMenu } from './actions/menu.ts';
import { review } from './actions/review.ts';
import { checkFromHome, rerun } from './actions/run.ts';
import { signOff } from './actions/sign-off.ts';
import { submitSnooze } from './actions/snooze.ts';
import { askReset, enrol, submitFirstCode, submitPresentCode, submitReset } from './actions/step-up.ts';
import { showSteps } from './actions/steps.ts';
import { undo } from './actions/undo.ts';
import { askWithdrawal, submitWithdrawal } from './actions/withdraw.ts';
import { ACTIONS, CODE, PERSON, REASON, VIEWS } from './blocks/ids.ts';
import type { Message } from './blocks/message.ts';
import { notice } from './blocks/notice.ts';
import type { Channels } from './channels.ts';
import { type Click, readClick } from './click.ts';
import { answerCommand, type Commands } from './command.ts';
import type { SlackContext } from './context.ts';
import { slackCode } from './errors.ts';
import { publishHome } from './home.ts';
import { readReview, tell } from './modal.ts';
import { type Answer, readSubmission, type Submission, submitRejection, submitReview } from './submissions.ts';

/** The answer to a submitted modal is its acknowledgement, for which Slack waits three seconds. */
const SUBMISSION_MS = 2_500;

export type ListenContext = SlackContext & { channels: Channels };

/** Everything that people do in Slack, each by its exact id: overlapping patterns would run twice. */
export function listen<App>(bolt: BoltApp, context: ListenContext, commands: Commands<App>): void {
  onCommand(bolt, context, commands);
  const clicks: { [action: string]: (context: ListenContext, click: Click) => Promise<void> } = {
    [ACTIONS.reviewFix]: review,
    [ACTIONS.showSteps]: showSteps,
    [ACTIONS.approveFix]: approve,
    [ACTIONS.rejectFix]: askRejection,
    [ACTIONS.withdrawFix]: askWithdrawal,
    [ACTIONS.undoFix]: undo,
    [ACTIONS.liftHold]: liftHold,
    [ACTIONS.showAll]: showAll,
    [ACTIONS.findingsPage]: turnPage,
    [ACTIONS.rerun]: rerun,
    [ACTIONS.liftFreeze]: liftFreeze,
    [ACTIONS.breakGlass]: askBreakGlass,
    [ACTIONS.signOff]: signOff,
    [ACTIONS.enrol]: enrol,
    [ACTIONS.resetCodes]: askReset,
    [ACTIONS.confirmConfiguration]: confirmConfiguration,
    [ACTIONS.reviewAll]: reviewAll,
    [ACTIONS.reviewBatch]: reviewBatch,
    [ACTIONS.approveBatch]: decideAll('approve'),
    [ACTIONS.rejectBatch]: decideAll('reject'),
    [ACTIONS.retryBatch]: retryFailed,
    [ACTIONS.openHomeEnvironment]: checkFromHome,
    [ACTIONS.findingMenu]: findingMenu,
    [ACTIONS.approveRisk]: approveRisk,
    [ACTIONS.rejectRisk]: askRiskRejection,
    [ACTIONS.withdrawRisk]: withdrawRisk,
  };
  for (const [action, handle] of Object.entries(clicks)) onClick(bolt, context, action, handle);
  onSubmission(bolt, context, VIEWS.reviewFix, async (_, submission) => {
    const answered = await submitReview(context, submission);
    if (readReview(submission.metadata).home) void followInHome(context, commands, submission.user);
    return answered;
  });
  onSubmission(bolt, context, VIEWS.breakGlass, async (_, submission) => {
    const answered = await submitBreakGlass(context, submission);
    if (readReview(submission.metadata).home) void followInHome(context, commands, submission.user);
    return answered;
  });
  onSubmission(bolt, context, VIEWS.enrol, submitFirstCode, CODE);
  onSubmission(bolt, context, VIEWS.enrolAgain, submitPresentCode, CODE);
  onSubmission(bolt, context, VIEWS.resetCodes, submitReset, PERSON);
  onSubmission(bolt, context, VIEWS.rejectFix, submitRejection);
  onSubmission(bolt, context, VIEWS.withdrawFix, submitWithdrawal);
  onSubmission(bolt, context, VIEWS.acceptRisk, submitAccept);
  onSubmission(bolt, context, VIEWS.approveRisk, submitRiskApproval);
  onSubmission(bolt, context, VIEWS.rejectRisk, submitRiskRejection);
  onSubmission(bolt, context, VIEWS.snooze, submitSnooze);
  onSubmission(bolt, context, VIEWS.reviewBatch, submitBatch);
  bolt.event('app_home_opened', async ({ event }) => {
    if (event.tab === 'home') await publishHome(context, commands.commands, event.user);
  });
  bolt.error(async (error) => {
    context.logger.error({ err: error, errorId: errorId() }, 'something from Slack was not handled');
  });
}

/** Home shows a button for what was just decided there; the decision stands whatever becomes of the page. */
async function followInHome<App>(context: ListenContext, { commands }: Commands<App>, user: string): Promise<void> {
  try {
    await publishHome(context, commands, user);
  } catch (error) {
    context.logger.warn({ err: error, user }, 'Home could not be shown anew');
  }
}

function onCommand<App>(bolt: BoltApp, context: ListenContext, commands: Commands<App>): void {
  bolt.command(context.config.slack.command, async ({ ack, command, respond }) => {
    await ack();
    const { user_id: user, channel_id: channel, channel_name: channelName, text } = command;
    const answer = await answerCommand(context, commands, { user, channel, channelName, text });
    await whisperTo(context, respond, { user, channel })(answer);
  });
}

function onClick(
  bolt: BoltApp,
  context: ListenContext,
  action: string,
  handle: (context: ListenContext, click: Click) => Promise<void>,
): void {
  bolt.action(action, async ({ ack, body, respond }) => {
    await ack();
    const channel = 'channel' in body ? body.channel?.id : undefined;
    const click = readClick(body, {
      whisper: whisperTo(context, respond, { user: body.user.id, channel: channel ?? '' }),
      replace: async ({ text, blocks }) => void (await respond({ text, blocks, replace_original: true })),
    });
    try {
      await handle(context, click);
    } catch (error) {
      await failed(context, action, click, error);
    }
  });
}

async function failed(context: ListenContext, action: string, click: Click, error: unknown): Promise<void> {
  const { logger } = context;
  const code = slackCode(error);
  if (code === 'exchanged_trigger_id') {
    // The same click came twice: the first one opened the modal.
    logger.info({ action, user: click.user }, 'a click was delivered twice');
    return;
  }
  const id = errorId();
  logger.error({ err: error, errorId: id, action, user: click.user }, 'a click could not be answered');
  const late = code === 'expired_trigger_id' || code === 'trigger_expired';
  const said = late
    ? 'That took longer than Slack allows. Press the button again.'
    : `Something went wrong (error ${id}).`;
  try {
    await tell(context, click, notice(said, 'error'));
  } catch (again) {
    logger.warn({ err: again, errorId: id }, 'the person could not be told');
  }
}

function onSubmission(
  bolt: BoltApp,
  context: ListenContext,
  callback: string,
  handle: (context: SlackContext, submission: Submission) => Promise<Answer>,
  field = REASON,
): void {
  bolt.view(callback, async ({ ack, body }) => {
    const { promise: late, resolve } = Promise.withResolvers<Answer>();
    const slow = 'This takes longer than usual. Look into the thread before you try again.';
    const timer = setTimeout(() => resolve(complaint(slow, field)), SUBMISSION_MS);
    const answered = answer(context, { callback, field }, body, handle);
    const said = await Promise.race([answered, late]);
    clearTimeout(timer);
    await (said === undefined ? ack() : ack(said));
    await answered;
  });
}

async function answer(
  context: ListenContext,
  { callback, field }: { callback: string; field: string },
  body: unknown,
  handle: (context: SlackContext, submission: Submission) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await handle(context, readSubmission(body));
  } catch (error) {
    const id = errorId();
    context.logger.error({ err: error, errorId: id, callback }, 'a submitted modal could not be handled');
    return complaint(`Something went wrong (error ${id}). Look into the thread before you try again.`, field);
  }
}

/** Slack shows it at a field: the reason, which most modals of ours have, or the one that the modal has. */
function complaint(text: string, field: string): Answer {
  return { response_action: 'errors', errors: { [field]: text } };
}

/** The response URL works in every channel but only five times, and for half an hour; then the bot itself says it. */
function whisperTo(
  { web, logger }: Pick<SlackContext, 'web' | 'logger'>,
  respond: RespondFn,
  { user, channel }: { user: string; channel: string },
) {
  return async ({ text, blocks }: Message, threadTs?: string): Promise<void> => {
    const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
    const shown = blocks.length === 0 ? { text } : { text, blocks };
    try {
      await respond({ ...shown, ...thread, response_type: 'ephemeral', replace_original: false });
    } catch (error) {
      logger.warn({ err: error, user, channel }, 'a response URL did not take the answer');
      await web.chat.postEphemeral({ channel, user, ...shown, ...thread });
    }
  };
}
