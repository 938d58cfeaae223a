import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { parseAnchor } from '../src/fixes/audit/anchors.ts';
import { storyText } from '../src/fixes/audit/print-story.ts';
import { verdictWords } from '../src/fixes/audit/words.ts';
import { redact } from '../src/ops/redact.ts';
import { AUDIT_FORMATS, exportAudit } from '../src/report/audit.ts';
import { printable } from '../src/report/text.ts';
import { storyMessage, verifyMessage } from '../src/slack/blocks/audit.ts';
import { escapeText } from '../src/slack/blocks/text.ts';

const DAY_MS = 24 * 3_600_000;
const anchor = z.string().transform((text, context) => {
  const parsed = parseAnchor(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: 'takes <sequence>:<hash>, as an anchor in the audit channel has it' });
  return z.NEVER;
});

/** A moment, or a day in UTC: `--to` takes all of that day. */
const moment = (dayAfter: number) =>
  z.string().transform((text, context) => {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
    const time = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
      ? Date.parse(text)
      : Number.NaN;
    if (!Number.isNaN(time)) return new Date(time + (day ? dayAfter * DAY_MS : 0));
    context.addIssue({ code: 'custom', message: 'takes a day (2026-11-02) or a moment (2026-11-02T09:00:00Z)' });
    return z.NEVER;
  });

const FORMATS = { verify: ['text', 'json'], export: AUDIT_FORMATS, show: ['text'] } as const;
const OPTIONS = {
  verify: ['anchor', 'format'],
  export: ['format', 'from', 'to', 'account', 'person'],
  show: [],
} as const satisfies { [what: string]: readonly string[] };

const args = z
  .strictObject({
    _: z.union(
      [z.tuple([z.literal('verify')]), z.tuple([z.literal('export')]), z.tuple([z.literal('show'), z.string()])],
      { error: 'takes verify, export, or show with the id of a fix' },
    ),
    anchor: z.array(anchor).default([]),
    format: z
      .enum(['text', 'json', 'jsonl', 'csv'], { error: 'takes text or json, for export jsonl or csv' })
      .optional(),
    from: moment(0).optional(),
    to: moment(1).optional(),
    account: z
      .string()
      .regex(/^\d{12}$/, 'takes an account id of twelve digits')
      .optional(),
    person: z.string().min(1).optional(),
  })
  .superRefine(({ _: [what], ...given }, context) => {
    const taken: readonly string[] = OPTIONS[what];
    for (const [name, value] of Object.entries(given)) {
      const there = Array.isArray(value) ? value.length > 0 : value !== undefined;
      if (there && !taken.includes(name))
        context.addIssue({ code: 'custom', path: [name], message: `is not for ${what}` });
    }
    const formats: readonly string[] = FORMATS[what];
    if (given.format !== undefined && taken.includes('format') && !formats.includes(given.format)) {
      context.addIssue({ code: 'custom', path: ['format'], message: `takes ${formats.join(' or ')} for ${what}` });
    }
  });

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
  args,

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
    if (format === 'json') terminal.out(`${JSON.stringify(verified.verdict)}\n`);
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
