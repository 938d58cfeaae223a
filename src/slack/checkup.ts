import { WebClient } from '@slack/web-api';
import type { Config } from '../config/config.ts';
import type { SlackConnection } from '../config/slack.ts';
import type { Directory } from '../fixes/people.ts';
import type { Diagnosis } from '../ops/diagnosis.ts';
import { TrailCheckError } from '../ops/error.ts';
import type { Logger } from '../ops/logger.ts';
import { boltLogger } from './bolt-logger.ts';
import { createChannels } from './channels.ts';
import { clientOptions, createClients } from './clients.ts';
import { createDirectory } from './directory.ts';
import { slackCode } from './errors.ts';
import { createIdentity } from './identity.ts';
import { BOT_SCOPES } from './scopes.ts';

export interface Checkup {
  found: Diagnosis[];
  /** People and groups, where the bot token works. */
  directory: Directory | undefined;
}

interface CheckupParts {
  config: Config;
  connection: SlackConnection;
  logger: Logger;
  now: () => Date;
}

/** Tokens, scopes and channels, without connecting: what the bot would run into. */
export async function examineSlack({ config, connection, logger, now }: CheckupParts): Promise<Checkup> {
  const slackLogger = boltLogger(logger);
  const { web } = createClients(config, connection.botToken, slackLogger);
  const identity = createIdentity(web, connection.botToken);
  const found: Diagnosis[] = [];
  try {
    const { teamId, botUserId } = await identity();
    found.push(ok(`The bot token works: user ${botUserId} of workspace ${teamId}.`));
  } catch (error) {
    return { found: [problem(error)], directory: undefined };
  }
  found.push(...(await grantedScopes(web)));
  if (connection.mode === 'socket') {
    const options = { ...clientOptions(config), logger: slackLogger, retryConfig: { retries: 1 } };
    found.push(await appToken(new WebClient(connection.appToken, options)));
  }
  const channels = createChannels(web, now);
  for (const channel of channelsOf(config)) found.push(await reachable(channels, channel));
  return { found, directory: createDirectory(web, { now, workspace: identity }) };
}

/** Slack names the scopes of a token in the head of every answer. */
async function grantedScopes(web: WebClient): Promise<Diagnosis[]> {
  const { response_metadata: metadata } = await web.auth.test();
  const granted = new Set(metadata?.scopes ?? []);
  const missing = BOT_SCOPES.filter((scope) => !granted.has(scope));
  if (missing.length === 0) return [ok('The bot has every scope of deploy/slack-manifest.json.')];
  const next = 'Add them under OAuth & Permissions of the Slack app, or update its manifest, and install it again.';
  return [{ level: 'problem', area: 'Slack', what: `The bot lacks the scopes ${missing.join(', ')}.`, next }];
}

async function appToken(web: WebClient): Promise<Diagnosis> {
  try {
    await web.apps.connections.open({});
    return ok('The app-level token opens connections.');
  } catch (error) {
    const next = 'Make an app-level token with connections:write under Basic Information, and set SLACK_APP_TOKEN.';
    const what = `Slack does not accept the app-level token: ${slackCode(error) ?? 'no answer'}.`;
    return { level: 'problem', area: 'Slack', what, next };
  }
}

function channelsOf({ slack, audit, environments }: Config): string[] {
  const named = [
    slack.channel,
    audit.channel,
    ...Object.values(environments).flatMap(({ channels }) => channels ?? []),
  ];
  return [...new Set(named.filter((channel) => channel !== undefined))];
}

async function reachable(channels: ReturnType<typeof createChannels>, channel: string): Promise<Diagnosis> {
  try {
    const found = await channels.info(await channels.id(channel));
    if (found === undefined) {
      const next = 'Invite the bot there with /invite, or correct the channel in the configuration.';
      return { level: 'problem', area: 'Slack', what: `The bot cannot see the channel ${channel}.`, next };
    }
    if (found.shared) {
      const next = 'Name a channel of your own: nothing is shown in shared ones.';
      return { level: 'problem', area: 'Slack', what: `The channel ${channel} is shared with another company.`, next };
    }
    return ok(`The channel ${channel} can be reached.`);
  } catch (error) {
    return problem(error);
  }
}

function ok(what: string): Diagnosis {
  return { level: 'ok', area: 'Slack', what };
}

function problem(error: unknown): Diagnosis {
  const code = slackCode(error);
  if (error instanceof TrailCheckError) {
    return {
      level: 'problem',
      area: 'Slack',
      what: `${error.message}.`,
      ...(error.next === undefined ? {} : { next: error.next }),
    };
  }
  return {
    level: 'problem',
    area: 'Slack',
    what: `Slack did not answer: ${code ?? 'no connection'}.`,
    next: 'Try again.',
  };
}
