import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { describeError, TrailCheckError } from '../src/ops/error.ts';
import { exitStatus } from '../src/posture/exit-status.ts';
import { reportOf } from '../src/posture/report.ts';
import { scan } from '../src/posture/scan.ts';
import { findTarget, type Target, UnknownTarget } from '../src/posture/target.ts';
import { FORMATS, formatted } from '../src/report/formats/format.ts';
import { progressBar } from '../src/report/terminal.ts';

const accountIds = z
  .string()
  .regex(/^\d{12}(,\d{12})*$/, 'takes account ids of twelve digits, parted by commas')
  .transform((list) => list.split(','));

export default defineCommand<App>()({
  name: 'scan',
  summary: 'Read the CloudTrail posture of an environment or account',
  usage: '<environment|account>',
  options: {
    format: { type: 'string', value: FORMATS.join('|'), description: 'how to print it (table)' },
    check: { type: 'string', multiple: true, value: 'id', description: 'only this check; may be repeated' },
    'fail-on': { type: 'string', value: 'severity', description: 'exit 1 from this severity up (low)' },
    accounts: { type: 'string', value: 'id,id', description: 'these accounts, without a configuration' },
    role: { type: 'string', value: 'name', description: 'role to assume in each account' },
    'external-id': { type: 'string', value: 'id', description: 'external id for that role' },
  },
  args: z.strictObject({
    _: z.array(z.string()).max(1, 'takes one target'),
    format: z
      .enum(FORMATS, { error: `takes ${FORMATS.slice(0, -1).join(', ')} or ${FORMATS.at(-1)}` })
      .default('table'),
    check: z.array(z.string()).default([]),
    'fail-on': z
      .enum(['critical', 'high', 'medium', 'low', 'info'], { error: 'takes critical, high, medium, low or info' })
      .default('low'),
    accounts: accountIds.optional(),
    role: z.string().optional(),
    'external-id': z.string().optional(),
  }),

  target: ({ _: [word] }) => word,

  async terminal(app, args, terminal) {
    const catalogue = await app.catalogue();
    const checks = args.check.map((id) => {
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
    const target = await targetOf(args, config, aws);
    const bar = progressBar(terminal);
    const result = await scan({ aws, config, catalogue, now: app.now }, target, {
      sweep: true,
      onProgress: bar.show,
      ...(checks.length === 0 ? {} : { checks }),
    }).finally(bar.clear);
    const report = reportOf(result);
    const judged = checks.length === 0 ? catalogue : new Map(checks.map((check) => [check.id, check]));
    const screen = { interactive: terminal.interactive, columns: columnsOf(app.env) };
    const context = { catalogue: judged, version: app.version, homeRegion: config.aws.region, screen };
    for (const piece of formatted(report, args.format, context)) terminal.out(piece);
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

async function targetOf(
  { _: [word], accounts }: { _: string[]; accounts?: string[] | undefined },
  config: App['config'],
  aws: ReturnType<App['aws']>,
): Promise<Target> {
  if (accounts !== undefined) {
    const targets = accounts.map((id) => ({ id, name: id, environments: [] }));
    return { name: word ?? accounts.join(','), accounts: targets };
  }
  return findTarget(word, config, aws);
}
