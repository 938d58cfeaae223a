import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { driveWorkspace, type Workspace } from './workspace.ts';

const LAUNCHER = fileURLToPath(new URL('../../trail-check', import.meta.url));

export interface Demo {
  page: string;
  control: string;
  aws: {
    endpoint: string;
    accounts: { id: string; name: string; accessKeyId: string; secretAccessKey: string }[];
  };
  workspace: Workspace;
  stop(): Promise<number | null>;
}

/** The whole program as `npm run demo` starts it, waiting until the bot is ready. */
export async function startDemo(): Promise<Demo> {
  const { child, line } = await startProgram(['demo', '--json'], {});
  const { page, control, aws }: Pick<Demo, 'page' | 'control' | 'aws'> = JSON.parse(line);
  return { page, control, aws, workspace: driveWorkspace(control), stop: () => stopProgram(child, 'SIGTERM') };
}

/** Starts `./trail-check` and waits for the line that says it is ready: by default the first on standard output. */
export async function startProgram(
  words: readonly string[],
  env: { [name: string]: string },
  ready = /./,
): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(LAUNCHER, words, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const line = await new Promise<string>((resolve, reject) => {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (text) => {
        said.push(text);
        if (input === child.stdout ? ready.test(text) : ready.source !== '.' && ready.test(text)) resolve(text);
      });
    }
    child.once('exit', (code) => reject(new Error(`${words.join(' ')} ended with ${code}:\n${said.join('\n')}`)));
  });
  return { child, line };
}

export function stopProgram(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return ended;
}
