import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import type { Command } from '../command/command.ts';
import { findCommand, parseWords, splitWords } from '../command/parse.ts';
import type { Config } from '../config/config.ts';
import { describeError, errorId, TrailCheckError } from '../ops/error.ts';
import type { Message } from './blocks/message.ts';
import { notice } from './blocks/notice.ts';
import { escapeText } from './blocks/text.ts';
import type { SlackContext } from './context.ts';

/** What somebody typed after the slash command, and where. */
export interface Typed {
  user: string;
  channel: string;
  channelName: string;
  text: string;
}

export interface Commands<App> {
  commands: ReadonlyMap<string, Command<App>>;
  app: App;
}

const block = z.custom<KnownBlock>((value) => typeof value === 'object' && value !== null && 'type' in value);

/** Carries out what was typed and gives the answer, for that person alone. Never throws. */
export async function answerCommand<App>(
  context: SlackContext,
  { commands, app }: Commands<App>,
  typed: Typed,
): Promise<Message> {
  const { config, access, logger } = context;
  const { command: slash } = config.slack;
  try {
    const refusal = await access.member(typed.user);
    if (refusal !== undefined) return notice(refusal, 'refused');
    const targets = targetsOf(config);
    const found = findCommand(commands, targets, splitWords(asTyped(typed.text)));
    if (found.kind === 'unknown') return unknown(slash, found);
    const { command, words } = found;
    if (command.slack === undefined) {
      return notice(`\`${command.name}\` is there on the command line only. Try \`${slash} help\`.`, 'warning');
    }
    const parsed = parseWords(command, words);
    if (!parsed.ok) {
      const usage = `\`${escapeText([slash, command.name, command.usage].join(' '))}\``;
      return notice(`${escapeText(parsed.problem)}\nUsage: ${usage}`, 'warning');
    }
    const named = words.filter((word) => isTarget(targets, word));
    // An alias can only be told apart where a target is meant; elsewhere a word may be anything.
    const target = command.target?.(parsed.args);
    const meant = new Set(target === undefined ? named : [...named, target]);
    for (const each of meant) {
      const closed = await access.target({ user: typed.user, channel: typed.channel }, each);
      if (closed !== undefined) return notice(closed, 'refused');
    }
    const ask = { userId: typed.user, channelId: typed.channel, channelName: typed.channelName };
    const { text, blocks } = await command.slack(app, parsed.args, ask);
    return { text, blocks: z.array(block).parse(blocks ?? []) };
  } catch (error) {
    const id = error instanceof TrailCheckError ? error.id : errorId();
    logger.error({ err: error, errorId: id, user: typed.user }, 'a command failed');
    const what = error instanceof TrailCheckError ? describeError(error) : 'Something went wrong.';
    return notice(`${escapeText(what)} (error ${id})`, 'error');
  }
}

function unknown(slash: string, { word, suggestion }: { word: string; suggestion: string | undefined }): Message {
  const hint = suggestion === undefined ? '' : ` Did you mean \`${slash} ${suggestion}\`?`;
  const said = escapeText(word.slice(0, 100).replaceAll('`', "'"));
  return notice(`There is no environment, account or command \`${said}\`.${hint} Try \`${slash} help\`.`, 'warning');
}

/** What a command may be asked about by name alone: environments, and accounts that the configuration names. */
function targetsOf({ environments }: Config): string[] {
  const accounts = Object.values(environments).flatMap(({ accounts: listed = [] }) =>
    listed.flatMap(({ name }) => name ?? []),
  );
  return [...new Set([...Object.keys(environments), ...accounts])];
}

function isTarget(targets: readonly string[], word: string): boolean {
  return targets.includes(word) || /^\d{12}$/.test(word);
}

/** Slack writes three characters of what was typed as entities. */
function asTyped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
