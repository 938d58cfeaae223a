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

  async slack(app, _args, { userId }) {
    const { posture, fixes, slack } = await app.bot();
    const [runs, pending, environments] = await Promise.all([
      posture.latest(),
      fixes.pending(),
      slack.access.visible(userId),
    ]);
    const seen = new Set(environments);
    return statusMessage({
      runs: runs.filter(({ target }) => seen.has(target)),
      pending: pending.filter(({ proposal }) => seen.has(proposal.target)),
      version: app.version,
      environments,
    });
  },
});
