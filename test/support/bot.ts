import { createServer } from 'node:http';
import { z } from 'zod';
import type { Finding } from '../../src/check/finding.ts';
import { type Command, defineCommand } from '../../src/command/command.ts';
import type { Config } from '../../src/config/config.ts';
import { fileSchema } from '../../src/config/schema/file.ts';
import { type FixView, type Proposal, viewOf } from '../../src/fixes/fix.ts';
import { createFixes, type Fixes } from '../../src/fixes/service.ts';
import { createHealth, type Health } from '../../src/ops/health.ts';
import { createLogger } from '../../src/ops/logger.ts';
import type { AnyCheck } from '../../src/posture/catalogue.ts';
import { checkKey, type Posture, runKey } from '../../src/posture/runs.ts';
import { toResult } from '../../src/posture/stored-finding.ts';
import { type SimulatedSlack, startSlack } from '../../src/sandbox/slack/server.ts';
import { createSlack, type Slack } from '../../src/slack/slack.ts';
import { createFix, transition } from '../../src/store/fixes.ts';
import { finishRun, latestRuns, requestRun, startRun } from '../../src/store/runs.ts';
import { saveResults } from '../../src/store/save-findings.ts';
import type { Store } from '../../src/store/store.ts';
import { change, finding, fixView, plan, summary } from '../slack/blocks/support.ts';
import { openTestStore } from './store.ts';
import { driveWorkspace, type Workspace } from './workspace.ts';

export const CHANNEL = 'C0AUDITTRAIL';
export const APPROVERS = ['@trail-approvers'];
const OWNER = 'test';

/** What the commands of these tests are handed. */
interface TestApp {
  posture: Pick<Posture, 'request' | 'latest'>;
}

export interface BotOptions {
  /** What stands in trail-check.yaml, over a `prod` environment and approvers. */
  file?: object;
  mode?: 'socket' | 'http';
  catalogue?: ReadonlyMap<string, AnyCheck>;
  /** What comes from the environment. */
  secrets?: Config['secrets'];
  /** Milliseconds since 1970, of Slack, the store and the bot. */
  now?: () => number;
}

/** The workspace with the views of a person as they are now, open or not. */
export interface TestWorkspace extends Workspace {
  views(role: string): Promise<{ modal: unknown; home: unknown }>;
}

export interface TestBot {
  slack: SimulatedSlack;
  workspace: TestWorkspace;
  bot: Slack;
  store: Store;
  fixes: Fixes;
  health: Health;
  /** Ids of the fixes whose execution was asked for, each as often as it was. */
  executed: string[];
  /** Lines that were logged at `warn` and above. */
  logged: string[];
  /** The address of the endpoint for Slack and for health. */
  url: string;
  /** Begins a run that is asked for and lets it end with these failing findings, each with a fix. */
  scanned(findings: readonly Finding[], options?: { target?: string }): Promise<{ run: string; fixes: FixView[] }>;
  /** What happens when an approved fix is carried out: it moves through its states, and nothing is read or written. */
  carryOut(fixId: string): Promise<void>;
  close(): Promise<void>;
}

