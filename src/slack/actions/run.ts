import { findRun } from '../../store/runs.ts';
import { notice } from '../blocks/notice.ts';
import { escapeText } from '../blocks/text.ts';
import type { Channels } from '../channels.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { tell } from '../modal.ts';

/** **Check again** on the message of a run. */
export async function rerun(context: SlackContext, click: Click): Promise<void> {
  const run = await findRun(context.store.query, click.value);
  if (run === undefined || click.place.kind !== 'message') return;
  const { channel } = click.place;
  const refusal = await context.access.target({ user: click.user, channel }, run.target);
  if (refusal !== undefined) return tell(context, click, notice(refusal, 'refused'));
  const { target } = run;
  const asked = await context.posture.request({ target, channel, user: click.user, trigger: 'asked' });
  if (!asked.shared) return;
  await tell(context, click, notice(`${escapeText(target)} is being read already.`, 'working'));
}

/** **Check now** in Home: the answer goes to the environment's own channel, the usual one, or the person's messages. */
export async function checkFromHome(
  context: SlackContext & { channels: Channels },
  { user, value: target, ...click }: Click,
): Promise<void> {
  const { access, config, channels, posture } = context;
  const told = { user, value: target, ...click };
  const environment = config.environments[target];
  const refusal = await access.target({ user }, target);
  if (environment === undefined) return tell(context, told, notice('This environment is gone.', 'warning'));
  if (refusal !== undefined) return tell(context, told, notice(refusal, 'refused'));
  const named = environment.channels?.[0] ?? config.slack.channel;
  const channel = named === undefined ? await directMessages(context, user) : await channels.id(named);
  await posture.request({ target, channel, user, trigger: 'asked' });
  const where = channel.startsWith('D') ? 'your messages with trail-check' : `<#${channel}>`;
  await tell(context, told, notice(`Reading ${escapeText(target)}. The answer comes to ${where}.`, 'working'));
}

async function directMessages({ web }: Pick<SlackContext, 'web'>, user: string): Promise<string> {
  const opened = await web.conversations.open({ users: user });
  return opened.channel?.id ?? user;
}
