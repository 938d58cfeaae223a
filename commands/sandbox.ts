import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { TrailCheckError } from '../src/ops/error.ts';

export default defineCommand<App>()({
  name: 'sandbox',
  summary: 'Run one simulator alone: the AWS estate, or the Slack workspace',
  usage: 'aws|slack [--port <port>] [--estate <name>]',
  options: {
    port: { type: 'string', value: 'port', description: 'port to listen on (any free one)' },
    estate: { type: 'string', value: 'name', description: 'which estate aws is (demo); docs/sandbox.md lists them' },
  },
  args: z.strictObject({
    _: z.tuple([z.enum(['aws', 'slack'])], { error: 'takes aws or slack' }),
    port: z
      .string()
      .regex(/^\d{1,5}$/, 'takes a port number')
      .optional(),
    // The simulator knows the names; it answers an unknown one with their list.
    estate: z.string().optional(),
  }),

  async terminal(app, { _: [which] }, terminal) {
    const simulator = app.sandbox?.[which];
    if (simulator === undefined) throw new TrailCheckError(`The simulated ${which} is not running`);
    terminal.out(`${JSON.stringify(simulator)}\n`);
    await terminal.stopped();
    return 0;
  },
});
