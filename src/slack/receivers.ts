import { createServer } from 'node:http';
import { App, type Logger as BoltLogger, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import type { Config } from '../config/config.ts';
import type { SlackConnection } from '../config/slack.ts';
import type { Health } from '../ops/health.ts';
import { clientOptions } from './clients.ts';
import { SlackUnavailable } from './errors.ts';

/** Two, because one is deaf for five seconds whenever Slack moves it to another host (decision 56). */
const SOCKETS = 2;
/** Until a socket that does not answer is left to itself. */
const DISCONNECT_MS = 2_000;

/** Who the bot is in the workspace, as `auth.test` says. */
export interface BotIdentity {
  botToken: string;
  botId: string;
  botUserId: string;
  teamId: string;
}

export interface Receivers {
  app: App;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Throws when nothing that people do reaches us. */
  probe(): void;
}

interface Parts {
  config: Config;
  connection: SlackConnection;
  identity: BotIdentity;
  logger: BoltLogger;
  health: Health;
}

/** The way in: two sockets, or one signed HTTP endpoint. `/healthz` and `/readyz` are served at `slack.port` in both. */
export function createReceivers(parts: Parts): Receivers {
  return parts.connection.mode === 'socket'
    ? socketReceivers(parts, parts.connection.appToken)
    : httpReceiver(parts, parts.connection);
}

function socketReceivers(parts: Parts, appToken: string): Receivers {
  const { config, logger, health } = parts;
  const receivers = Array.from(
    { length: SOCKETS },
    () => new SocketModeReceiver({ appToken, logger, installerOptions: { clientOptions: clientOptions(config) } }),
  );
  const [first, ...others] = receivers;
  if (first === undefined) throw new SlackUnavailable('no socket is configured');
  const app = createApp(parts, first);
  for (const receiver of others) receiver.init(app);
  const server = createServer((request, response) => {
    if (!health.handle(request, response)) response.writeHead(404).end();
  });
  return {
    app,
    async start() {
      await opened(config.slack.port, (resolve, reject) => {
        server.once('error', reject);
        server.listen(config.slack.port, resolve);
      });
      await Promise.all(receivers.map((receiver) => receiver.start()));
    },
    async stop() {
      // `app.stop()` would stop the first one only, and not wait for it.
      await Promise.all(receivers.map(({ client }) => atMost(client.disconnect(), DISCONNECT_MS)));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
    probe() {
      if (!receivers.some(({ client }) => client.websocket?.isActive() === true)) {
        throw new SlackUnavailable('no socket to Slack is open', { next: 'It is opened again by itself.' });
      }
    },
  };
}

function httpReceiver(parts: Parts, { signingSecret, port }: { signingSecret: string; port: number }): Receivers {
  const { logger, health } = parts;
  const receiver = new HTTPReceiver({
    signingSecret,
    logger,
    customRoutes: ['/healthz', '/readyz'].map((path) => ({
      path,
      method: 'GET',
      handler: (request, response) => void health.handle(request, response),
    })),
  });
  let listening = false;
  return {
    app: createApp(parts, receiver),
    async start() {
      await opened(port, (resolve, reject) => void receiver.start(port).then(() => resolve(), reject));
      listening = true;
    },
    async stop() {
      if (listening) await receiver.stop();
      listening = false;
    },
    probe() {
      if (!listening) throw new SlackUnavailable('the endpoint for Slack is not open');
    },
  };
}

function createApp({ config, identity, logger }: Parts, receiver: SocketModeReceiver | HTTPReceiver): App {
  return new App({
    receiver,
    logger,
    // With a token Bolt would ask Slack who we are on its own; this is the answer.
    authorize: async () => ({ ...identity }),
    clientOptions: { ...clientOptions(config), logger },
    convoStore: false,
  });
}

async function opened(
  port: number,
  open: (resolve: () => void, reject: (error: unknown) => void) => void,
): Promise<void> {
  try {
    await new Promise<void>(open);
  } catch (cause) {
    throw new SlackUnavailable(`port ${port} could not be opened`, {
      what: cause instanceof Error ? cause.message : String(cause),
      next: 'Choose another one as slack.port, or end the program that has it.',
      cause,
    });
  }
}

async function atMost(work: Promise<void>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
