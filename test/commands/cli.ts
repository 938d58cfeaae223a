import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../trail-check', import.meta.url));

export interface Ended {
  status: number | null;
  out: string;
  error: string;
}

/**
 * Runs `./trail-check` as a person would, in a folder without a configuration unless `env` names one. `readsOnly`: so many
 * characters are read of what it prints, as `head -c` does.
 */
export function trailCheck(
  words: readonly string[],
  env: { [name: string]: string } = {},
  { readsOnly = Number.POSITIVE_INFINITY }: { readsOnly?: number } = {},
): Promise<Ended> {
  const child = spawn(LAUNCHER, words, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (out.length > readsOnly) child.stdout.destroy();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, out, error })));
}
