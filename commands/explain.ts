import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { suggest } from '../src/config/suggest.ts';
import { TrailCheckError } from '../src/ops/error.ts';
import { explainText } from '../src/report/explain.ts';
import { explainMessage } from '../src/slack/blocks/explain.ts';

export default defineCommand<App>()({
  name: 'explain',
  summary: 'Say what a check looks at, why, and how it is mended',
  usage: '<check>',
  options: {},
  args: z.strictObject({ _: z.tuple([z.string()], { error: 'takes the id of one check, such as bucket/mfa-delete' }) }),

  async terminal(app, { _: [id] }, terminal) {
    const check = (await app.catalogue()).get(id);
    if (check === undefined) throw new TrailCheckError(unknownCheck(id, [...(await app.catalogue()).keys()]));
    terminal.out(explainText(check));
    return 0;
  },

  async slack(app, { _: [id] }) {
    const catalogue = await app.catalogue();
    const check = catalogue.get(id);
    return check === undefined ? { text: unknownCheck(id, [...catalogue.keys()]) } : explainMessage(check);
  },
});

function unknownCheck(id: string, ids: readonly string[]): string {
  const near = suggest(id, ids);
  return `There is no check "${id}".${near === undefined ? '' : ` Did you mean ${near}?`}`;
}
