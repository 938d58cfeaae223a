import type { Config } from './config.ts';
import type { Problem } from './problem.ts';

export type SlackConnection =
  | { mode: 'socket'; botToken: string; appToken: string }
  | { mode: 'http'; botToken: string; signingSecret: string; port: number };

/** The secrets that the chosen mode needs, or what is missing. Only `serve` needs them, so loading does not ask. */
export function slackConnection({
  slack,
  secrets,
}: Config): { ok: true; slack: SlackConnection } | { ok: false; problems: Problem[] } {
  const { slackBotToken: botToken, slackAppToken: appToken, slackSigningSecret: signingSecret } = secrets;
  if (slack.mode === 'socket' && botToken && appToken)
    return { ok: true, slack: { mode: 'socket', botToken, appToken } };
  if (slack.mode === 'http' && botToken && signingSecret) {
    return { ok: true, slack: { mode: 'http', botToken, signingSecret, port: slack.port } };
  }
  const needed: [string, string | undefined, string][] = [
    ['SLACK_BOT_TOKEN', botToken, 'the bot token (xoxb-…) from OAuth & Permissions of the Slack app'],
    slack.mode === 'socket'
      ? ['SLACK_APP_TOKEN', appToken, 'an app-level token (xapp-…) with connections:write; or choose slack.mode http']
      : ['SLACK_SIGNING_SECRET', signingSecret, 'the signing secret from Basic Information of the Slack app'],
  ];
  const problems = needed
    .filter(([, value]) => value === undefined)
    .map(([path, , what]) => ({ file: 'environment', path, message: `is not set; it must hold ${what}` }));
  return { ok: false, problems };
}
