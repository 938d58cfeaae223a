import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { describeError } from '../src/ops/error.ts';
import type { Catalogue } from '../src/posture/catalogue.ts';
import { exitStatus } from '../src/posture/exit-status.ts';
import type { Pack } from '../src/posture/packs/pack.ts';
import { packReport, takenBy } from '../src/posture/packs/report.ts';
import { reportOf, type ScanReport } from '../src/posture/report.ts';
import { findTarget, UnknownTarget } from '../src/posture/target.ts';
import { FORMATS, formatted } from '../src/report/formats/format.ts';
import { hubOf } from '../src/report/hub.ts';
import { importFindings, importText } from '../src/report/security-hub.ts';
import { packNamed, READING_OPTIONS, read, readingArgs, readingOf } from './shared/reading.ts';

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
    const { catalogue, checks, config, pack } = reading;
    const whole = reportOf(await read(app, reading, checks, terminal));
    const report = pack === undefined ? whole : withPack(whole, pack, catalogue);
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
    const pack = packNamed(args.pack)?.id;
    const { posture } = await app.bot();
    const { shared } = await posture.request({
      ...{ target, channel: ask.channelId, user: ask.userId, trigger: 'asked' },
      ...(pack === undefined ? {} : { pack }),
    });
    return { text: shared ? `${target} is being read already; you share that run.` : `Reading ${target} …` };
  },
});

/** The report as a standard takes it, with its controls. */
function withPack(report: ScanReport, pack: Pack, catalogue: Catalogue): ScanReport {
  const findings = report.findings.map((finding) => takenBy(pack, finding));
  return { ...report, findings, pack: packReport(pack, catalogue, findings) };
}

/** The width of the terminal that is written to; COLUMNS says otherwise. Without either lines are not broken. */
function columnsOf({ COLUMNS }: App['env']): number | undefined {
  return Number(COLUMNS) || process.stdout.columns || undefined;
}
