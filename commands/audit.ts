import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { storyText } from '../src/fixes/audit/print-story.ts';
import { verdictWords } from '../src/fixes/audit/words.ts';
import { redact } from '../src/ops/redact.ts';
import { exportAudit } from '../src/report/audit.ts';
import { printable } from '../src/report/text.ts';
import { storyMessage, verifyMessage } from '../src/slack/blocks/audit.ts';
import { escapeText } from '../src/slack/blocks/text.ts';
import { auditArgs } from './shared/audit-args.ts';

export default defineCommand<App>()({
  name: 'audit',
  summary: 'Prove the audit log, export it, or tell the story of one fix',
  usage: 'verify|export|show <fix>',
  options: {
    anchor: {
      type: 'string',
      multiple: true,
      value: 'seq:hash',
      description: 'what the log must hold; may be repeated',
    },
    format: { type: 'string', value: 'text|json|jsonl|csv', description: 'verify: text, json; export: jsonl, csv' },
    from: { type: 'string', value: 'time', description: 'export from this day or moment on' },
    to: { type: 'string', value: 'time', description: 'export up to this day or moment' },
    account: { type: 'string', value: 'id', description: 'export what names this account' },
    person: { type: 'string', value: 'user', description: 'export what this person did, or what names them' },
  },
  args: auditArgs,

  async terminal(app, { _: [what, fix], anchor, format, ...filter }, terminal) {
    if (what === 'export') {
      const { query } = await app.store();
      const { from, to, account, person } = filter;
      const wanted = {
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(account === undefined ? {} : { account }),
        ...(person === undefined ? {} : { person }),
      };
      for await (const piece of exportAudit(query, format === 'csv' ? 'csv' : 'jsonl', wanted)) terminal.out(piece);
      return 0;
    }
    const audit = await app.audit();
    if (what === 'show') {
      const story = await audit.story(fix ?? '');
      if (story === undefined) {
        terminal.error(`${noFix(fix)}\n`);
        return 2;
      }
      terminal.out(
        storyText(story)
          .split('\n')
          .map((line) => printable(redact(line)))
          .join('\n'),
      );
      return 0;
    }
    const verified = await audit.verify(anchor);
    if (format === 'json') terminal.out(`${JSON.stringify({ ...verified.verdict, sources: verified.sources })}\n`);
    else terminal.out(`${verdictWords(verified).map(printable).join('\n')}\n`);
    return verified.verdict.whole ? 0 : 1;
  },

  async slack(app, { _: [what, fix], anchor }, { userId, channelId }) {
    const { slack, audit } = await app.bot();
    const { command } = app.config.slack;
    if (what === 'export')
      return { text: 'The audit log is exported on the command line: `trail-check audit export`.' };
    if (what === 'verify') return verifyMessage(await audit.verify(anchor));
    const story = await audit.story(fix ?? '');
    if (story === undefined)
      return { text: `${escapeText(noFix(fix))} Its id stands in \`${command} status\` and in its thread.` };
    const closed = await slack.access.target({ user: userId, channel: channelId }, story.fix.proposal.target);
    return closed === undefined ? storyMessage(story) : { text: closed };
  },
});

function noFix(id = ''): string {
  return `There is no fix "${id}".`;
}
