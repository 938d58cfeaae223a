import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../command/command.ts';
import type { Config } from '../config/config.ts';
import type { SlackConnection } from '../config/slack.ts';
import type { FixView } from '../fixes/fix.ts';
import type { Directory } from '../fixes/people.ts';
import type { Fixes } from '../fixes/service.ts';
import type { Health } from '../ops/health.ts';
import type { Logger } from '../ops/logger.ts';
import type { Catalogue } from '../posture/catalogue.ts';
import type { Posture } from '../posture/runs.ts';
import type { Store, Tx } from '../store/store.ts';
import type { AuditAnchor } from '../store/verify-audit.ts';
import { type Access, createAccess } from './access.ts';
import { announce } from './announce.ts';
import { postedAnchors } from './audit-anchors.ts';
import { boltLogger } from './bolt-logger.ts';
import { createChannels } from './channels.ts';
import { createClients } from './clients.ts';
import { createPace } from './delivery/pace.ts';
import { startDelivery } from './delivery/worker.ts';
import { createDirectory } from './directory.ts';
import { createIdentity } from './identity.ts';
import { type ListenContext, listen } from './listen.ts';
import { createReceivers, type Receivers } from './receivers.ts';

export interface SlackParts<App> {
  config: Config;
  connection: SlackConnection;
  store: Store;
  /** Late: fixes need `directory` and `announce`, and Slack needs fixes. */
  fixes: () => Fixes;
  posture: Pick<Posture, 'request' | 'latest'>;
  catalogue: Catalogue;
  commands: ReadonlyMap<string, Command<App>>;
  /** What commands are handed. */
  app: App;
  logger: Logger;
  now: () => Date;
  health: Health;
  version: string;
}

/** The bot: what people do comes in through it, and what is said goes out through it. */
export interface Slack {
  directory: Directory;
  /** Who may see what, for commands that answer about several environments at once. */
  access: Access;
  /** Says a fix anew wherever it shows; inside the transaction that moved it. */
  announce(tx: Tx, fix: FixView): Promise<void>;
  /** Anchors of the audit log in what the bot itself has said in a channel. Rejects where it may not look. */
  postedAnchors(channel: string): Promise<AuditAnchor[]>;
  /** Connects and begins to deliver. Throws when Slack does not accept the tokens. */
  start(): Promise<void>;
  /** Lets what was begun end, for a few seconds; what is not said yet is said by the next process. */
  stop(): Promise<void>;
}

/** How long clicks and commands that were begun may still take at the end, in milliseconds. */
const DRAIN_MS = 5_000;

export function createSlack<App>(parts: SlackParts<App>): Slack {
  const { config, connection, store, fixes, posture, catalogue, logger, now, health } = parts;
  const slackLogger = boltLogger(logger);
  const { web, delivery } = createClients(config, connection.botToken, slackLogger);
  const identity = createIdentity(web, connection.botToken);
  const channels = createChannels(web, now);
  const directory = createDirectory(web, { now, workspace: identity });
  const access = createAccess({ config, directory, channels });
  const context: ListenContext = {
    ...{ config, store, fixes, posture, catalogue, web, directory, access, channels, logger, now },
  };
  let receivers: Receivers | undefined;
  let endDelivery: (() => void) | undefined;
  let stopped = false;
  let underWay = 0;

  health.add('slack', () => {
    if (receivers === undefined) throw new Error('not connected yet');
    receivers.probe();
  });

  return {
    directory,
    access,
    announce,
    postedAnchors: async (channel) =>
      postedAnchors(web, { channel: await channels.id(channel), botId: (await identity()).botId }),
    async start() {
      const who = await identity();
      receivers = createReceivers({ config, connection, identity: who, logger: slackLogger, health });
      receivers.app.use(async ({ next }) => {
        underWay += 1;
        try {
          await next();
        } finally {
          underWay -= 1;
        }
      });
      listen(receivers.app, context, parts);
      endDelivery = await startDelivery({
        ...{ store, fixes, catalogue, config, logger, now, channels },
        web: delivery,
        pace: createPace(now),
        stopped: () => stopped,
      });
      await receivers.start();
      logger.info({ mode: connection.mode, team: who.teamId, version: parts.version }, 'connected to Slack');
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      endDelivery?.();
      await receivers?.stop();
      const until = Date.now() + DRAIN_MS;
      while (underWay > 0 && Date.now() < until) await sleep(20);
    },
  };
}
