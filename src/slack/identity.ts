import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Workspace } from './directory.ts';
import { SlackUnavailable, slackCode } from './errors.ts';
import type { BotIdentity } from './receivers.ts';

const shape = z.object({
  team_id: z.string(),
  user_id: z.string(),
  bot_id: z.string(),
  enterprise_id: z.string().nullish(),
});

/** Asks Slack once who the bot is. Throws when the token does not work. */
export function createIdentity(web: WebClient, botToken: string): () => Promise<BotIdentity & Workspace> {
  let asked: Promise<BotIdentity & Workspace> | undefined;
  return () => {
    asked ??= ask(web, botToken).catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

async function ask(web: WebClient, botToken: string): Promise<BotIdentity & Workspace> {
  try {
    const { team_id, user_id, bot_id, enterprise_id } = shape.parse(await web.auth.test());
    return { botToken, botId: bot_id, botUserId: user_id, teamId: team_id, enterpriseId: enterprise_id ?? undefined };
  } catch (error) {
    const code = slackCode(error);
    throw new SlackUnavailable(code === undefined ? 'Slack cannot be reached' : 'Slack does not accept the bot token', {
      what: code === undefined ? 'auth.test' : `auth.test: ${code}`,
      next: code === undefined ? 'Check the network, and SLACK_API_URL if it is set.' : 'Check SLACK_BOT_TOKEN.',
      cause: error,
    });
  }
}
