import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { exemptionsFor } from '../src/fixes/exemptions-for.ts';
import { TrailCheckError } from '../src/ops/error.ts';
import { acceptedListMessage } from '../src/slack/blocks/accepted-list.ts';

export default defineCommand<App>()({
  name: 'exemptions',
  summary: 'List accepted risks and snoozed findings, what ends soonest first',
  usage: '[environment]',
  options: {},
  args: z.strictObject({ _: z.array(z.string()).max(1, 'takes one environment') }),

  target: ({ _: [environment] }) => environment,

  async slack(app, { _: [environment] }, { userId, channelId }) {
    if (environment !== undefined && app.config.environments[environment] === undefined) {
      throw new TrailCheckError(`There is no environment "${environment}"`);
    }
    const { store, fixes, slack } = await app.bot();
    const visible = environment === undefined ? await slack.access.visible(userId) : [environment];
    const ask = { user: userId, channel: channelId };
    const mayAll = async (names: readonly string[]) => {
      const refusals = await Promise.all(names.map((name) => slack.access.target(ask, name)));
      return refusals.every((refusal) => refusal === undefined);
    };
    const left = await exemptionsFor(
      { store, config: app.config, risks: fixes.risks },
      { environment, visible, mayAll },
    );
    return acceptedListMessage({ ...left, ...(environment === undefined ? {} : { environment }) });
  },
});
