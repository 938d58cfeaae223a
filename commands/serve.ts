import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';

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
    await terminal.stopped();
    app.logger.info('stopping');
    return 0;
  },
});
