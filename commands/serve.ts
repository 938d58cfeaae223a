import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand, type Terminal } from '../src/command/command.ts';

export default defineCommand<App>()({
  name: 'serve',
  summary: 'Run the bot',
  usage: '',
  options: {},
  args: z.strictObject({ _: z.array(z.string()).max(0, 'takes no target') }),

  async terminal(app, _args, terminal) {
    const bot = await app.bot();
    await bot.start();
    app.logger.info({ version: app.version, store: bot.store.kind }, 'the bot is ready');
    await untilStopped(terminal);
    app.logger.info('stopping');
    return 0;
  },
});

/** Waits for Ctrl-C or SIGTERM. */
export function untilStopped({ signal }: Terminal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
