import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { placeOf } from '../src/fixes/freeze.ts';
import { notice } from '../src/slack/blocks/notice.ts';
import { escapeText } from '../src/slack/blocks/text.ts';

export default defineCommand<App>()({
  name: 'freeze',
  summary: 'Stop all fixes at once; two people lift it by its button',
  usage: '[environment] --reason <why>',
  options: { reason: { type: 'string', value: 'why', description: 'why everything has to stop' } },
  args: z.strictObject({
    _: z.array(z.string()).max(1, 'takes one environment'),
    reason: z.string({ error: 'is needed: say why' }).min(3, 'must say why'),
  }),
  target: ({ _: [environment] }) => environment,

  async slack(app, { _: [environment], reason }, { userId }) {
    const { fixes } = await app.bot();
    const answer = await fixes.freeze({ environment, reason, user: userId });
    if (!answer.ok) return notice(escapeText(answer.message), 'refused');
    return notice(
      `${escapeText(placeOf(answer.freeze.environment))} is frozen. Two approvers lift it with the button.`,
      'done',
    );
  },
});
