import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { TrailCheckError } from '../src/ops/error.ts';
import { findPack, PACKS } from '../src/posture/packs/packs.ts';
import { packReport } from '../src/posture/packs/report.ts';
import { packsText, packText } from '../src/report/packs.ts';
import { packListMessage } from '../src/slack/blocks/packs.ts';

export default defineCommand<App>()({
  name: 'packs',
  summary: 'List the standards a run can report on, or the controls of one',
  usage: '[pack]',
  options: {},
  args: z.strictObject({ _: z.array(z.string()).max(1, 'takes one pack') }),

  async terminal(app, { _: [id] }, terminal) {
    const catalogue = await app.catalogue();
    if (id === undefined) terminal.out(packsText(PACKS.values(), catalogue));
    else terminal.out(packText(packReport(known(id), catalogue, [])));
    return 0;
  },

  async slack(app, { _: [id] }) {
    const { command } = app.config.slack;
    return packListMessage(id === undefined ? [...PACKS.values()] : [known(id)], await app.catalogue(), command);
  },
});

function known(id: string) {
  const pack = findPack(id);
  if ('problem' in pack) throw new TrailCheckError(pack.problem);
  return pack;
}
