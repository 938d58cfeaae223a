import type { Logger } from './logger.ts';

export interface ShutdownOptions {
  logger: Logger;
  /** How long all hooks together may take, in milliseconds. */
  deadlineMs: number;
}

export interface Shutdown {
  /** Adds a hook. Hooks run one after the other, the last added first: what was started last depends on the rest. */
  add(name: string, hook: () => Promise<void> | void): void;
  /** Runs the hooks once, however often it is called. Resolves to false if one failed or the deadline passed. */
  run(reason: string): Promise<boolean>;
  /** Runs on SIGTERM and SIGINT, then calls `exit` with 0 or 1; a second signal exits at once with 1. */
  listen(signals: SignalSource, exit: (code: number) => void): void;
}

interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
}

/** An orderly way down: hooks in order, a failing hook does not stop the others, and it ends by the deadline. */
export function createShutdown({ logger, deadlineMs }: ShutdownOptions): Shutdown {
  const hooks: { name: string; hook: () => Promise<void> | void }[] = [];
  let running: Promise<boolean> | undefined;

  async function runHooks(deadline: Promise<'late'>): Promise<boolean> {
    let clean = true;
    for (const { name, hook } of hooks.toReversed()) {
      const outcome = await Promise.race([attempt(hook), deadline]);
      if (outcome === 'late') {
        logger.error({ hook: name, deadlineMs }, 'shutdown took too long');
        return false;
      }
      if (outcome.error !== undefined) {
        logger.error({ hook: name, err: outcome.error }, 'shutdown hook failed');
        clean = false;
      }
    }
    return clean;
  }

  async function start(reason: string): Promise<boolean> {
    logger.info({ reason }, 'shutting down');
    const { promise, resolve } = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => resolve('late'), deadlineMs);
    const clean = await runHooks(promise);
    clearTimeout(timer);
    return clean;
  }

  const run = (reason: string) => {
    running ??= start(reason);
    return running;
  };

  return {
    add: (name, hook) => void hooks.push({ name, hook }),
    run,
    listen(signals, exit) {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) {
        signals.on(signal, () => {
          if (running) exit(1);
          else void run(signal).then((clean) => exit(clean ? 0 : 1));
        });
      }
    },
  };
}

async function attempt(hook: () => Promise<void> | void): Promise<{ error?: unknown }> {
  try {
    await hook();
    return {};
  } catch (error) {
    return { error };
  }
}
