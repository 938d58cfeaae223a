import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand, type Options, type Terminal } from '../src/command/command.ts';
import { describeError, TrailCheckError } from '../src/ops/error.ts';
import { exitStatus } from '../src/posture/exit-status.ts';
import { reportOf } from '../src/posture/report.ts';
import { scan } from '../src/posture/scan.ts';
import { findTarget, type Target, UnknownTarget } from '../src/posture/target.ts';
import { FORMATS, formatted } from '../src/report/formats/format.ts';
import { hubOf } from '../src/report/hub.ts';
import { importFindings, importText } from '../src/report/security-hub.ts';
import { progressBar } from '../src/report/terminal.ts';

const accountIds = z
  .string()
  .regex(/^\d{12}(,\d{12})*$/, 'takes account ids of twelve digits, parted by commas')
  .transform((list) => list.split(','));

/** What says which accounts are read, how, and for which checks; `plan` takes the same. */
export const READING_OPTIONS = {
  check: { type: 'string', multiple: true, value: 'id', description: 'only this check; may be repeated' },
  accounts: { type: 'string', value: 'id,id', description: 'these accounts, without a configuration' },
  role: { type: 'string', value: 'name', description: 'role to assume in each account' },
  'external-id': { type: 'string', value: 'id', description: 'external id for that role' },
} as const satisfies Options;

export const readingArgs = {
  _: z.array(z.string()).max(1, 'takes one target'),
  check: z.array(z.string()).default([]),
  accounts: accountIds.optional(),
  role: z.string().optional(),
  'external-id': z.string().optional(),
};

export default defineCommand<App>()({
  name: 'scan',
  summary: 'Read the CloudTrail posture of an environment or account',
  usage: '<environment|account>',
  options: {
    format: { type: 'string', value: FORMATS.join('|'), description: 'how to print it (table)' },
    'fail-on': { type: 'string', value: 'severity', description: 'exit 1 from this severity up (low)' },
    'security-hub': { type: 'boolean', description: 'also import into Security Hub of each account' },
    ...READING_OPTIONS,
  },
  args: z.strictObject({
    ...readingArgs,
    format: z
      .enum(FORMATS, { error: `takes ${FORMATS.slice(0, -1).join(', ')} or ${FORMATS.at(-1)}` })
      .default('table'),
    'fail-on': z
      .enum(['critical', 'high', 'medium', 'low', 'info'], { error: 'takes critical, high, medium, low or info' })
      .default('low'),
    'security-hub': z.boolean().default(false),
  }),

  target: ({ _: [word] }) => word,

  async terminal(app, args, terminal) {
    const reading = await readingOf(app, args);
    const { checks, config } = reading;
    const report = reportOf(await read(app, reading, checks, terminal));
    const judged = new Map(checks.map((check) => [check.id, check]));
    const screen = { interactive: terminal.interactive, columns: columnsOf(app.env) };
    const context = { catalogue: judged, version: app.version, homeRegion: config.aws.region, screen };
    for (const piece of formatted(report, args.format, context)) terminal.out(piece);
    if (args['security-hub']) {
      const hub = (account: string, region: string, productArn: string) =>
        hubOf(reading.aws.exporter(account, config.securityHub), { region, productArn });
      terminal.error(importText(await importFindings(report, { ...context, hub, now: app.now() })));
    }
    return exitStatus(report, args['fail-on']);
  },

  async slack(app, args, ask) {
    const [target] = args._;
    if (target === undefined) return { text: `Say what to read, for example \`${app.config.slack.command} prod\`.` };
    try {
      await findTarget(target, app.config, app.aws());
    } catch (error) {
      if (error instanceof UnknownTarget) return { text: describeError(error) };
      throw error;
    }
    const { posture } = await app.bot();
    const { shared } = await posture.request({ target, channel: ask.channelId, user: ask.userId, trigger: 'asked' });
    return { text: shared ? `${target} is being read already; you share that run.` : `Reading ${target} …` };
  },
});

/** The width of the terminal that is written to; COLUMNS says otherwise. Without either lines are not broken. */
function columnsOf({ COLUMNS }: App['env']): number | undefined {
  return Number(COLUMNS) || process.stdout.columns || undefined;
}

type Args = z.output<z.ZodObject<typeof readingArgs>>;
type Checks = readonly NonNullable<ReturnType<Awaited<ReturnType<App['catalogue']>>['get']>>[];

/** What to read and as whom, by the words of the command. Rejects when a check or the target is not known. */
export async function readingOf(app: App, args: Args) {
  const catalogue = await app.catalogue();
  const named = args.check.map((id) => {
    const check = catalogue.get(id);
    if (check === undefined)
      throw new TrailCheckError(`There is no check "${id}"`, { next: '"trail-check checks" lists them.' });
    return check;
  });
  const reader =
    args.role === undefined
      ? undefined
      : { role: args.role, ...(args['external-id'] === undefined ? {} : { externalId: args['external-id'] }) };
  const aws = app.aws(reader);
  const config = reader === undefined ? app.config : { ...app.config, aws: { ...app.config.aws, reader } };
  const checks = named.length === 0 ? [...catalogue.values()] : named;
  return { catalogue, checks, aws, config, target: await targetOf(args, config, aws) };
}

/** Reads and judges, with a progress bar on a terminal. */
export async function read(
  app: App,
  { aws, config, catalogue, target }: Awaited<ReturnType<typeof readingOf>>,
  checks: Checks,
  terminal: Terminal,
) {
  const bar = progressBar(terminal);
  const options = { sweep: true, onProgress: bar.show, checks };
  return scan({ aws, config, catalogue, now: app.now }, target, options).finally(bar.clear);
}

async function targetOf(
  { _: [word], accounts }: Args,
  config: App['config'],
  aws: ReturnType<App['aws']>,
): Promise<Target> {
  if (accounts !== undefined) {
    const targets = accounts.map((id) => ({ id, name: id, environments: [] }));
    return { name: word ?? accounts.join(','), accounts: targets };
  }
  return findTarget(word, config, aws);
}
