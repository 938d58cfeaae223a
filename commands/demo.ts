import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { TrailCheckError } from '../src/ops/error.ts';

export default defineCommand<App>()({
  name: 'demo',
  summary: 'Try it: a simulated organization, a simulated Slack, the real bot between them',
  usage: '[--port <port>] [--host <address>] [--json]',
  options: {
    port: { type: 'string', value: 'port', description: 'port of the page (any free one)' },
    host: { type: 'string', value: 'address', description: 'address to listen on (127.0.0.1)' },
    json: { type: 'boolean', description: 'print one line of JSON when ready' },
  },
  args: z.strictObject({
    _: z.array(z.string()).max(0, 'takes no target'),
    port: z
      .string()
      .regex(/^\d{1,5}$/, 'takes a port number')
      .optional(),
    host: z.string().optional(),
    json: z.boolean().default(false),
  }),

  async terminal(app, { json }, terminal) {
    const { aws, slack } = app.sandbox ?? {};
    if (aws === undefined || slack === undefined) throw new TrailCheckError('The simulators are not running');
    const page = `${slack.url}/`;
    if (!json) terminal.out(`${welcome(page)}\n`);
    const bot = await app.bot();
    await bot.start();
    const { endpoint, accounts } = aws;
    if (json)
      terminal.out(`${JSON.stringify({ page, control: `${slack.url}/_control`, aws: { endpoint, accounts } })}\n`);
    else terminal.out(`${ready(endpoint, accounts)}\n`);
    await terminal.stopped();
    return 0;
  },
});

function welcome(page: string): string {
  return `\n  trail-check demo\n\n  Open   ${page}\n  Type   /trail-check prod\n\n  Starting the bot …`;
}

function ready(
  endpoint: string,
  accounts: readonly { id: string; name: string; accessKeyId: string; secretAccessKey: string }[],
): string {
  const [management] = accounts;
  const keys =
    management === undefined
      ? ''
      : `AWS_ACCESS_KEY_ID=${management.accessKeyId} AWS_SECRET_ACCESS_KEY=${management.secretAccessKey} AWS_REGION=us-east-1`;
  return [
    '  The bot is ready. Ctrl-C ends the demo.',
    '',
    '  The simulated AWS answers the AWS CLI too, before and after a fix:',
    `  ${keys} \\`,
    `    aws --endpoint-url ${endpoint} cloudtrail describe-trails`,
    '',
    '  Accounts:',
    ...accounts.map(
      ({ id, name, accessKeyId, secretAccessKey }) =>
        `    ${id}  ${name.padEnd(34)} ${accessKeyId}  ${secretAccessKey}`,
    ),
  ].join('\n');
}
