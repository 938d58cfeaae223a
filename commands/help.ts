import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { helpMessage } from '../src/slack/blocks/help.ts';

export default defineCommand<App>()({
  name: 'help',
  summary: 'List the commands',
  usage: '[command]',
  options: {},
  args: z.strictObject({ _: z.array(z.string()).max(1, 'takes one command') }),

  async terminal(app, { _: [name] }, terminal) {
    const commands = await app.commands();
    const shown = name === undefined ? undefined : commands.get(name);
    if (name !== undefined && shown === undefined) {
      terminal.error(`There is no command "${name}".\n`);
      return 2;
    }
    if (shown !== undefined) {
      terminal.out(`trail-check ${shown.name} ${shown.usage}\n\n${shown.summary}.\n`);
      for (const [option, { value, description }] of Object.entries(shown.options)) {
        terminal.out(`  ${`--${option}${value === undefined ? '' : ` <${value}>`}`.padEnd(28)}${description}\n`);
      }
      return 0;
    }
    terminal.out('trail-check <command>\n\n');
    for (const command of [...commands.values()].filter((it) => it.terminal !== undefined)) {
      terminal.out(`  ${`${command.name} ${command.usage}`.padEnd(34)}${command.summary}\n`);
    }
    terminal.out(
      '\n--sandbox runs any command against a simulated estate. Without a configuration, scan takes --accounts and --role.\n',
    );
    return 0;
  },

  async slack(app, { _: [name] }) {
    const known = [...(await app.commands()).values()].filter((it) => it.slack !== undefined);
    const named = known.filter((it) => it.name === name);
    const commands = named.length === 0 ? known : named;
    return helpMessage(commands, app.config.slack.command);
  },
});
