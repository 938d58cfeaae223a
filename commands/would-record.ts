import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { TrailCheckError } from '../src/ops/error.ts';
import { findTarget } from '../src/posture/target.ts';
import { wouldRecord } from '../src/posture/would-record/would-record.ts';
import { wouldRecordText } from '../src/report/would-record.ts';
import { wouldRecordMessage } from '../src/slack/blocks/would-record.ts';

/** `s3:GetObject bucket/key in prod`; what the call is made on may be left out. */
const words = z.array(z.string()).transform((all, context) => {
  const at = all.indexOf('in');
  const [action, resource, ...more] = at === -1 ? all : all.slice(0, at);
  const [target, ...beyond] = at === -1 ? [] : all.slice(at + 1);
  if (action === undefined || more.length + beyond.length > 0 || (at !== -1 && target === undefined)) {
    context.addIssue({
      code: 'custom',
      message: 'takes an action, a resource and "in" with an account or environment',
    });
    return z.NEVER;
  }
  return { action, resource, target };
});

export default defineCommand<App>()({
  name: 'would-record',
  summary: 'Say which trail records an event, or why none does',
  usage: '<service:Action> [resource] in <account>',
  options: {
    region: { type: 'string', value: 'region', description: 'where the call is made' },
    format: { type: 'string', value: 'text|json', description: 'how to print it (text)' },
  },
  args: z.strictObject({
    _: words,
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'takes a region such as eu-west-1')
      .optional(),
    format: z.enum(['text', 'json'], { error: 'takes text or json' }).default('text'),
  }),
  target: ({ _: { target } }) => target,

  async terminal(app, args, terminal) {
    const result = await ask(app, args);
    terminal.out(args.format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : wouldRecordText(result));
    return result.answers.every(({ recorded }) => recorded === 'yes') ? 0 : 1;
  },

  async slack(app, args) {
    if (args._.target === undefined) {
      throw new TrailCheckError('Say in which account', { next: `For example: ${args._.action} in prod.` });
    }
    return wouldRecordMessage(await ask(app, args));
  },
});

async function ask(
  app: App,
  { _: { action, resource, target }, region }: { _: z.output<typeof words>; region?: string | undefined },
) {
  const { config, now } = app;
  const aws = app.aws();
  return wouldRecord({ aws, config, now }, await findTarget(target, config, aws), { action, resource, region });
}
