#!/usr/bin/env node
import { mkdtemp, rm } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Terminal } from './command/command.ts';
import { findCommand, parseWords } from './command/parse.ts';
import { loadConfig } from './config/load.ts';
import { formatProblems } from './config/problem.ts';
import { describeError, TrailCheckError } from './ops/error.ts';
import { createLogger } from './ops/logger.ts';
import { redact } from './ops/redact.ts';
import { type Sandbox, startSandbox } from './start-sandbox.ts';
import { prepareFolder } from './store/prepare-folder.ts';

/** Exit status when a command could not run at all. */
const COULD_NOT_RUN = 2;

enableCompileCache();
// Whoever reads us may have seen enough (`| head`); the command ends as it would have.
for (const output of [process.stdout, process.stderr]) {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
/** Exit status of a process that a signal ended: 128 and its number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

const stopRequested = listenForSignals();
process.exitCode = await main(process.argv.slice(2));

/**
 * A command that asks for it is told of the first signal and ends in order; any other signal ends the process at once.
 * They are listened for from the start, because the first process of a container is not ended by a signal otherwise.
 */
function listenForSignals(): () => Promise<void> {
  let stop: (() => void) | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const first = stop;
      stop = undefined;
      if (first === undefined) process.exit(SIGNALS[signal]);
      first();
    });
  }
  return () =>
    new Promise((resolve) => {
      stop = resolve;
    });
}

async function main(argv: string[]): Promise<number> {
  const terminal: Terminal = {
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    stopped: () => stopRequested(),
  };

  const words = argv.filter((word) => word !== '--sandbox');
  const parts = simulatorsFor(words, words.length < argv.length);
  // The simulated estate begins anew each time, so what a demo keeps of it ends with it.
  const demoFolder = words[0] === 'demo' ? await mkdtemp(join(tmpdir(), 'trail-check-demo-')) : undefined;
  const folderReady = demoFolder === undefined ? undefined : prepareFolder(demoFolder);
  let sandbox: Sandbox | undefined;
  try {
    sandbox = parts === undefined ? undefined : await startSandbox(parts, (line) => terminal.error(`${line}\n`));
  } catch (error) {
    terminal.error(`${describeError(error)}\n`);
    await folderReady;
    if (demoFolder !== undefined) await rm(demoFolder, { recursive: true, force: true });
    return COULD_NOT_RUN;
  }
  if (sandbox !== undefined) Object.assign(process.env, sandbox.env);
  // Loaded here, not above: the compile cache is on by now, and the simulators and the database start meanwhile.
  const { commandNames, createApp } = await import('./app.ts');
  const loaded = loadConfig({ env: process.env, cwd: process.cwd(), now: new Date(), commands: await commandNames() });
  if (!loaded.ok) {
    terminal.error(`${formatProblems(loaded.problems)}\n`);
    await sandbox?.stop();
    return COULD_NOT_RUN;
  }
  const config = demoFolder === undefined ? loaded.config : { ...loaded.config, store: { dataDir: demoFolder } };
  const logger = createLogger({ level: config.logLevel, pretty: terminal.interactive });
  const app = createApp({ config, source: loaded.source, logger, env: process.env, sandbox, folderReady });
  try {
    const found = findCommand(await app.commands(), Object.keys(config.environments), words);
    if (found.kind === 'unknown' || found.command.terminal === undefined) {
      const word = found.kind === 'unknown' ? found.word : found.command.name;
      const hint =
        found.kind === 'unknown' && found.suggestion !== undefined ? ` Did you mean "${found.suggestion}"?` : '';
      terminal.error(`There is no command "${word}" here.${hint} "trail-check help" lists them.\n`);
      return COULD_NOT_RUN;
    }
    const parsed = parseWords(found.command, found.words);
    if (!parsed.ok) {
      terminal.error(`${parsed.problem}\nUsage: trail-check ${found.command.name} ${found.command.usage}\n`);
      return COULD_NOT_RUN;
    }
    return await found.command.terminal(app, parsed.args, terminal);
  } catch (error) {
    terminal.error(`${redact(describeError(error))}\n`);
    if (!(error instanceof TrailCheckError)) logger.debug({ err: error }, 'unexpected error');
    return COULD_NOT_RUN;
  } finally {
    await app.close();
    await sandbox?.stop();
    if (demoFolder !== undefined) await rm(demoFolder, { recursive: true, force: true });
  }
}

/**
 * Which simulators a command needs: `demo` both, `sandbox aws|slack` one; with `--sandbox` `doctor` both, any other the
 * estate.
 */
function simulatorsFor([command, which]: readonly string[], simulate: boolean): string[] | undefined {
  const options = ['--port', '--host', '--estate'].flatMap((name) => {
    const value = optionOf(name);
    return value === undefined ? [] : [name, value];
  });
  if (command === 'demo') return ['--aws', '--slack', ...options];
  if (command === 'sandbox') return which === 'aws' || which === 'slack' ? [`--${which}`, ...options] : undefined;
  if (!simulate) return undefined;
  return command === 'doctor' ? ['--aws', '--slack'] : ['--aws'];
}

/** Value of an option that is needed before the command is found: `--port 8080` or `--port=8080`. */
function optionOf(name: string): string | undefined {
  const at = process.argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  return at < 0 ? undefined : (process.argv[at]?.split('=')[1] ?? process.argv[at + 1]);
}
