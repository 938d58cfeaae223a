import { context, section } from './elements.ts';
import type { Message } from './message.ts';
import { escapeText, words } from './text.ts';

export interface CommandLine {
  name: string;
  usage: string;
  summary: string;
}

/** What can be typed. `command` is the slash command itself: `/trail-check`. */
export function helpMessage(commands: readonly CommandLine[], command: string): Message {
  const lines = commands.map(({ name, usage, summary }) => {
    const typed = [command, name, usage].filter((part) => part !== '').join(' ');
    return `\`${escapeText(typed)}\`  ${escapeText(summary)}`;
  });
  return {
    text: `What you can type after ${escapeText(command)}`,
    blocks: [
      section(words({ bold: 'What you can type' })),
      section(lines.join('\n')),
      context(
        `\`${escapeText(command)} prod\` is short for \`${escapeText(command)} scan prod\`. Nothing is changed without an approval.`,
      ),
    ],
  };
}