/** The real bot between a simulated workspace and a real store; of the estate there are only the given findings. */
export async function startBot(options: BotOptions = {}): Promise<TestBot> {
  const now = options.now ?? Date.now;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const slack = await startSlack({
    now,
    ...(options.mode === 'http' ? { delivery: { kind: 'http', url: `${url}/slack/events` } } : {}),
  });
  const clock = () => new Date(now());
  const { store, close: closeStore } = await openTestStore({ now: clock });
  const config = { ...testConfig({ ...options.file }, { slack, port }), secrets: options.secrets ?? {} };
  const logged: string[] = [];
  const logger = createLogger({ level: 'warn', destination: { write: (line) => logged.push(line) } });
  const health = createHealth();
  const executed: string[] = [];
  const posture = testPosture(store);
  const catalogue = options.catalogue ?? new Map([[CHECK.id, CHECK]]);
  const app: TestApp = { posture };

  const bot = createSlack<TestApp>({
    ...{ config, store, posture, catalogue, app, logger, health, commands: COMMANDS },
    connection:
      options.mode === 'http'
        ? { mode: 'http', botToken: slack.botToken, signingSecret: slack.signingSecret, port }
        : { mode: 'socket', botToken: slack.botToken, appToken: slack.appToken },
    fixes: () => fixes,
    now: clock,
    version: '0.0.0',
  });
  const nothing = () => {
    throw new Error('AWS is not there in this test');
  };
  const fixes: Fixes = createFixes({
    ...{ store, config, catalogue, logger },
    reading: { latest: async () => undefined, refresh: nothing, keep: nothing },
    directory: bot.directory,
    fixer: nothing,
    announce: bot.announce,
    owner: OWNER,
    sleep: async () => undefined,
  });
  await store.work('fix.apply', async ({ fixId }) => {
    executed.push(fixId);
  });

  const test: TestBot = {
    ...{ slack, bot, store, fixes, health, executed, logged, url },
    workspace: {
      ...driveWorkspace(`${slack.url}/_control`),
      views: async (role) => JSON.parse(await (await fetch(`${slack.url}/_control/views?role=${role}`)).text()),
    },
    scanned: (findings, { target = 'prod' } = {}) => scanned(store, fixes, findings, target),
    async carryOut(fixId) {
      for (const [from, to] of [
        ['approved', 'applying'],
        ['applying', 'verifying'],
        ['verifying', 'fixed'],
      ] as const) {
        await store.transaction(async (tx) => {
          const progress = { changes: [{ state: 'done', requestId: 'req-1' }] };
          await transition(tx, fixId, from, to, { progress });
          const row = await tx.query.selectFrom('fixes').selectAll().where('id', '=', fixId).executeTakeFirstOrThrow();
          await bot.announce(tx, viewOf(row));
        });
      }
    },
    async close() {
      await bot.stop();
      await closeStore();
      await slack.close();
    },
  };
  return test;
}

function testConfig(file: object, { slack, port }: { slack: SimulatedSlack; port: number }): Config {
  const parsed = fileSchema({ commands: [...COMMANDS.keys()], now: new Date() }).parse({
    environments: { prod: { accounts: ['111111111111'] } },
    approval: { default: { approve: APPROVERS } },
    ...file,
  });
  return {
    ...parsed,
    aws: { ...parsed.aws, region: 'us-east-1' },
    slack: { ...parsed.slack, port, apiUrl: slack.apiUrl },
    logLevel: 'silent',
    secrets: {},
  };
}

/** A check of which the bot only shows the words. */
export const CHECK: AnyCheck = {
  ...{ id: 'trail/log-file-validation', title: 'Log file validation is on', severity: 'medium', scope: 'trail' },
  rationale: 'Without signed digests nobody can show that a log file was not changed.',
  pass: 'Log file validation is on.',
  ...{ seed: [], needs: [], events: [], controls: { 'cis_3.0': ['3.2'] }, settings: z.unknown() },
  fix: { class: 'auto', risk: 'safe', reversible: 'yes', operations: [] },
  evaluate: () => ({ verdict: 'pass' }),
};

export function failing(id: string, changes: Partial<Finding> = {}): Finding {
  return finding({ id, ...changes });
}

