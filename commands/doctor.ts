import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { examineAccounts } from '../src/doctor/examine/accounts.ts';
import { examineDatabase } from '../src/doctor/examine/database.ts';
import { examinePolicies } from '../src/doctor/examine/policies.ts';
import { diagnosesText } from '../src/doctor/examine/print.ts';
import { approversOf } from '../src/fixes/freeze.ts';
import { isListed } from '../src/fixes/people.ts';
import type { Diagnosis } from '../src/ops/diagnosis.ts';
import { doctorMessage } from '../src/slack/blocks/doctor.ts';
import { notice } from '../src/slack/blocks/notice.ts';

export default defineCommand<App>()({
  name: 'doctor',
  summary: 'Look for what keeps the installation from working, and say what to do',
  usage: '',
  options: {},
  args: z.strictObject({ _: z.array(z.string()).max(0, 'takes no target') }),

  async terminal(app, _args, terminal) {
    const found = await examine(app);
    terminal.out(diagnosesText(found));
    return found.some(({ level }) => level === 'problem') ? 1 : 0;
  },

  async slack(app, _args, { userId }) {
    const { slack } = await app.bot();
    const approvers = approversOf(app.config, undefined);
    const { pin } = app.config.approval.default;
    // It names accounts and roles; where nobody is listed, any full member may look after the installation.
    if (approvers.length > 0 && !(await isListed(userId, approvers, slack.directory, { pin }))) {
      return notice(
        'Only approvers can ask for that here. On the machine itself it is `trail-check doctor`.',
        'refused',
      );
    }
    return doctorMessage(await examine(app));
  },
});

async function examine(app: App): Promise<Diagnosis[]> {
  const { config, source } = app;
  const [catalogue, database, slack, accounts] = await Promise.all([
    app.catalogue(),
    examineDatabase(config, () => app.store()),
    app.slackCheckup(),
    examineAccounts(config, app.aws()),
  ]);
  const file: Diagnosis = {
    level: 'ok',
    area: 'configuration',
    what: `${source.file} is right; ${catalogue.size} checks with their settings.`,
  };
  const { directory } = slack;
  const policies =
    directory === undefined ? [] : await examinePolicies({ config, directory, checks: catalogue.values() }, app.now());
  return [file, ...database, ...slack.found, ...accounts, ...policies];
}
