import { parseArgs } from 'node:util';
import { ESTATES } from './aws/estates/estates.ts';
import { demoAdministrators, startAws } from './aws/index.ts';
import { startSlack } from './slack/server.ts';

/*
 * The simulators as a program of their own: `node src/sandbox/main.ts [--aws] [--slack] [--estate name] [--port n] [--latency ms]`.
 * Prints one line of JSON when it is ready, and ends with the process that started it.
 */

const { values } = parseArgs({
  options: {
    aws: { type: 'boolean', default: false },
    slack: { type: 'boolean', default: false },
    estate: { type: 'string', default: 'demo' },
    /** Of the page if there is one, else of the simulated AWS. */
    port: { type: 'string', default: '0' },
    'aws-port': { type: 'string', default: '0' },
    latency: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
  },
});

const { host } = values;
for (const port of [values.port, values['aws-port']]) {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) refuse(`${port} is not a port: it takes a number up to 65535.`);
}
const ready: { aws?: object; slack?: object } = {};
const closers: (() => Promise<void>)[] = [];

if (values.aws) {
  const make = ESTATES.get(values.estate);
  if (make === undefined) refuse(`There is no estate ${values.estate}. There are: ${[...ESTATES.keys()].join(', ')}.`);
  const { estate, hub, configuration } = make();
  estate.knobs.latencyMs = Number(values.latency);
  const aws = await opened(startAws(estate, { host, port: Number(values.slack ? values['aws-port'] : values.port) }));
  closers.push(aws.close);
  const { accessKeyId, secretAccessKey } = hub;
  ready.aws = {
    endpoint: aws.endpoint,
    accounts: demoAdministrators(estate),
    hub: { accessKeyId, secretAccessKey },
    ...(configuration === undefined ? {} : { configuration }),
  };
}
if (values.slack) {
  const slack = await opened(startSlack({ host, port: Number(values.port) }));
  closers.push(slack.close);
  const { url, apiUrl, botToken, appToken, signingSecret } = slack;
  ready.slack = { url, apiUrl, botToken, appToken, signingSecret };
}

const stop = async () => {
  await Promise.all(closers.map((close) => close()));
  process.exit(0);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// The parent holds the other end of this pipe: when it dies, however it dies, so do the simulators.
process.stdin.on('end', stop).on('error', stop).resume();
process.stdout.write(`${JSON.stringify(ready)}\n`);

async function opened<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      refuse(
        `Port ${'port' in error ? error.port : values.port} is taken. Give another with --port, or none for a free one.`,
      );
    }
    throw error;
  }
}

function refuse(problem: string): never {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
