import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Child {
  pid: number;
  /** The first line for which `isReady` held. */
  line: string;
  /** Milliseconds from the start of the process to that line. */
  readyAfterMs: number;
  stop(): Promise<void>;
}

/** The launcher, so that what is measured is what people start. */
export const LAUNCHER = `${ROOT}trail-check`;

/**
 * Starts a program and waits for a line that says it is ready. When it ends before, the error carries what it wrote.
 */
export async function startChild(
  command: readonly [string, ...string[]],
  isReady: (line: string) => boolean,
  options: SpawnOptions = {},
): Promise<Child> {
  const [program, ...args] = command;
  const startedAt = performance.now();
  const child = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const written: string[] = [];
  const line = await Promise.race([
    readyLine(child, isReady, written),
    ended.then((code) => {
      throw new Error(`${command.join(' ')} ended with ${code} before it was ready:\n${written.join('\n')}`);
    }),
  ]);
  if (child.pid === undefined) throw new Error(`${program} has no process id`);
  return {
    pid: child.pid,
    line,
    readyAfterMs: performance.now() - startedAt,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function readyLine(child: ChildProcess, isReady: (line: string) => boolean, written: string[]): Promise<string> {
  return new Promise((resolve) => {
    for (const input of [child.stdout, child.stderr]) {
      if (input === null) continue;
      createInterface({ input }).on('line', (line) => {
        written.push(line);
        if (isReady(line)) resolve(line);
      });
    }
  });
}

/** Resident memory of a process in MB, now and at its highest; only Linux tells. */
export async function memoryOf(pid: number): Promise<{ now: number; highest: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { now: megabytes('VmRSS'), highest: megabytes('VmHWM') };
}