const define = defineCommand<TestApp>();
const commands: Command<TestApp>[] = [
  define({
    ...{ name: 'scan', summary: 'Checks a target', usage: '<target>', options: {} },
    args: z.object({ _: z.tuple([z.string()]) }),
    async slack({ posture }, { _: [target] }, { channelId, userId }) {
      await posture.request({ target, channel: channelId, user: userId, trigger: 'asked' });
      return { text: `Reading ${target}` };
    },
  }),
  define({
    ...{ name: 'help', summary: 'Helps', usage: '', options: {} },
    args: z.object({ _: z.tuple([]) }),
    slack: async () => ({ text: 'Help', blocks: [{ type: 'section', text: { type: 'plain_text', text: 'Help' } }] }),
  }),
  define({
    ...{ name: 'boom', summary: 'Fails', usage: '', options: {} },
    args: z.object({}),
    slack: () => Promise.reject(new Error('the token xoxb-123 <!channel> is broken')),
  }),
  define({
    ...{ name: 'plan', summary: 'Terminal only', usage: '', options: {} },
    args: z.object({}),
    terminal: async () => 0,
  }),
];
const COMMANDS = new Map(commands.map((command) => [command.name, command]));

function testPosture(store: Store): Pick<Posture, 'request' | 'latest'> {
  return {
    request: ({ target, channel, user, trigger }) =>
      store.transaction(async (tx) => {
        const asked = await requestRun(tx, { target, trigger, ...(user === undefined ? {} : { requestedBy: user }) });
        const { id } = asked.run;
        await tx.say({ key: runKey(id, channel), channel, subject: { kind: 'run', id } });
        return asked;
      }),
    latest: (target, limit = 10) => latestRuns(store.query, { limit, ...(target === undefined ? {} : { target }) }),
  };
}

async function scanned(store: Store, fixes: Fixes, findings: readonly Finding[], target: string) {
  const { run } = await testPosture(store).request({ target, channel: CHANNEL, trigger: 'asked', user: 'U0REQUESTER' });
  await startRun(store.query, { id: run.id, owner: OWNER, at: store.now() });
  const made: FixView[] = [];
  const results = [];
  for (const each of findings) {
    if (each.fix === 'manual') {
      results.push(toResult(each, { kind: 'manual', steps: [{ text: 'Sign in as root.', command: 'aws s3api …' }] }));
      continue;
    }
    const fixId = await proposed(store, each, target);
    const view = await fixes.find(fixId);
    if (view !== undefined) made.push(view);
    results.push(toResult(each, { kind: 'fix', fixId }));
  }
  await saveResults(store, {
    run: run.id,
    takenAt: store.now(),
    findings: results,
    covered: { accounts: [], checks: [] },
  });
  const checks = [...new Set(findings.map(({ check }) => check))];
  const counts = {
    summary: summary({
      failing: checks.map((check) => ({
        ...{ check, title: 'Log file validation is on', severity: 'medium' },
        findings: findings.filter((each) => each.check === check).map(({ id }) => id),
      })),
    }),
  };
  await store.transaction(async (tx) => {
    await finishRun(tx, { id: run.id, owner: OWNER }, { counts, score: 51, complete: true, calls: 12 });
    const root = runKey(run.id, CHANNEL);
    await tx.say({ key: root, channel: CHANNEL, subject: { kind: 'run', id: run.id } });
    for (const check of checks) {
      const subject = { kind: 'check', id: `${run.id}/${check}` };
      await tx.say({ key: checkKey(run.id, check, CHANNEL), channel: CHANNEL, threadKey: root, subject });
    }
  });
  return { run: run.id, fixes: made };
}

async function proposed(store: Store, about: Finding, target: string): Promise<string> {
  const proposal: Proposal = {
    ...fixView().proposal,
    plan: plan({ findings: [about.id], check: about.check, changes: [change({ account: about.account })] }),
    ...{ target, finding: about, environments: { [about.account]: [target] } },
  };
  const made = await store.transaction((tx) =>
    createFix(tx, {
      ...{ key: about.id, findings: [about.id], check: about.check, accounts: [about.account], plan: proposal },
      ...{ planHash: `hash of ${about.id}`, class: 'auto', risk: 'safe', people: 1 },
    }),
  );
  if (made === undefined) throw new Error(`a fix of ${about.id} is open already`);
  return made.id;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
