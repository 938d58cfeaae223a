import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Aws, createAws } from './aws/aws.ts';
import type { Command } from './command/command.ts';
import type { AwsConfig, Config } from './config/config.ts';
import { formatProblems } from './config/problem.ts';
import { slackConnection } from './config/slack.ts';
import type { Source } from './config/source.ts';
import { type Audit, createAudit } from './fixes/audit/service.ts';
import type { FixesContext } from './fixes/context.ts';
import { configInForce } from './fixes/in-force.ts';
import { createFixes, type Fixes } from './fixes/service.ts';
import type { Diagnosis } from './ops/diagnosis.ts';
import { TrailCheckError } from './ops/error.ts';
import { createHealth, type Health } from './ops/health.ts';
import type { Logger } from './ops/logger.ts';
import { type Catalogue, loadCatalogue } from './posture/catalogue.ts';
import { createPosture, type Posture } from './posture/runs.ts';
import { settingsProblems } from './posture/settings-problems.ts';
import { keepParts, latestSnapshot } from './posture/snapshots.ts';
import { createSchedule } from './schedule/schedule.ts';
import { type Checkup, examineSlack } from './slack/checkup.ts';
import { createSlack, type Slack } from './slack/slack.ts';
import { refresh } from './snapshot/refresh.ts';
import type { Sandbox } from './start-sandbox.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';

export type AppCommand = Command<App>;

/** What commands are handed. Parts are built on first use, so that `checks` opens no database and asks nobody. */
export interface App {
  readonly config: Config;
  /** Tells where things stand in the configuration file. */
  readonly source: Source;
  readonly version: string;
  readonly logger: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  commands(): Promise<ReadonlyMap<string, AppCommand>>;
  catalogue(): Promise<Catalogue>;
  /** The way to AWS; with `reader`, under another role than the configured one. */
  aws(reader?: AwsConfig['reader']): Aws;
  /** The simulators this process runs against, if any. */
  readonly sandbox: Sandbox | undefined;
  /** The database, opened on first use. Throws when another process has its folder. */
  store(): Promise<Store>;
  /** The audit log without Slack. */
  audit(): Promise<Audit>;
  /** Looks at what the bot would find in Slack, without connecting it. */
  slackCheckup(): Promise<Checkup>;
  /** The bot with everything behind it, ready to be started. */
  bot(): Promise<Bot>;
  close(): Promise<void>;
}

export interface Bot {
  store: Store;
  posture: Posture;
  fixes: Fixes;
  audit: Audit;
  slack: Slack;
  health: Health;
  /** Takes up work: job handlers, what a dead process left behind, then Slack. */
  start(): Promise<void>;
}

const HERE = fileURLToPath(new URL('..', import.meta.url));
/** How often expired fixes and lapsed leases are looked for. */
const SWEEP_EVERY_MS = 5_000;
/** How often copies of the audit log are looked after; each limits itself further. */
const MIRROR_EVERY_MS = 15_000;

export interface AppOptions {
  config: Config;
  /** Tells where check settings stand in the file, for problems with them. */
  source: Source;
  logger: Logger;
  env: Readonly<Record<string, string | undefined>>;
  sandbox?: Sandbox | undefined;
  /** Settles when the data folder may be opened. */
  folderReady?: Promise<void> | undefined;
  now?: () => Date;
}

