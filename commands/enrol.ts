import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { NO_KEY } from '../src/fixes/step-up/take-code.ts';
import { notice } from '../src/slack/blocks/notice.ts';
import { enrolMessage } from '../src/slack/blocks/step-up.ts';

export default defineCommand<App>()({
  name: 'enrol',
  summary: 'Set up one-time codes for approvals, or reset those of somebody',
  usage: '',
  options: {},
  args: z.strictObject({ _: z.tuple([], { error: 'takes nothing' }) }),

  async slack(app, _, { userId }) {
    const { fixes } = await app.bot();
    const present = await fixes.codes.of(userId);
    return present === 'no-key' ? notice(NO_KEY, 'refused') : enrolMessage(present);
  },
});
