import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { planFix } from '../src/fixes/planner.ts';
import { cliLine } from '../src/fixes/print.ts';
import { planningContext } from '../src/fixes/proposal.ts';
import type { AnyCheck, Catalogue } from '../src/posture/catalogue.ts';
import { reportOf } from '../src/posture/report.ts';
import { offerOf, type PlanLanguage, planJson, planText, TERRAFORM } from '../src/report/plans.ts';
import { READING_OPTIONS, read, readingArgs, readingOf } from './shared/reading.ts';

export default defineCommand<App>()({
  name: 'plan',
  summary: 'Print what would mend each failing finding, and change nothing',
  usage: '<environment|account>',
  options: {
    format: { type: 'string', value: 'cli|terraform|json', description: 'how to print it (cli)' },
    ...READING_OPTIONS,
  },
  args: z.strictObject({
    ...readingArgs,
    format: z.enum(['cli', 'terraform', 'json'], { error: 'takes cli, terraform or json' }).default('cli'),
  }),

  async terminal(app, args, terminal) {
    const reading = await readingOf(app, args);
    const asked = new Set(reading.checks.map(({ id }) => id));
    const scan = await read(app, reading, withFirst(reading.checks, reading.catalogue), terminal);
    const report = reportOf(scan);
    const planning = planningContext(reading, scan.snapshot);
    const fixes = scan.findings
      .filter(({ check, verdict, fix }) => asked.has(check) && verdict === 'fail' && fix !== 'none')
      .map((finding) => ({ finding, offer: offerOf(planFix(finding, planning)) }));
    if (args.format === 'json') terminal.out(`${JSON.stringify(planJson(report, fixes), null, 2)}\n`);
    else for (const text of planText(report, fixes, args.format === 'cli' ? CLI : TERRAFORM)) terminal.out(text);
    const unread = report.accounts.filter(({ shared, status }) => !shared && status !== 'scanned');
    for (const { id, status, reason } of unread)
      terminal.error(`Account ${id} is ${status}: ${reason ?? 'not everything could be read.'}\n`);
    return unread.length === 0 ? 0 : 2;
  },
});

/** Lines for the AWS CLI. */
const CLI: PlanLanguage = {
  change: cliLine,
  undo: ({ undo }) => (undo === undefined ? undefined : cliLine(undo)),
  step: ({ command }) => command,
};

/** The checks with those whose plans go before theirs: what these need is read as well. */
export function withFirst(checks: readonly AnyCheck[], catalogue: Catalogue): AnyCheck[] {
  const found = new Set(checks);
  // A set gives what is added to it while it is walked.
  for (const { fix } of found) {
    for (const id of fix.first ?? []) {
      const first = catalogue.get(id);
      if (first !== undefined) found.add(first);
    }
  }
  return [...found];
}
