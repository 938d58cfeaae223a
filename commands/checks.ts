import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';

export default defineCommand<App>()({
  name: 'checks',
  summary: 'List the catalogue of checks',
  usage: '',
  options: { format: { type: 'string', value: 'table|json', description: 'how to print it (table)' } },
  args: z.strictObject({
    _: z.array(z.string()).max(0, 'takes no target'),
    format: z.enum(['table', 'json'], { error: 'takes table or json' }).default('table'),
  }),

  async terminal(app, { format }, terminal) {
    const checks = [...(await app.catalogue()).values()].map(({ id, title, severity, scope, fix, controls }) => {
      return { id, title, severity, scope, fix: fix.class, risk: fix.risk, controls };
    });
    if (format === 'json') terminal.out(`${JSON.stringify(checks, null, 2)}\n`);
    else {
      const width = Math.max(...checks.map(({ id }) => id.length));
      for (const { id, severity, title } of checks)
        terminal.out(`${id.padEnd(width)}  ${severity.padEnd(8)}  ${title}\n`);
    }
    return 0;
  },
});
