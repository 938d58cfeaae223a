import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/start-sandbox.ts';
import { startProgram, stopProgram } from '../support/demo.ts';
import { driveWorkspace, type ShownMessage, visible, type Workspace } from '../support/workspace.ts';

/*
 * The process is killed between approval and the end of execution, at different moments, and started again on the same
 * data. The fix must end up applied exactly once, and the message must tell the truth.
 */

const DEMO_CONFIG = fileURLToPath(new URL('../../demo/trail-check.yaml', import.meta.url));
let sandbox: Sandbox;
let bot: ChildProcess;
let workspace: Workspace;
let folder: string;
let env: { [name: string]: string };

beforeAll(async () => {
  // Slow enough that a kill falls in the middle of the execution.
  sandbox = await startSandbox(['--aws', '--slack', '--latency', '150'], () => undefined);
  folder = await mkdtemp(join(tmpdir(), 'trail-check-kill-'));
  const config = join(folder, 'trail-check.yaml');
  await writeFile(config, `${await readFile(DEMO_CONFIG, 'utf8')}\nstore: { dataDir: ${join(folder, 'data')} }\n`);
  env = { ...sandbox.env, TRAIL_CHECK_CONFIG: config, LOG_LEVEL: 'info' };
  workspace = driveWorkspace(`${sandbox.slack?.url}/_control`);
  bot = await serve();
});
afterAll(async () => {
  await stopProgram(bot, 'SIGKILL');
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

const serve = async () => (await startProgram(['serve'], env, /the bot is ready/)).child;

/** How often an operation was carried out. */
async function made(operation: string): Promise<number> {
  const calls: { operation: string; error?: string }[] = JSON.parse(
    await (await fetch(`${sandbox.aws?.endpoint}/_control/calls`)).text(),
  );
  return calls.filter((call) => call.operation === operation && call.error === undefined).length;
}

/** Has an environment read; gives the root of its thread. */
async function read(environment: string): Promise<string> {
  await workspace.command('approver', `/trail-check ${environment}`);
  const { ts } = await workspace.until(
    (message) =>
      message.thread_ts === undefined && /score/i.test(visible(message)) && visible(message).includes(environment),
    `the result of ${environment}`,
  );
  return ts;
}

describe('a process killed while a fix runs', () => {
  /** The root of its thread, by environment: each is read once for all moments. */
  const roots = new Map<string, string>();
  it.each([
    {
      when: 'right after the approval',
      wait: 0,
      environment: 'core',
      check: 'trail/log-file-validation',
      operation: 'UpdateTrail',
    },
    {
      when: 'while AWS is read again',
      wait: 400,
      environment: 'prod',
      check: 'bucket/public-access-block',
      operation: 'PutPublicAccessBlock',
    },
    {
      when: 'about when the call is made',
      wait: 1_100,
      environment: 'core',
      check: 'bucket/access-logging',
      operation: 'PutBucketLogging',
    },
    {
      when: 'while the result is read',
      wait: 1_900,
      environment: 'prod',
      check: 'trail/logging',
      operation: 'StartLogging',
    },
  ])('is taken up again when killed $when, and $operation is made once', { timeout: 120_000 }, async (row) => {
    const { wait, environment, check, operation } = row;
    expect(await made(operation)).toBe(0);
    const root = roots.get(environment) ?? (await read(environment));
    roots.set(environment, root);
    const finding = await workspace.until(
      (message) => message.thread_ts === root && visible(message).includes(check),
      `the finding of ${check}`,
    );
    const shown = new Set((await workspace.messages()).filter(isFixed).map(({ ts }) => ts));
    expect(await workspace.click('approver', { ts: finding.ts, label: 'Review fix' })).toMatchObject({ ok: true });
    expect(await workspace.submit('approver')).toMatchObject({ ok: true });
    await new Promise((resolve) => setTimeout(resolve, wait));
    await stopProgram(bot, 'SIGKILL');
    bot = await serve();
    await workspace.until(
      (message) =>
        message.thread_ts === root && isFixed(message) && !shown.has(message.ts) && message.ts !== finding.ts,
      'Fixed after the restart',
    );
    expect(await made(operation)).toBe(1);
  });
});

/** The message of a fix, not that of a check that lists it. */
function isFixed({ text }: ShownMessage): boolean {
  return text.startsWith('Fixed: ');
}
