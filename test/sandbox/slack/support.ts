import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { type SimulatedSlack, type SlackOptions, startSlack } from '../../../src/sandbox/slack/server.ts';

export type Answer = Record<string, unknown> & { ok?: boolean; error?: string; message?: string };
export type Shown = {
  ts: string;
  thread_ts: string | null;
  channel: string;
  user: string;
  text: string;
  blocks: unknown[];
  ephemeral_to: string | null;
};

/** Starts a workspace that the test's end closes. */
export async function withSlack(
  closers: (() => Promise<unknown>)[],
  options: SlackOptions = {},
): Promise<SimulatedSlack> {
  const slack = await startSlack(options);
  closers.unshift(slack.close);
  return slack;
}

/** A real Bolt app over Socket Mode with its own client options, connected before `use` is over. */
export async function boltApp(
  slack: SimulatedSlack,
  closers: (() => Promise<unknown>)[],
  use: (app: App) => void,
  connections = 1,
): Promise<App> {
  const receivers = Array.from(
    { length: connections },
    () =>
      new SocketModeReceiver({
        appToken: slack.appToken,
        logLevel: LogLevel.ERROR,
        installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
      }),
  );
  const [first, ...others] = receivers;
  if (!first) throw new Error('at least one connection');
  const app = new App({
    token: slack.botToken,
    receiver: first,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
    convoStore: false,
  });
  use(app);
  await first.start();
  for (const receiver of others) {
    receiver.init(app);
    await receiver.start();
  }
  for (const receiver of receivers) closers.unshift(() => receiver.client.disconnect());
  return app;
}

export async function control(slack: SimulatedSlack, what: string, body: object): Promise<Answer> {
  const response = await fetch(`${slack.url}/_control/${what}`, { method: 'POST', body: JSON.stringify(body) });
  return parsed(await response.json());
}

export async function shown(slack: SimulatedSlack, query = ''): Promise<Shown[]> {
  const response = await fetch(`${slack.url}/_control/messages?${query}`);
  return (await response.json()) as Shown[];
}

export async function read(slack: SimulatedSlack, path: string): Promise<unknown> {
  return (await fetch(`${slack.url}${path}`)).json();
}

/** Calls the Web API with a form, as Slack's own client does. */
export async function api(
  slack: SimulatedSlack,
  method: string,
  args: object,
  token = slack.botToken,
): Promise<Answer> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(args)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${slack.apiUrl}${method}`, { method: 'POST', headers, body: form });
  return { ...parsed(await response.json()), status: response.status, wait: response.headers.get('retry-after') };
}

function parsed(value: unknown): Answer {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
