import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { TrailCheckError } from '../src/ops/error.ts';
import { readCoverage } from '../src/posture/coverage/read.ts';
import { findTarget } from '../src/posture/target.ts';
import { coverageText } from '../src/report/coverage.ts';
import { coverageMessage } from '../src/slack/blocks/coverage.ts';

export default defineCommand<App>()({
  name: 'coverage',
  summary: 'Show what the trails of each account record',
  usage: '<environment|account>',
  options: { format: { type: 'string', value: 'table|json', description: 'how to print it (table)' } },
  args: z.strictObject({
    _: z.array(z.string()).max(1, 'takes one target'),
    format: z.enum(['table', 'json'], { error: 'takes table or json' }).default('table'),
  }),
  target: ({ _: [word] }) => word,

  async terminal(app, { _: [word], format }, terminal) {
    const coverage = await read(app, word);
    terminal.out(
      format === 'json' ? `${JSON.stringify(coverage, null, 2)}\n` : coverageText(coverage, terminal.interactive),
    );
    return 0;
  },

  async slack(app, { _: [word] }) {
    if (word === undefined) throw new TrailCheckError('Say which accounts', { next: 'For example: coverage prod.' });
    return coverageMessage(await read(app, word));
  },
});

async function read(app: App, word: string | undefined) {
  const { config, now } = app;
  const aws = app.aws();
  return readCoverage({ aws, config, now }, await findTarget(word, config, aws));
}
