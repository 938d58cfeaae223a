import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TrailCheckError } from './ops/error.ts';

/** What the simulators answer when they are ready. */
export interface Sandbox {
  aws?: {
    endpoint: string;
    accounts: { id: string; name: string; accessKeyId: string; secretAccessKey: string }[];
    hub: { accessKeyId: string; secretAccessKey: string };
  };
  slack?: { url: string; apiUrl: string; botToken: string; appToken: string; signingSecret: string };
  /** Configuration of this program for them. */
  env: { [name: string]: string };
  stop(): Promise<void>;
}

const HERE = fileURLToPath(new URL('.', import.meta.url));

/**
 * Starts the simulated AWS, Slack or both as a child process and waits until they answer. The child ends with this
 * process, however that ends.
 */
export async function startSandbox(parts: readonly string[], log: (line: string) => void): Promise<Sandbox> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', `${HERE}sandbox/main.ts`, ...parts], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  createInterface({ input: child.stderr }).on('line', log);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    ended.then((code) => {
      throw new TrailCheckError(`The simulators did not start (exit ${code})`, { next: 'The line above says why.' });
    }),
  ]);
  const { aws, slack }: Pick<Sandbox, 'aws' | 'slack'> = JSON.parse(ready);
  return {
    ...(aws === undefined ? {} : { aws }),
    ...(slack === undefined ? {} : { slack }),
    env: {
      TRAIL_CHECK_CONFIG: fileURLToPath(new URL('../demo/trail-check.yaml', import.meta.url)),
      ...(aws === undefined ? {} : awsEnvironment(aws)),
      ...(slack === undefined ? {} : slackEnvironment(slack)),
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function awsEnvironment({ endpoint, hub }: NonNullable<Sandbox['aws']>) {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: hub.accessKeyId,
    AWS_SECRET_ACCESS_KEY: hub.secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_SESSION_TOKEN: '',
    AWS_PROFILE: '',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function slackEnvironment({ apiUrl, botToken, appToken, signingSecret }: NonNullable<Sandbox['slack']>) {
  return {
    SLACK_API_URL: apiUrl,
    SLACK_BOT_TOKEN: botToken,
    SLACK_APP_TOKEN: appToken,
    SLACK_SIGNING_SECRET: signingSecret,
    // Whatever database this shell points at is not for a demo.
    DATABASE_URL: '',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  };
}
