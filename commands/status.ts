import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { statusMessage } from '../src/slack/blocks/status.ts';

export default defineCommand<App>()({
  name: 'status',
  summary: 'Show the latest runs and what waits for a decision',
  usage: '',
  options: {},
  args: z.strictObject({ _: z.array(z.string()).max(0, 'takes no target') }),

  async slack(app) {
    const { posture, fixes } = await app.bot();
    const [runs, pending] = await Promise.all([posture.latest(), fixes.pending()]);
    return statusMessage({ runs, pending, version: app.version, environments: Object.keys(app.config.environments) });
  },
});