/** The composition root: the only place that builds parts and wires them. */
export function createApp({
  config,
  source,
  logger,
  env,
  sandbox,
  folderReady,
  now = () => new Date(),
}: AppOptions): App {
  const closers: (() => Promise<void> | void)[] = [];
  const catalogue = once(async () => {
    const checks = await loadCatalogue(`${HERE}checks`);
    const problems = settingsProblems(config, checks, source);
    if (problems.length > 0)
      throw new TrailCheckError('Settings of checks are wrong', { next: formatProblems(problems) });
    return checks;
  });
  const ownAws = once(() => openAws(config.aws));
  const aws: App['aws'] = (reader) => (reader === undefined ? ownAws() : openAws({ ...config.aws, reader }));
  const commands = once(loadCommands);
  const store = once(() => openDatabase());
  const bot = once(() => createBot());
  const owner = `${process.pid}-${randomBytes(6).toString('hex')}`;

  const app: App = {
    config,
    source,
    version: version(),
    logger,
    env,
    now,
    commands,
    catalogue,
    aws,
    sandbox,
    store,
    audit: async () => auditOn(await store()),
    slackCheckup,
    bot,
    async close() {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
  return app;

  function openAws(awsConfig: AwsConfig): Aws {
    const made = createAws({ config: awsConfig, now, logger, env });
    closers.push(() => made.close());
    return made;
  }

  async function slackCheckup(): Promise<Checkup> {
    const connection = slackConnection(config);
    if (connection.ok) {
      return examineSlack({ config, connection: connection.slack, logger, now });
    }
    const found = connection.problems.map(
      ({ path, message }): Diagnosis => ({ level: 'problem', area: 'Slack', what: `${path} ${message}.` }),
    );
    return { found, directory: undefined };
  }

  async function createBot(): Promise<Bot> {
    const connection = slackConnection(config);
    if (!connection.ok) {
      throw new TrailCheckError('Slack is not configured', { next: formatProblems(connection.problems) });
    }
    const store = await app.store();
    const health = createHealth();
    const checks = await catalogue();
    const posture = createPosture({
      aws: aws(),
      store,
      config,
      inForce: () => configInForce({ store, config }),
      catalogue: checks,
      logger,
      owner,
      propose: (scan) => fixes.propose(scan),
    });
    const slack = createSlack({
      config,
      connection: connection.slack,
      store,
      posture,
      fixes: () => fixes,
      catalogue: checks,
      commands: await commands(),
      app,
      logger,
      now,
      health,
      version: app.version,
    });
    closers.push(() => slack.stop());
    const fixes: Fixes = createFixes({
      store,
      config,
      catalogue: checks,
      reading: readingFor(store),
      directory: slack.directory,
      fixer: (account, fence) => aws().fixer(account, fence),
      announce: slack.announce,
      logger,
      owner,
      sleep: async (ms) => {
        await sleep(ms);
      },
    });
    const audit = auditOn(store, slack);
    const schedule = createSchedule({
      config,
      store,
      now,
      logger,
      async run() {
        for (const [target, { channels }] of Object.entries(config.environments)) {
          const channel = channels?.[0] ?? config.slack.channel;
          if (channel !== undefined) await posture.request({ target, channel, trigger: 'scheduled' });
        }
      },
    });
    closers.push(() => schedule.stop());
    return {
      store,
      posture,
      fixes,
      audit,
      slack,
      health,
      async start() {
        await store.work('run', ({ runId }) => posture.execute(runId));
        await store.work('fix.apply', ({ fixId }) => fixes.apply(fixId));
        await store.work('fix.follow-up', ({ fixId }) => fixes.followUp(fixId));
        await fixes.noteConfiguration();
        await fixes.sweep();
        const timer = setInterval(() => {
          fixes.sweep().catch((error: unknown) => logger.error({ err: error }, 'sweeping fixes failed'));
        }, SWEEP_EVERY_MS);
        closers.push(() => clearInterval(timer));
        mirrorFromNowOn(audit);
        await slack.start();
        await schedule.start();
        fixes
          .reportProblems()
          .catch((error: unknown) => logger.warn({ err: error }, 'policies could not be looked at'));
      },
    };
  }

  async function openDatabase(): Promise<Store> {
    await folderReady;
    const { databaseUrl } = config.secrets;
    const opened = await openStore(databaseUrl === undefined ? { dataDir: config.store.dataDir } : { databaseUrl }, {
      now,
      logger,
      ...(env.TRAIL_CHECK_AUDIT_KEY === undefined ? {} : { auditKey: env.TRAIL_CHECK_AUDIT_KEY }),
    });
    closers.push(() => opened.close());
    return opened;
  }

  function auditOn(store: Store, slack?: Slack): Audit {
    return createAudit({
      ...{ store, config, logger, owner, key: env.TRAIL_CHECK_AUDIT_KEY },
      reader: (account) => aws().reader(account),
      exporter({ account, role, externalId, name, region, prefix }) {
        const entry = role === undefined ? undefined : { role, ...(externalId === undefined ? {} : { externalId }) };
        return aws().exporter(account, entry, { to: 'bucket', name, region, prefix });
      },
      ...(slack === undefined ? {} : { posted: slack.postedAnchors }),
    });
  }

  function mirrorFromNowOn(audit: Audit): void {
    let last: Promise<void> | undefined;
    const timer = setInterval(() => {
      last = audit.sweep().catch((error: unknown) => logger.error({ err: error }, 'mirroring the audit log failed'));
    }, MIRROR_EVERY_MS);
    closers.push(async () => {
      clearInterval(timer);
      await last;
    });
  }

  function readingFor(store: Store): FixesContext['reading'] {
    return {
      latest: (target) => latestSnapshot(store, target),
      refresh: async (snapshot, keys) => (await refresh({ aws: aws(), snapshot, keys, config, now: now() })).snapshot,
      keep: (snapshot, keys) => keepParts(store, snapshot, keys),
    };
  }
}

/** `commands/<name>.ts`, one command a file. */
async function loadCommands(): Promise<ReadonlyMap<string, AppCommand>> {
  const files = (await readdir(`${HERE}commands`)).filter((file) => file.endsWith('.ts')).sort();
  const loaded = await Promise.all(
    files.map(async (file) => {
      const module: { default: AppCommand } = await import(pathToFileURL(`${HERE}commands/${file}`).href);
      return [module.default.name, module.default] as const;
    }),
  );
  return new Map(loaded);
}

/** Names of the commands, from their files: an environment must not have one of them. */
export async function commandNames(): Promise<string[]> {
  const files = await readdir(`${HERE}commands`);
  return files.filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -'.ts'.length));
}

function version(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(`${HERE}package.json`, 'utf8'));
  return manifest.version;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
